"""Put a whole run of the benchmarks into the documentation: `python -m tools.onerun "a quiet machine with 2 cores"`.

It reads what `make bench` wrote, and writes the table "One run" of docs/reference/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.__main__ import RESULTS
from benchmarks.figures import Figure, row

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "benchmarks.md"
HEADING = "## One run\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("where", help="On what it ran, in words.")
    where: str = parser.parse_args().where
    if not RESULTS.exists():
        print("There are no results: run `make bench` first.", file=sys.stderr)
        return 1
    figures = [Figure(**figure) for figure in json.loads(RESULTS.read_text())]
    before, heading, _ = PAGE.read_text().partition(HEADING)
    if not heading:
        print(f"{PAGE.name} has no heading {HEADING.strip()!r}.", file=sys.stderr)
        return 1
    lines = [
        f"On {where}: an example of what is printed.",
        "",
        "| figure | value | ceiling | ratio | must | holds |",
        "|---|---:|---:|---:|---|---|",
        *map(line, figures),
    ]
    PAGE.write_text(before + heading + "\n" + "\n".join(lines) + "\n")
    return 0


def line(figure: Figure) -> str:
    name, value, unit, ceiling, *others = row(figure)
    behind = f" {unit}" if unit and unit not in {"queries", "cookies", "messages", "pages"} else ""
    cells = [name, value + behind, ceiling and ceiling + behind, *others]
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


if __name__ == "__main__":
    sys.exit(main())

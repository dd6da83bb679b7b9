"""The one command: measure, print, write results.json, and say by the exit code whether all that must hold does."""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
import traceback
from pathlib import Path

from benchmarks.figures import Figure, table
from benchmarks.measures import MEASURES
from benchmarks.stage import Stage

RESULTS = Path(__file__).parent / "results.json"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=[*MEASURES], help="Measure this alone (may be given several times)."
    )
    parser.add_argument("--quick", action="store_true", help="Short rounds, for development: the figures are rough.")
    options = parser.parse_args()
    begin = time.monotonic()
    # A thousand sockets, at both ends, are more than the usual soft limit.
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192 if hard == resource.RLIM_INFINITY else min(8192, hard), hard))
    figures: list[Figure] = []
    failed: list[str] = []
    with Stage() as stage:
        for name, measure in MEASURES.items():
            if not options.only or name in options.only:
                print(f"[{time.monotonic() - begin:5.0f} s] {name} …", file=sys.stderr, flush=True)
                try:
                    figures += measure(stage, options.quick)
                except Exception:
                    # Minutes of the other parts are not lost with it.
                    traceback.print_exc()
                    failed.append(name)
    print(table(figures))
    if options.quick or options.only or failed:
        print("\nA part, or in haste: not written down.")
    else:
        RESULTS.write_text(json.dumps([figure.as_dict() for figure in figures], indent=1) + "\n")
    broken = [figure.name for figure in figures if figure.holds is False]
    if broken:
        print(f"\nDoes not hold: {'; '.join(broken)}", file=sys.stderr)
    if failed:
        print(f"\nCould not be measured: {'; '.join(failed)}", file=sys.stderr)
    print(f"\nTook {time.monotonic() - begin:.0f} s.", file=sys.stderr)
    return 1 if broken or failed else 0


if __name__ == "__main__":
    sys.exit(main())

"""Make the databases that tests copy, where they are not there yet: `python -m tools.templates`."""

from __future__ import annotations

import subprocess
import sys

from tests.services import kept_postgres, seeded_template


def main() -> int:
    """Those of SQLite and of PostgreSQL side by side: on two cores they take as long as one of them."""
    if sys.argv[1:] == ["postgres"]:
        kept_postgres().stop()
        return 0
    beside = subprocess.Popen([sys.executable, "-m", "tools.templates", "postgres"])
    seeded_template()
    return beside.wait()


if __name__ == "__main__":
    sys.exit(main())

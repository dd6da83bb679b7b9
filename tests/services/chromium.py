"""Where Chromium is, and how it is started without a screen and without a word to the outside."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from tests.services.process import MissingServer

CHROMIUM_FLAGS = [
    "--no-sandbox",  # root, as in a container, cannot have one
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


HEADLESS_SHELL = "chromium-headless-shell"
"""The same engine without windows, menus and profiles: browser tests take a quarter less time with it."""


def chromium_path(*, with_windows: bool = False) -> str:
    """LIVECHAT_CHROMIUM, then PATH, then Playwright's own download.

    The one without windows comes first, unless somebody measures what people have.
    """
    if path := os.environ.get("LIVECHAT_CHROMIUM"):
        return path
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
    for name in names if with_windows else (HEADLESS_SHELL, *names):
        if path := shutil.which(name):
            return path
    cache = Path(
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH")
        or ("~/Library/Caches/ms-playwright" if sys.platform == "darwin" else "~/.cache/ms-playwright")
    ).expanduser()
    for pattern in ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/Chromium.app/Contents/MacOS/Chromium"):
        if found := sorted(cache.glob(pattern)):
            return str(found[-1])
    raise MissingServer("Chromium is missing: install the package chromium, or run `playwright install chromium`.")

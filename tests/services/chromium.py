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


def chromium_path() -> str:
    """LIVECHAT_CHROMIUM, then PATH, then Playwright's own download."""
    if path := os.environ.get("LIVECHAT_CHROMIUM"):
        return path
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"):
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

"""Sphinx's settings: Markdown through MyST, and every broken link an error (`make docs`)."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

project = "wagtail-livechat"
author = "wagtail-livechat contributors"
release = re.search(r'__version__ = "([^"]+)"', (ROOT / "wagtail_livechat" / "__init__.py").read_text())[1]

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
nitpicky = True
# An ellipsis in an example of SQL is for people; only the colouring of that block suffers.
suppress_warnings = ["misc.highlighting_failure"]

# Headings get anchors as on code hosts, so that [text](page.md#heading) works in both places.
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence", "deflist"]

html_theme = "furo"
html_title = f"wagtail-livechat {release}"
html_static_path = []

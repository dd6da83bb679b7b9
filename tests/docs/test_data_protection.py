"""The page on data protection names every table, and of each whether a visitor's data is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "data-protection.md"
APPS = ("wagtail_livechat", "wagtail_livechat_helpdesk")


@pytest.mark.covers("E4")
def test_every_table_is_named_once_and_no_other() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Every table")[2].partition("\n## ")[0]
    first_cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    named = [name for cell in first_cells for name in re.findall(r"`(\w+)`", cell)]

    there_are = [model.__name__ for app in APPS for model in apps.get_app_config(app).get_models()]

    assert sorted(named) == sorted(there_are)

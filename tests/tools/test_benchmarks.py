"""The parts of the benchmarks that fill tables past the models: they must go with the tables as migrations make them."""

from __future__ import annotations

import pytest

from tests.services import PostgresServer, copy_of, site_server

PARTS = {
    "logs": ("logs.fill(30); figures = logs.measure(30, rounds=1)", "logs: a rare word"),
    "statistics": (
        "statistics.fill(400); figures = statistics.measure(connection, 400, rounds=1)",
        "statistics: a year opens",
    ),
    "library": (
        "figures = library.measure(30, library.asked(library.fill(30), 5), rounds=1)",
        "suggestions over 30 articles",
    ),
}


@pytest.mark.postgres
@pytest.mark.parametrize("part", PARTS)
def test_a_part_fills_its_tables_and_has_figures(part: str, seeded_service: PostgresServer) -> None:
    statements, figure = PARTS[part]
    script = f"""
from django.db import connection
from benchmarks import {part}
{statements}
print([figure.name for figure in figures])
"""
    site = site_server(database_url=copy_of(seeded_service))
    try:
        assert figure in site.manage("shell", "--command", script)
    finally:
        site.stop()

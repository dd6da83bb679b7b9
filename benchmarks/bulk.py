"""For the parts that need a great many rows: how many, made by the database itself, and pages over them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from time import perf_counter
from typing import Any

from benchmarks.figures import Figure


def size(variable: str, default: int, quick: bool) -> int:
    """How many rows: what the environment says, or else the default, or in haste a tenth of that."""
    return int(os.environ.get(variable) or (default // 10 if quick else default))


def insert(model: Any, values: dict[str, str], source: str) -> None:
    """Rows of a table with one statement. ``values`` has SQL for columns that matter; the rest is empty.

    Keys are not looked after meanwhile: they fit, and to check each of each row would be most of the time.
    """
    from django.db import connection

    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    rows = ", ".join(values.get(field.column) or _empty(field) for field in fields)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {rows} FROM {source}")
        cursor.execute("SET session_replication_role = origin")


def _empty(field: Any) -> str:
    """What a column holds that nothing here is about."""
    if field.null:
        return "NULL"
    empty = {"CharField": "''", "TextField": "''", "BooleanField": "false", "JSONField": "'{}'"}
    return empty.get(field.get_internal_type(), "0")


def array(keys: Iterable[int]) -> str:
    return f"(ARRAY{list(keys)})"


def analyze(*models: Any) -> None:
    """Have PostgreSQL know what is in these tables; in all of them, if none is named."""
    from django.db import connection

    with connection.cursor() as cursor:
        for table in [model._meta.db_table for model in models] or [""]:
            cursor.execute(f"ANALYZE {table}")


def timed(client: Any, address: str, query: dict[str, str] | None = None) -> tuple[float, bytes]:
    """How long a page took, in milliseconds, and the page. Raises RuntimeError if there is none."""
    begin = perf_counter()
    answer = client.get(address, query or {})
    took = (perf_counter() - begin) * 1000
    if answer.status_code != 200:
        raise RuntimeError(f"{address} {query or ''}: {answer.status_code}")
    return took, answer.content


def took(part: str, seconds: float, filled: float) -> Figure:
    """A figure that says how long a part took, so that its size can be chosen."""
    return Figure(f"{part}: this part took", seconds, "s", None, None, None, None, f"{filled:.0f} s to fill the tables")

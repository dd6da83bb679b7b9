"""Tables as files that a spreadsheet opens: CSV and XLSX, in which nothing that somebody wrote is a formula. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

# What XML 1.0 has no place for, lone surrogates among it; openpyxl refuses a part of it, spreadsheets the rest.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_FORMULA = re.compile(r"^[\s\u200b-\u200f\u202a-\u202e\ufeff]*[=+\-@|%\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NOT_IN_A_SHEETS_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f']")
LONGEST = 32_767
"""Characters of a cell, in XLSX."""


@dataclass(frozen=True)
class Table:
    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]] = field(default_factory=list)


def defused(value: Any) -> Any:
    """A value for a cell. Numbers stay numbers; text that a spreadsheet would calculate begins with an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = _NOT_IN_XML.sub("", str(value))
    return (f"'{text}" if _FORMULA.match(text) else text)[:LONGEST]


def as_csv(table: Table) -> bytes:
    """UTF-8 with the mark by which spreadsheets know it."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([defused(column) for column in table.columns])
    writer.writerows([defused(value) for value in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(tables: Iterable[Table]) -> bytes:
    """A workbook with a sheet for each table."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    del book[book.active.title]
    for table in tables:
        sheet = book.create_sheet(_NOT_IN_A_SHEETS_NAME.sub(" ", table.name)[:31] or None)
        rows = [[defused(column) for column in table.columns], *([defused(v) for v in row] for row in table.rows)]
        for number, row in enumerate(rows, 1):
            for place, value in enumerate(row, 1):
                cell = sheet.cell(number, place, value)
                if isinstance(value, str):
                    cell.data_type = "s"
                if number == 1:
                    cell.font = Font(bold=True)
        for place in range(len(table.columns)):
            widest = max((len(str(row[place])) for row in rows[:200] if place < len(row)), default=8)
            sheet.column_dimensions[get_column_letter(place + 1)].width = min(60, widest + 2)
        sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()

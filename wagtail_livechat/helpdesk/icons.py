"""The gallery of icons for categories: simple line drawings of our own, 24 by 24, drawn with the colour of the text.

A drawing is one or more paths, so that a page can inline it and the widget can make it from data; there is no file to
fetch and nothing to sanitise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

BOX = "0 0 24 24"


@dataclass(frozen=True, slots=True)
class Icon:
    name: str
    label: str | Promise
    paths: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {"box": BOX, "paths": list(self.paths)}

    def as_svg(self, classes: str = "lch-icon") -> SafeString:
        """The drawing as markup; it says nothing that its neighbour's text does not, so it is hidden from readers."""
        return format_html(
            '<svg class="{}" viewBox="{}" width="24" height="24" fill="none" stroke="currentColor" stroke-width="1.75"'
            ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">{}</svg>',
            classes,
            BOX,
            format_html_join("", '<path d="{}"/>', ((path,) for path in self.paths)),
        )

    def as_tile(self, color: str, ink: str, classes: str = "lch-tile") -> SafeString:
        """The drawing on a square of ``color``. Attributes, not styles, so that a strict policy lets the colours through."""
        return format_html(
            '<svg class="{}" viewBox="0 0 48 48" width="48" height="48" aria-hidden="true" focusable="false">'
            '<rect width="48" height="48" rx="12" fill="{}"/><g transform="translate(12 12)" fill="none" stroke="{}"'
            ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{}</g></svg>',
            classes,
            color,
            ink,
            format_html_join("", '<path d="{}"/>', ((path,) for path in self.paths)),
        )


def circle(x: float, y: float, radius: float) -> str:
    """A circle as a path."""
    return f"M{x - radius:g} {y:g}a{radius:g} {radius:g} 0 1 0 {2 * radius:g} 0a{radius:g} {radius:g} 0 1 0 {-2 * radius:g} 0"


DEFAULT = "question"

GALLERY: dict[str, Icon] = {
    name: Icon(name, label, tuple(paths))
    for name, label, *paths in (
        ("question", _("Question"), circle(12, 12, 9), "M9.3 9.3a2.8 2.8 0 1 1 4 2.5c-.9.5-1.3 1-1.3 2", "M12 17v.01"),
        ("book", _("Book"), "M12 6.5C10 5 7 4.5 3.5 4.5v13.5c3.5 0 6.5.5 8.5 2 2-1.5 5-2 8.5-2V4.5C17 4.5 14 5 12 6.5z", "M12 6.5V20"),
        ("start", _("First steps"), "M6 21V4", "M6 4.5h11l-2.5 3.75L17 12H6"),
        ("cart", _("Shopping"), "M3 4h2.5l2.3 11h9.9l2-8H6.2", circle(9, 19.5, 1.25), circle(16.5, 19.5, 1.25)),
        ("box", _("Parcel"), "M3.5 7.5 12 3l8.5 4.5v9L12 21l-8.5-4.5z", "M3.5 7.5 12 12l8.5-4.5", "M12 12v9"),
        ("truck", _("Delivery"), "M2.5 6h11v10h-11z", "M13.5 9.5h4l3.5 3.5v3h-7.5", circle(7, 17.5, 1.9), circle(17, 17.5, 1.9)),
        ("return", _("Returns"), "M8.5 5 4 9.5 8.5 14", "M4 9.5h10.5a5 5 0 0 1 0 10H9"),
        ("card", _("Payment"), "M3 6.5h18v11.5H3z", "M3 10.5h18", "M6.5 15h4"),
        ("receipt", _("Receipt"), "M6 3.5h12v17l-2-1.3-2 1.3-2-1.3-2 1.3-2-1.3-2 1.3z", "M9 8.5h6", "M9 12.5h6"),
        ("tag", _("Price"), "M3.5 12.5v-9h9l8 8-9 9z", circle(8, 8, 1.25)),
        ("person", _("Account"), circle(12, 8, 4), "M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6"),
        ("people", _("People"), circle(9, 8.5, 3.5), "M2.5 20c.6-3.6 3.2-5.5 6.5-5.5s5.9 1.9 6.5 5.5", "M15.5 5.3a3.5 3.5 0 0 1 0 6.4", "M18 15.2c1.9.8 3.1 2.4 3.5 4.8"),
        ("lock", _("Security"), "M5 11h14v9.5H5z", "M8 11V7.5a4 4 0 0 1 8 0V11", "M12 15v2"),
        ("shield", _("Guarantee"), "M12 3l8 2.5v6c0 4.7-3.2 8-8 9.5-4.8-1.5-8-4.8-8-9.5v-6z", "M8.5 11.8l2.5 2.5 4.5-4.8"),
        ("wrench", _("Repairs"), "M14.5 9.5 5 19l-1.5-1.5a1.4 1.4 0 0 1 0-2L12 8", "M14.6 9.5a4.5 4.5 0 0 0 5.8-5.8L17.5 6.5l-2-.5-.5-2 2.8-2.9A4.5 4.5 0 0 0 12 8"),
        ("gear", _("Settings"), circle(12, 12, 3.25), "M12 3v2.75M12 18.25V21M3 12h2.75M18.25 12H21M5.64 5.64l1.94 1.94M16.42 16.42l1.94 1.94M18.36 5.64l-1.94 1.94M7.58 16.42l-1.94 1.94"),
        ("bolt", _("Quick help"), "M13 2.5 5 13.5h6l-1 8 8-11h-6z"),
        ("chat", _("Conversation"), "M4 5h16v11h-9l-4.5 4v-4H4z", "M8 9h8M8 12.5h5"),
        ("mail", _("Letter"), "M3 5.5h18v13H3z", "M3.5 6.5 12 13l8.5-6.5"),
        ("phone", _("Telephone"), "M5.5 3.5h3.3l1.7 4.3-2 1.7a12 12 0 0 0 6 6l1.7-2 4.3 1.7v3.3a2 2 0 0 1-2 2C10.6 20.5 3.5 13.4 3.5 5.5a2 2 0 0 1 2-2z"),
        ("clock", _("Times"), circle(12, 12, 9), "M12 7v5.5l3.5 2"),
        ("calendar", _("Dates"), "M3.5 5.5h17v15h-17z", "M3.5 10h17", "M8 3v4M16 3v4"),
        ("map", _("Places"), "M12 21c-4.5-4.7-7-8.2-7-11.5a7 7 0 0 1 14 0c0 3.3-2.5 6.8-7 11.5z", circle(12, 9.5, 2.5)),
        ("home", _("Home"), "M3.5 11 12 4l8.5 7", "M5.5 9.5v11h13v-11", "M10 20.5v-6h4v6"),
        ("heart", _("Favourites"), "M12 20.5C5.5 16 3 12.7 3 9.3a4.7 4.7 0 0 1 9-2 4.7 4.7 0 0 1 9 2c0 3.4-2.5 6.7-9 11.2z"),
        ("leaf", _("Nature"), "M4.5 19.5C3.5 10 9 4 20 4c.5 10-5 16.5-14 14", "M4.5 19.5C7 14.5 10.5 11.5 15 9.5"),
        ("gift", _("Gifts"), "M4.5 11.5h15v9h-15z", "M3 7.5h18v4H3z", "M12 7.5v13", "M12 7.5C9 7.5 7 6.5 7 5s1.3-2 2.3-2C11 3 12 5.5 12 7.5zM12 7.5c3 0 5-1 5-2.5s-1.3-2-2.3-2C13 3 12 5.5 12 7.5z"),
        ("star", _("Quality"), "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-2.9-5.3 2.9 1.1-6L3.4 9.8l6-.8z"),
        ("camera", _("Pictures"), "M3 7.5h4.5l1.5-2.5h6l1.5 2.5H21v12H3z", circle(12, 13, 3.75)),
        ("play", _("Video"), "M3 5h18v14H3z", "M10 9v6l5-3z"),
        ("file", _("Documents"), "M6 3h8l4.5 4.5V21H6z", "M13.5 3v5h5", "M9 13h6.5M9 17h6.5"),
        ("globe", _("Worldwide"), circle(12, 12, 9), "M3 12h18", "M12 3c3 2.7 4 5.7 4 9s-1 6.3-4 9c-3-2.7-4-5.7-4-9s1-6.3 4-9z"),
    )
}  # fmt: skip


def icon(name: str) -> Icon:
    """The icon of that name; a question mark where there is none."""
    return GALLERY.get(name) or GALLERY[DEFAULT]


def choices() -> list[tuple[str, str | Promise]]:
    return [(one.name, one.label) for one in GALLERY.values()]

"""HTML as a tree of what the widget may draw. Pure.

The widget makes elements from this tree, so what is not in the two tables below cannot reach a visitor's page, whoever
wrote it: the browser never parses markup of ours. A node is a text or ``[tag, attributes, nodes]``.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

Node = str | list[Any]

DROPPED = frozenset(
    [
        "script",
        "style",
        "iframe",
        "object",
        "embed",
        "applet",
        "noscript",
        "template",
        "svg",
        "math",
        "form",
        "input",
        "button",
        "select",
        "textarea",
        "option",
        "head",
        "title",
    ]
)
"""Gone with all that is in them. Any other tag that is not allowed is only taken off its content."""
VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
GLOBAL = frozenset({"class"})
TAGS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        [
            "p",
            "h2",
            "h3",
            "h4",
            "ul",
            "li",
            "b",
            "strong",
            "i",
            "em",
            "code",
            "pre",
            "blockquote",
            "br",
            "hr",
            "figure",
            "figcaption",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "details",
            "summary",
            "div",
        ],
        frozenset(),
    ),
    "ol": frozenset({"start"}),
    "a": frozenset({"href"}),
    "img": frozenset({"src", "alt", "width", "height"}),
    "video": frozenset({"src", "poster", "controls", "width", "height"}),
    "source": frozenset({"src"}),
}
CLASSES = frozenset({"callout", "callout-info", "callout-tip", "callout-warning", "steps", "embed"})
"""Names that our own templates give."""
LINKS = frozenset({"http", "https", "mailto", "tel"})
FILES = frozenset({"http", "https"})
DEPTH = 40
"""Deeper markup is flattened, so that no client runs out of stack."""

_IGNORED_IN_ADDRESSES = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_NUMBER = re.compile(r"[0-9]{1,5}")


def safe_address(address: str, schemes: frozenset[str] = LINKS) -> str | None:
    """The address, if a click on it can only lead somewhere: one of the schemes, or a path or fragment of this site."""
    # Browsers leave control characters out when they look for the scheme, and take \ for /.
    address = _IGNORED_IN_ADDRESSES.sub("", address).replace("\\", "/")
    scheme = _SCHEME.match(address)
    if scheme:
        return address if scheme[1].lower() in schemes else None
    if address.startswith("//"):
        return f"https:{address}"
    return address if address[:1] in ("/", "#", "?") else None


def nodes_of(html: str) -> list[Node]:
    """The tree of ``html``, by the tables above. Never raises, whatever it is given."""
    reader = _Reader()
    reader.feed(html.replace("\x00", ""))
    reader.close()
    return _tidy(reader.root)


def text_of(nodes: list[Node]) -> str:
    """All text, blocks apart: for excerpts and for pasting."""
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(_texts(nodes))).strip()


def _texts(nodes: list[Node]) -> list[str]:
    found: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            found.append(re.sub(r"\s+", " ", node))
            continue
        tag, _, children = node
        if tag == "br":
            found.append("\n")
            continue
        found += _texts(children)
        if tag not in ("a", "b", "strong", "i", "em", "code", "img"):
            found.append("\n")
    return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: list[Node] = []
        self.open: list[tuple[str, list[Node]]] = []
        self.dropping: list[str] = []

    @property
    def here(self) -> list[Node]:
        return self.open[-1][1] if self.open else self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.append(tag)
            return
        if tag in DROPPED:
            if tag not in VOID:
                self.dropping.append(tag)
            return
        if tag not in TAGS or (len(self.open) >= DEPTH and tag not in VOID):
            return
        allowed = attributes(tag, attrs)
        if allowed is None:
            return
        children: list[Node] = []
        self.here.append([tag, allowed, children])
        if tag not in VOID:
            self.open.append((tag, children))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.pop()
            return
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][0] == tag:
                del self.open[index:]
                return

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            self.here.append(data)


def attributes(tag: str, given: list[tuple[str, str | None]]) -> dict[str, str] | None:
    """Those that are allowed, checked. None: without what was refused, the tag is nothing."""
    found: dict[str, str] = {}
    for name, value in given:
        value = value or ""
        if (name not in TAGS[tag] and name not in GLOBAL) or name in found:
            continue
        if name == "class":
            value = " ".join(one for one in value.split() if one in CLASSES)
        elif name in ("href", "src", "poster"):
            value = safe_address(value, LINKS if name == "href" else FILES) or ""
        elif name in ("width", "height", "start"):
            value = value if _NUMBER.fullmatch(value) else ""
        elif name == "alt":
            found[name] = value
        elif name == "controls":
            value = "controls"
        if value:
            found[name] = value
    if tag == "img" and "src" not in found:
        return None
    if tag == "a" and "href" not in found:
        return None
    return found


def _tidy(nodes: list[Node]) -> list[Node]:
    """Neighbouring texts are one; white space between blocks, empty paragraphs and bare wrappers are nothing."""
    joined: list[Node] = []
    for node in nodes:
        if isinstance(node, str):
            if joined and isinstance(joined[-1], str):
                joined[-1] += node
            else:
                joined.append(node)
            continue
        node = [node[0], node[1], _tidy(node[2]) if node[0] != "pre" else node[2]]
        if node[0] in ("p", "div", "figcaption", "li") and not node[2]:
            continue
        if node[0] == "div" and not node[1]:
            # What only holds things together, such as Wagtail's wrapper of a block, says nothing.
            joined += node[2]
            continue
        joined.append(node)
    blocks = any(not isinstance(node, str) and node[0] in _BLOCKS for node in joined)
    return [node for node in joined if not (blocks and isinstance(node, str) and not node.strip())]


_BLOCKS = TAGS.keys() - {"a", "b", "strong", "i", "em", "code", "br", "img"}

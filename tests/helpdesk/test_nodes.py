"""Whatever is stored, the widget is given nothing but what it may draw."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wagtail_livechat.helpdesk.nodes import CLASSES, DROPPED, TAGS, nodes_of, safe_address, text_of

HOSTILE = [
    "<script>alert(1)</script>",
    "<p onclick=alert(1)>a</p>",
    '<a href="javascript:alert(1)">a</a>',
    '<a href="java\tscript:alert(1)">a</a>',
    '<a href=" &#1;javascript:alert(1)">a</a>',
    '<a href="JaVaScRiPt&colon;alert(1)">a</a>',
    '<a href="data:text/html,<script>1</script>">a</a>',
    '<a href="vbscript:x">a</a>',
    "<iframe src=https://elsewhere.example></iframe>",
    "<svg><script>alert(1)</script></svg>",
    "<math><a xlink:href='javascript:1'>x</a></math>",
    '<img src=x onerror="alert(1)">',
    '<img src="javascript:alert(1)">',
    '<video src="data:video/mp4;base64,x" onplay=alert(1) autoplay controls></video>',
    '<div style="background:url(//elsewhere.example)" class="callout lc-open">x</div>',
    "<p id=x name=y tabindex=1 slot=z part=q>x</p>",
    "<form action=/x><input name=a><button>b</button></form>",
    "<p><![CDATA[<script>1</script>]]></p>",
    "<!--<script>--><script>1</script>",
    "<sc<script>ript>alert(1)</sc</script>ript>",
    "<p><b><i>unclosed <p>mixed</b></i>",
    "<ol start=javascript:1><li>x</ol>",
    "<style>*{display:none}</style><link rel=stylesheet href=//e><base href=//e><meta http-equiv=refresh>",
    "<template><script>1</script></template>",
    "</script></style></p>" * 3,
    "<" * 50 + ">" * 50,
    "<p>" * 200 + "deep",
]


def check(node: Any, depth: int = 0) -> None:
    """By hand, and by other means than the code: a list of what may be, and of what an address may look like."""
    if isinstance(node, str):
        return
    assert depth < 60
    tag, attributes, children = node
    assert tag in TAGS and tag not in DROPPED
    for name, value in attributes.items():
        assert name in {"href", "src", "alt", "width", "height", "class", "start", "controls", "poster"}
        assert isinstance(value, str)
        if name == "class":
            assert set(value.split()) <= CLASSES
        if name in ("href", "src", "poster"):
            assert re.match(r"(https?:|mailto:|tel:)", value, re.IGNORECASE) or value[0] in "/#?", value
            assert not value.startswith(("//", "/\\"))
            if name != "href":
                assert not re.match(r"(mailto|tel):", value, re.IGNORECASE)
        if name in ("width", "height", "start"):
            assert value.isdigit()
    for child in children:
        check(child, depth + 1)


PIECES = st.sampled_from(
    [*HOSTILE, "text", "<p>", "</p>", "<ul><li>", '<a href="', '">', "<b>", "</b>", "&lt;", "\x00"]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=12).map("".join))
@example("".join(HOSTILE))
def test_no_script_handler_frame_or_address_that_runs_gets_through(html: str) -> None:
    nodes = nodes_of(html)

    for node in nodes:
        check(node)
    json.dumps(nodes)
    text_of(nodes)


@pytest.mark.parametrize("html", HOSTILE)
def test_what_is_hostile_leaves_only_text(html: str) -> None:
    nodes = nodes_of(html)

    for node in nodes:
        check(node)
    assert "alert" not in json.dumps([node for node in nodes if not isinstance(node, str)]) or "<sc" in html


def test_rich_text_keeps_its_form() -> None:
    html = (
        '<h3>Returns</h3>\n<p>Within <b>30 days</b>, by <a href="/delivery/">post</a> or '
        '<a href="https://post.example/a?b=1&amp;c=2">here</a>.<br/>Free.</p>'
        '<ul>\n<li>One</li>\n<li>Two</li></ul><img src="/media/a.png" width="10" height="20" alt="A &quot;parcel&quot;">'
    )

    assert nodes_of(html) == [
        ["h3", {}, ["Returns"]],
        [
            "p",
            {},
            [
                "Within ",
                ["b", {}, ["30 days"]],
                ", by ",
                ["a", {"href": "/delivery/"}, ["post"]],
                " or ",
                ["a", {"href": "https://post.example/a?b=1&c=2"}, ["here"]],
                ".",
                ["br", {}, []],
                "Free.",
            ],
        ],
        ["ul", {}, [["li", {}, ["One"]], ["li", {}, ["Two"]]]],
        ["img", {"src": "/media/a.png", "width": "10", "height": "20", "alt": 'A "parcel"'}, []],
    ]


def test_code_keeps_its_line_breaks() -> None:
    assert nodes_of("<pre><code>if x:\n    y &lt; 1\n\n</code></pre>") == [
        ["pre", {}, [["code", {}, ["if x:\n    y < 1\n\n"]]]]
    ]


def test_text_of_nodes_reads_like_the_page() -> None:
    html = "<h3>Post</h3><p>Take <b>this</b><br>and that.</p><ol><li>One</li><li>Two</li></ol>"

    assert text_of(nodes_of(html)) == "Post\nTake this\nand that.\nOne\nTwo"


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://shop.example/a", "https://shop.example/a"),
        ("mailto:a@shop.example", "mailto:a@shop.example"),
        ("tel:+4612345", "tel:+4612345"),
        ("/a/b?c#d", "/a/b?c#d"),
        ("#part", "#part"),
        ("//elsewhere.example/x", "https://elsewhere.example/x"),
        ("\\\\elsewhere.example", "https://elsewhere.example"),
        ("javascript:alert(1)", None),
        ("\x01java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("ftp://elsewhere.example", None),
        ("relative/path", None),
        ("", None),
    ],
)
def test_an_address_leads_somewhere_or_is_none(address: str, safe: str | None) -> None:
    assert safe_address(address) == safe

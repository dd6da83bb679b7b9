"""Files that strangers send."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from wagtail_livechat.attachments import TYPES, BadFile, check, clean_name

ALL = frozenset(TYPES)


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return made.getvalue()


def packed(*names: str, mimetype: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype)
        for name in names:
            archive.writestr(name, "<x/>")
    return made.getvalue()


def refusal(name: str, content: bytes, *, allowed: frozenset[str] = ALL, limit: int = 1_000_000) -> str | None:
    try:
        check(name, content, allowed=allowed, limit=limit)
    except BadFile as error:
        return error.reason
    return None


@pytest.mark.covers("A8")
@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("photo.JPG", picture("JPEG")),
        ("shot.png", picture()),
        ("still.gif", picture("GIF")),
        ("photo.webp", picture("WEBP")),
        ("invoice.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF"),
        ("notes.txt", "Åtta räksmörgåsar\r\n".encode()),
        ("orders.csv", b"number;size\n17;M\n"),
        ("letter.docx", packed("[Content_Types].xml", "word/document.xml")),
        ("sheet.xlsx", packed("[Content_Types].xml", "xl/workbook.xml")),
        ("letter.odt", packed("content.xml", mimetype=TYPES["odt"])),
    ],
)
def test_what_is_what_it_says_it_is_is_taken(name: str, content: bytes) -> None:
    kept = check(name, content, allowed=ALL, limit=1_000_000)

    assert kept.content_type == TYPES[name.rpartition(".")[2].lower()]
    assert kept.name == name


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("page.html", b"<script>alert(1)</script>", "type"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        ("program.exe", b"MZ\x90\x00", "type"),
        ("nothing", b"x", "type"),
        ("photo.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "type"),
        ("photo.jpg", picture("PNG"), "type"),
        ("photo.png", picture()[:60], "broken"),
        ("invoice.pdf", b"<html>%PDF-1.7", "type"),
        ("invoice.pdf", b"GIF89a", "type"),
        ("notes.txt", b"MZ\x90\x00\x03", "type"),
        ("letter.docx", packed("word/document.xml"), "type"),
        ("letter.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "type"),
        ("letter.docx", b"PK\x03\x04 and nothing else", "type"),
        ("letter.odt", packed("content.xml", mimetype="text/html"), "type"),
        ("empty.txt", b"", "empty"),
        ("long.txt", b"x" * 1_000_001, "too_large"),
    ],
)
def test_what_is_not_is_refused_with_the_reason(name: str, content: bytes, reason: str) -> None:
    assert refusal(name, content) == reason


def test_what_the_site_does_not_allow_is_refused() -> None:
    assert refusal("invoice.pdf", b"%PDF-1.7\n", allowed=frozenset({"png"})) == "type"
    assert refusal("photo.png", picture(), allowed=frozenset()) == "type"


def test_a_picture_is_drawn_anew_and_tells_nothing_else() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SECRET camera"
    exif[0x0112] = 6  # turned by a quarter
    sent = picture("JPEG", exif=exif) + b"<script>SECRET</script>"

    kept = check("photo.jpg", sent, allowed=ALL, limit=1_000_000)

    assert b"SECRET" not in kept.content
    assert (kept.width, kept.height) == (30, 40), "upright"
    assert not Image.open(io.BytesIO(kept.content)).getexif()


def test_a_transparent_picture_stays_transparent_and_a_moving_one_moves() -> None:
    made = io.BytesIO()
    Image.new("RGBA", (4, 4), (0, 0, 0, 0)).save(made, "PNG")
    clear = check("clear.png", made.getvalue(), allowed=ALL, limit=1_000_000)
    frames = [Image.new("P", (4, 4), color) for color in (0, 1, 2)]
    for number, frame in enumerate(frames):
        frame.putpalette([number * 80] * 768)
    made = io.BytesIO()
    frames[0].save(made, "GIF", save_all=True, append_images=frames[1:], duration=50)
    moving = check("moving.gif", made.getvalue(), allowed=ALL, limit=1_000_000)

    assert Image.open(io.BytesIO(clear.content)).getpixel((0, 0))[3] == 0  # type: ignore[index]
    assert Image.open(io.BytesIO(moving.content)).n_frames == 3  # type: ignore[attr-defined]


def test_a_bomb_is_too_large() -> None:
    made = io.BytesIO()
    Image.new("1", (9_000, 9_000)).save(made, "PNG", optimize=True)

    assert len(made.getvalue()) < 100_000
    assert refusal("bomb.png", made.getvalue()) == "too_large"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\photo.png", "photo.png"),
        ("exe\u202egnp.txt", "exegnp.txt"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ('x"><script>.txt', "x___script_.txt"),
        ("...", "file"),
        ("", "file"),
        ("räksmörgås.txt", "räksmörgås.txt"),
    ],
)
def test_a_name_is_only_a_name(name: str, shown: str) -> None:
    assert clean_name(name) == shown


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300))
def test_any_name_is_short_stays_as_it_is_and_fits_a_header(name: str) -> None:
    shown = clean_name(name)

    assert 0 < len(shown) <= 120
    assert clean_name(shown) == shown
    assert shown.isprintable() or " " in shown or shown
    assert not set(shown) & set('/\\<>:"|?*\r\n\x00')

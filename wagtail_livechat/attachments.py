"""Is this file what it says it is, and fit to be kept? Pure: bytes in, bytes out.

The name decides what a file claims to be, its content whether that is so. Pictures are drawn anew, which leaves nothing of a
file that is a picture and something else too, and nothing of where and with what it was taken.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
import zipfile
from dataclasses import dataclass

import puremagic
from PIL import Image, ImageOps, UnidentifiedImageError

TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "pdf": "application/pdf",
    "txt": "text/plain",
    "csv": "text/csv",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
}
"""Ending -> type of all that can be allowed. Nothing that a browser would run is among them."""

PICTURES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}
MAX_PIXELS = 50_000_000
MAX_FRAMES = 200
MAX_UNPACKED = 200_000_000
"""Bytes that an office file may unpack to."""
NAME_LENGTH = 120


class BadFile(Exception):
    """``reason``: ``type`` (not allowed, or not what it says), ``broken``, ``empty`` or ``too_large``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class CheckedFile:
    name: str
    content: bytes
    content_type: str
    width: int | None = None
    height: int | None = None


def clean_name(name: str) -> str:
    """A file's name as it can be shown and stored anywhere: no path, no control or direction-changing characters."""
    name = re.split(r"[/\\]", name)[-1]
    name = "".join(
        c
        for c in unicodedata.normalize("NFC", name)
        if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if dot and len(name) > NAME_LENGTH:
        name = f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending[:10]}"
    return name[:NAME_LENGTH] or "file"


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def check(name: str, content: bytes, *, allowed: frozenset[str], limit: int) -> CheckedFile:
    """The file as it is to be kept. ``allowed``: endings; ``limit``: bytes. Raises BadFile."""
    name = clean_name(name)
    ending = ending_of(name)
    if ending not in allowed or ending not in TYPES:
        raise BadFile("type")
    if len(content) > limit:
        raise BadFile("too_large")
    if not content:
        raise BadFile("empty")
    if ending in PICTURES:
        return _picture(name, content, ending)
    if ending == "pdf":
        fits = content.startswith(b"%PDF-") and "application/pdf" in _guesses(content)
    elif ending in ("txt", "csv"):
        fits = _is_text(content)
    else:
        fits = _is_office(content, ending)
    if not fits:
        raise BadFile("type")
    return CheckedFile(name, content, TYPES[ending])


def _guesses(content: bytes) -> set[str]:
    try:
        return {match.mime_type for match in puremagic.magic_string(content)}
    except (puremagic.PureError, ValueError):
        return set()


def _picture(name: str, content: bytes, ending: str) -> CheckedFile:
    kind = PICTURES[ending]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            # The format is given: no other decoder is tried, whatever the file would like.
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                frames = getattr(picture, "n_frames", 1)
                if picture.width * picture.height * frames > MAX_PIXELS or frames > MAX_FRAMES:
                    raise BadFile("too_large")
                drawn = io.BytesIO()
                if frames > 1 and kind in ("GIF", "WEBP"):
                    picture.save(drawn, kind, save_all=True, exif=b"", icc_profile=None)
                    size = picture.size
                else:
                    upright = ImageOps.exif_transpose(picture)
                    if kind == "JPEG" and upright.mode not in ("L", "RGB"):
                        upright = upright.convert("RGB")
                    upright.info = {key: value for key, value in upright.info.items() if key == "transparency"}
                    upright.save(drawn, kind, **({"quality": 88} if kind in ("JPEG", "WEBP") else {}))
                    size = upright.size
    except BadFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise BadFile("too_large") from error
    except UnidentifiedImageError as error:
        raise BadFile("type") from error
    except Exception as error:  # What a decoder makes of a broken file is anybody's guess.
        raise BadFile("broken") from error
    return CheckedFile(name, drawn.getvalue(), TYPES[ending], *size)


def _is_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    return not re.search("[\x00-\x08\x0e-\x1f]", text)


_INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "odt": "content.xml", "ods": "content.xml"}


def _is_office(content: bytes, ending: str) -> bool:
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED:
                raise BadFile("too_large")
            names = set(packed.namelist())
            # A macro is a program, whatever the ending says.
            if _INSIDE[ending] not in names or any(name.lower().endswith("vbaproject.bin") for name in names):
                return False
            if ending in ("odt", "ods"):
                return packed.read("mimetype").decode("ascii", "replace").strip() == TYPES[ending]
            return "[Content_Types].xml" in names
    except (zipfile.BadZipFile, KeyError, NotImplementedError, RuntimeError):
        return False

"""What a link or a button on a page says that opens the chat: for which department, and with which first words.

Whoever looks at the page may read it, and change it in their own browser. So the department is signed: only one that an
editor chose is taken. The signature has no time in it, so that pages can be cached for as long as anybody likes.
"""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

SALT = "wagtail_livechat.opener"
TEXT_MAX_LENGTH = 300
"""Characters of the first words."""


def token(department: int | str | None) -> str:
    """What goes into ``data-livechat-open``: the department, so that it is believed; empty for none."""
    return Signer(salt=SALT).sign(str(int(department))) if department else ""


def department(opener: str) -> int | None:
    """The department in a token, None where there is none or it is not ours."""
    try:
        return int(Signer(salt=SALT).unsign(opener)) if opener else None
    except (BadSignature, ValueError):
        return None


def words(sentence: str, page_title: str) -> str:
    """The first words with ``<page>`` filled in."""
    return sentence.replace("<page>", page_title).strip()[:TEXT_MAX_LENGTH]


def attributes(department: int | str | None = None, sentence: str = "", page_title: str = "") -> dict[str, str]:
    """The attributes of an element that opens the chat."""
    text = words(sentence, page_title)
    return {"data-livechat-open": token(department), **({"data-livechat-text": text} if text else {})}


def href(address: str) -> str:
    """Where it leads without the chat, if that is a place a link may lead to: this site, http(s), mail or telephone."""
    address = address.strip()
    is_path = address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if is_path or address.lower().startswith(("https://", "http://", "mailto:", "tel:")) else ""

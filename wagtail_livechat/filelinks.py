"""The address of a file, for one reader. A visitor's is signed, since an <img> brings no token; it is good for a day or two.

The signature names the file, the visitor and the day, so that it stays the same from poll to poll. An operator's is not
signed: their session is asked.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.core.signing import BadSignature, Signer
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from .permissions import OperatorActor, VisitorActor

_signer = Signer(salt="wagtail_livechat.file")


def address(reader: VisitorActor | OperatorActor, file: str) -> str | None:
    """Where ``reader`` gets the file with this UUID. The caller has checked that they may see its entry."""
    try:
        if isinstance(reader, OperatorActor):
            return reverse("wagtail_livechat_desk:file", args=[file])
        return (
            f"{reverse('wagtail_livechat:file', args=[file])}?s={_sign(file, reader.visitor_id, timezone.now().date())}"
        )
    except NoReverseMatch:
        return None


def _sign(file: str, visitor_id: int, day: date) -> str:
    return f"{visitor_id}.{_signer.signature(f'{file}:{visitor_id}:{day.isoformat()}')}"


def visitor_of(file: str, signature: str) -> int:
    """The visitor to whom this address of the file was given, today or yesterday. Raises BadSignature."""
    visitor, _, rest = signature.partition(".")
    if not visitor.isascii() or not visitor.isdigit() or len(visitor) > 18 or not rest:
        raise BadSignature("not one of ours")
    today = timezone.now().date()
    for day in (today, today - timedelta(days=1)):
        try:
            _signer.unsign(f"{file}:{int(visitor)}:{day.isoformat()}:{rest}")
        except BadSignature:
            continue
        return int(visitor)
    raise BadSignature("too old, or not one of ours")

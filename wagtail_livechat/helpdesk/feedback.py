"""Did this help? Votes of readers, taken and looked up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from django.utils import timezone
from django.utils.crypto import salted_hmac
from wagtail.models import Revision

from .. import protocol as p
from .. import veils
from ..exceptions import BadInput
from . import reading
from .models import Feedback
from .models.feedback import COMMENT_MAX_LENGTH

Kind = Literal["faq", "article"]
KINDS: tuple[Kind, ...] = ("faq", "article")


def vote(site_id: int, kind: Kind, pk: int, *, version: str, helpful: bool, comment: str = "", reader: str) -> Feedback:
    """Store a vote. A reader's second one about the same version takes the place of the first; a comment is kept then.

    ``reader`` tells one reader from another; it is not stored. Raises NotFound for what is not there to be read, BadInput for
    a version that never was.
    """
    item = live_item(site_id, kind, pk)
    if version != version_of(item) and not _was_version(item, version):
        raise BadInput("bad_command", "version: there is no such version", field="version")
    comment, _ = veils.redact(str(p.clean_text(comment)).strip()[:COMMENT_MAX_LENGTH], site_id)
    about = {"page_id": item.pk, "faq_id": None} if kind == "article" else {"page_id": None, "faq_id": item.pk}
    said = {"helpful": helpful, "at": timezone.now(), **({"comment": comment} if comment else {})}
    stored, _ = Feedback.objects.update_or_create(
        voter=voter_of(kind, item.pk, version, reader),
        defaults={"site_id": site_id, "version": version, **about, **said},
    )
    return stored


def live_item(site_id: int, kind: Kind, pk: int) -> Any:
    """The article or FAQ, if everybody may read it on this site. Raises NotFound."""
    here = reading.shelf(site_id, "")
    return reading.live_article(here, pk) if kind == "article" else reading.live_faq(here, pk)


def version_of(item: Any) -> str:
    return str(item.live_revision_id or 0)


def _was_version(item: Any, version: str) -> bool:
    """Whether it is an earlier one: who had the page open for a while votes on what they read."""
    is_number = version.isascii() and version.isdigit() and len(version) < 16
    return is_number and Revision.objects.for_instance(item).filter(pk=int(version)).exists()


def voter_of(kind: str, pk: int, version: str, reader: str) -> str:
    """Nobody can make it without the site's key, and of two votes on different things nobody can tell that one person cast both."""
    return salted_hmac(
        "wagtail_livechat.feedback", f"{kind}\0{pk}\0{version}\0{reader}", algorithm="sha256"
    ).hexdigest()


def reader_by_token(visitor_id: int) -> str:
    return f"visitor {visitor_id}"


def reader_by_request(address: str | None, user_agent: str) -> str:
    """For who has no token: one vote for each browser at an address."""
    return f"address {address}\0{user_agent}"


def of_visitors(visitor_ids: Iterable[int]) -> list[Feedback]:
    """What these visitors said, found by making their hashes anew."""
    readers = [reader_by_token(pk) for pk in visitor_ids]
    said = Feedback.objects.order_by("page", "faq", "version").values_list("page", "faq", "version").distinct()
    voters = [
        voter_of("article" if page else "faq", page or faq, version, reader)
        for page, faq, version in said
        for reader in readers
    ]
    found: list[Feedback] = []
    for start in range(0, len(voters), 500):
        found += Feedback.objects.filter(voter__in=voters[start : start + 500]).select_related("page", "faq")
    return found

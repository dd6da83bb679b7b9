"""How visitors' searches end, written down without saying by whom."""

from __future__ import annotations

import re

from wagtail.models import Page, Site

from .. import launcher
from ..exceptions import BadInput, NotFound
from ..masking import KINDS, Rules, mask
from ..masking.rules import regions_of
from .models import Lookup
from .models.lookups import QUERY_MAX_LENGTH

_LONG_NUMBER = re.compile(r"\d{5,}")
OUTCOMES = frozenset(Lookup.Outcome.values)
KINDS_OF_ANSWERS = frozenset({"", *Lookup.Kind.values})


def record(
    site_id: int,
    *,
    language: str,
    query: str,
    outcome: str,
    kind: str = "",
    object_id: int | None = None,
    page_id: int | None = None,
) -> None:
    """Write one down. Personal numbers and addresses in ``query`` are starred, whatever the site's own rules are.

    Raises NotFound if there is no such site, BadInput without a query.
    """
    if not query.strip():
        raise BadInput("bad_command", "q: is missing", field="q")
    if not Site.objects.filter(pk=site_id).exists():
        raise NotFound("There is no such site.")
    if page_id is not None and not Page.objects.filter(pk=page_id).exists():
        page_id = None
    Lookup.objects.create(
        site_id=site_id,
        language=launcher.pick_language(language),
        query=masked(query, language)[:QUERY_MAX_LENGTH],
        outcome=outcome,
        kind=kind,
        object_id=object_id,
        page_id=page_id,
    )


def masked(query: str, language: str) -> str:
    """``query`` without what may be personal. Order and customer numbers have no form of their own, so long ones go too."""
    hidden = mask(query, Rules(frozenset(KINDS), regions_of([language])))
    return _LONG_NUMBER.sub(lambda match: "*" * len(match[0]), hidden)

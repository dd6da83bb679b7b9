"""An operator's presence or load has changed: who has to know."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from wagtail.models import Site

from .. import broadcast, snapshots
from ..caching import cache


def announce(operator_id: int) -> None:
    """Tell colleagues, and visitors in case a site went online, busy or offline by it.

    Whatever changes an operator's presence or load ends here.
    """
    broadcast.presence_changed(operator_id)
    sites_changed()


def sites_changed() -> None:
    """Have every site's state measured anew, and its visitors told."""
    sites = list(Site.objects.values_list("pk", flat=True))
    # After commit: whoever asks before would measure, and keep, the state from before.
    transaction.on_commit(partial(cache.delete_many, [snapshots.site_state_key(pk) for pk in sites]), robust=True)
    for site_id in sites:
        broadcast.site_changed(site_id)

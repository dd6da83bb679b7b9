"""An operator's presence or load has changed: who has to know."""

from __future__ import annotations

from django.db import transaction
from wagtail.models import Site

from .. import broadcast, snapshots


def announce(operator_id: int) -> None:
    """Tell colleagues, and visitors in case a site went online, busy or offline by it.

    Whatever changes an operator's presence or load ends here.
    """
    broadcast.presence_changed(operator_id)
    sites_changed()


def sites_changed() -> None:
    """Have every site's state measured anew, and its visitors told."""
    # After commit: whoever asks before would measure, and keep, the state from before.
    transaction.on_commit(snapshots.forget_site_states, robust=True)
    for site_id in Site.objects.values_list("pk", flat=True):
        broadcast.site_changed(site_id)

"""The chat's own rights in Wagtail's group editor."""

from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

OWN = {"livechatsettings": ["administer_livechatsettings"], "counted": ["view_statistics"]}
"""Model -> rights beyond those that Wagtail registers with the model's listing or settings."""


LABELS = (
    gettext_noop("Can answer live chat conversations"),
    gettext_noop("Can see the history of conversations"),
    gettext_noop("Can see the conversations of every department"),
    gettext_noop("Can search the logs of live chat conversations"),
    gettext_noop("Can take live chat conversations out as files"),
    gettext_noop("Can see what masking hides, where the site's privacy settings allow it"),
    gettext_noop("Can reveal what masking hides, one message at a time"),
    gettext_noop("Can export and erase the data of a visitor"),
    gettext_noop("Can ban visitors of the live chat"),
    gettext_noop("Can change every live chat setting"),
    gettext_noop("Can see the statistics of the live chat"),
)
"""Django stores names of rights in English; Wagtail's group editor translates them if there is a translation."""


def grantable() -> QuerySet[Permission]:
    """The rights that no listing of ours brings along."""
    which = Q(pk__in=[])
    for model, codenames in OWN.items():
        which |= Q(content_type__model=model, codename__in=codenames)
    return Permission.objects.filter(which, content_type__app_label="wagtail_livechat")

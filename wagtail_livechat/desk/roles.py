"""The chat's own rights in Wagtail's group editor, and changes of role in its log."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from wagtail.log_actions import LogFormatter

from ..actions.roles import CHANGED

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
    gettext_noop("Can make drafts of FAQs and articles of answers"),
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


def register_log_actions(actions: Any) -> None:
    """How Wagtail's log and reports tell of it."""

    @actions.register_action(CHANGED)
    class RoleFormatter(LogFormatter):
        label = gettext_lazy("Change a live chat role")

        def format_message(self, log_entry: Any) -> str:
            data = log_entry.data or {}
            told = _("Gave the role %(role)s") if data.get("given") else _("Took away the role %(role)s")
            return told % {"role": data.get("role", "")}

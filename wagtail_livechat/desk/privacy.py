"""Privacy in the admin: try the rules, see what retention would remove, hand out or erase a person's data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import LogFormatter
from wagtail.models import Site

from ..actions import erasure, retention
from ..actions.reveal import ACTION as REVEAL
from ..exports import download
from ..masking import Found, Miss, Rules, find, mask_found, misses
from ..models import PrivacySettings
from ..permissions import may, reader_of
from ..snapshots import visitor_details
from ..veils import rules_of, veil_for

LONGEST = 2000
"""Characters of a text to try."""

KIND_LABELS = {
    "conversations": gettext_lazy("Conversations"),
    "archived": gettext_lazy("Conversations in the archive"),
    "texts": gettext_lazy("Conversations of which the texts go"),
    "visits": gettext_lazy("Pages that were seen"),
    "visitors": gettext_lazy("Visitors, with what is known of them"),
    "addresses": gettext_lazy("IP addresses to shorten"),
    "bans": gettext_lazy("Bans that hold no more, of which the address is shortened"),
}
ID_LABELS = {
    "SE": gettext_lazy("A Swedish personal identity number: date and check digit are right."),
    "DK": gettext_lazy("A Danish CPR number: there is such a date."),
    "NO": gettext_lazy("A Norwegian birth number: date and check digits are right."),
    "FI": gettext_lazy("A Finnish identity code: date and check character are right."),
    "NL": gettext_lazy("A Dutch BSN: the check digit is right."),
    "DE": gettext_lazy("A German tax id: the check digit is right."),
    "US": gettext_lazy("A US social security number: written like one."),
}
MISS_LABELS = {
    "introduced": gettext_lazy("Left: the words before it say that it is something else, such as an order."),
    "check_digit": gettext_lazy("Left: as long as a card number, but its check digit is wrong."),
    "nothing": gettext_lazy("Left: not valid as anything that is chosen."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One number of a text that was tried."""

    written: str
    shown: str
    why: str
    is_hidden: bool


def explain(text: str, rules: Rules) -> list[Line]:
    """What the rules do to each number of a text and why, in the order of the text."""
    lines = []
    found: list[Found | Miss] = [*find(text, rules), *misses(text, rules)]
    for item in sorted(found, key=lambda one: one.start):
        written = text[item.start : item.end]
        if isinstance(item, Miss):
            lines.append(Line(written, written, str(MISS_LABELS[item.why]), False))
        else:
            shown = mask_found(written, [Found(0, len(written), item.kind, item.why)])
            lines.append(Line(written, shown, _reason(item), True))
    return lines


def _reason(item: Found) -> str:
    if item.kind == "national_id":
        return str(ID_LABELS[item.why])
    if item.kind == "card":
        return _("A card of %(network)s: beginning, length and check digit are right.") % {"network": item.why}
    if item.kind == "iban":
        return _("A bank account (IBAN) of the country %(country)s: the check digits are right.") % {
            "country": item.why
        }
    if item.kind == "email":
        return _("An e-mail address.")
    if item.why == "word":
        return _("A phone number: the word before it says so.")
    if item.why.startswith("+"):
        return _("A phone number with a country code.")
    return _("A phone number as it is written in %(country)s.") % {"country": item.why}


@sensitive_post_parameters("text", "who")
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def privacy(request: HttpRequest) -> HttpResponse:
    """The page. What is tried or looked for is posted, so that it stands in no address and no log."""
    manages, erases = may(request.user, "manage_privacy"), may(request.user, "erase_visitors")
    if not (manages or erases):
        raise PermissionDenied
    sites = list(Site.objects.order_by("-is_default_site", "hostname"))
    wanted = request.POST.get("site") or request.GET.get("site") or ""
    site = next((one for one in sites if str(one.pk) == wanted), sites[0] if sites else None)
    if site is None:
        raise PermissionDenied
    action = request.POST.get("action", "")
    allowed = {"": True, "try": manages, "find": erases, "export": erases, "erase": erases}
    if not allowed.get(action, False):
        raise PermissionDenied
    row = PrivacySettings.objects.filter(site=site).first() or PrivacySettings(site=site)
    context: dict[str, Any] = {
        "sites": sites,
        "site": site,
        "rules": row,
        "manages": manages,
        "erases": erases,
        # The record of a conversation leads here with its case number.
        "who": request.GET.get("who", "")[:254],
        "settings_url": reverse("wagtailsettings:edit", args=["wagtail_livechat", "privacysettings", site.pk]),
        "due": [(KIND_LABELS[kind], count) for kind, count in retention.preview(row).items()] if manages else [],
    }
    if action == "try":
        text = request.POST.get("text", "")[:LONGEST]
        rules = rules_of(row).rules
        context |= {"tried": text, "lines": explain(text, rules), "result": mask_found(text, find(text, rules))}
    elif action:
        answer = _about_a_person(request, action, context)
        if answer is not None:
            return answer
    return render(request, "wagtail_livechat/privacy.html", context)


def _about_a_person(request: HttpRequest, action: str, context: dict[str, Any]) -> HttpResponse | None:
    who = request.POST.get("who", "").strip()
    context["who"] = who
    try:
        found = erasure.find_visitors(site_id=context["site"].pk, **_way_to_find(who))
    except ValidationError as error:
        context["who_error"] = " ".join(error.messages)
        return None
    people = list(found.annotate(chats=Count("conversations")).order_by("pk")[:200])
    ids = [visitor.pk for visitor in people]
    if not people:
        context["who_error"] = _("Nobody was found on this site.")
    elif action == "export":
        data = erasure.export_visitors(ids, with_notes=bool(request.POST.get("notes")))
        erasure.note(erasure.EXPORTED, [context["site"].pk], user=request.user, by="admin", visitors=len(ids))
        return download(data, "html" if request.POST.get("format") == "html" else "json")
    elif action == "erase" and request.POST.get("sure"):
        counts = erasure.erase_visitors(ids)
        erasure.note(erasure.ERASED, [context["site"].pk], user=request.user, by="admin", **counts)
        messages.success(request, _("It is deleted."))
        context["who"] = ""
        return None
    elif action == "erase":
        context["who_error"] = _("Tick the box if you are sure.")
    veil = veil_for(reader_of(request.user), context["site"].pk)
    context["people"] = [{**visitor_details(one, veil), "row": one} for one in people]
    return None


def _way_to_find(who: str) -> dict[str, Any]:
    """By e-mail address, case number or visitor's id. Raises ValidationError for what is none of them."""
    if "@" in who:
        validate_email(who)
        return {"email": who}
    try:
        return {"uuid": UUID(who)}
    except ValueError:
        pass
    if who.lstrip("#").replace("-", "").isdigit():
        return {"case_number": who}
    raise ValidationError(_("Write an e-mail address, a case number such as 2026-000123, or a visitor's id."))


# --------------------------------------------------------------------------------------------------- log


def register_log_actions(actions: Any) -> None:
    """The names under which Wagtail's log and reports show what was done."""

    @actions.register_action(REVEAL)
    class RevealFormatter(LogFormatter):
        label = gettext_lazy("Reveal hidden text")

        def format_message(self, log_entry: Any) -> Any:
            data = log_entry.data or {}
            what = _("message %(seq)s") % {"seq": data.get("seq")} if data.get("seq") else _("a detail of the visitor")
            return _("Revealed what is hidden in %(what)s. Reason: %(reason)s") % {
                "what": what,
                "reason": data.get("reason", ""),
            }

    class Counted(LogFormatter):
        sentence: Any = ""

        def format_message(self, log_entry: Any) -> Any:
            data = log_entry.data or {}
            told = ", ".join(f"{name}: {value}" for name, value in sorted(data.items()))
            return f"{self.sentence} ({told})" if told else str(self.sentence)

    @actions.register_action(erasure.ERASED)
    class ErasedFormatter(Counted):
        label = gettext_lazy("Erase a visitor's data")
        sentence = gettext_lazy("Erased a visitor's data")

    @actions.register_action(erasure.EXPORTED)
    class ExportedFormatter(Counted):
        label = gettext_lazy("Export a visitor's data")
        sentence = gettext_lazy("Exported a visitor's data")

    @actions.register_action(retention.PURGED)
    class PurgedFormatter(Counted):
        label = gettext_lazy("Remove what was kept long enough")
        sentence = gettext_lazy("Removed what was kept long enough")

"""Every sentence that visitors read, with what this site says instead, in one language."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.models import Site

from ..launcher import pick_language
from ..models import LiveChatSettings, TextOverride
from ..models.settings_tabs import ADMINISTER
from ..sentences import GROUPS, LANGUAGES, group_of, longest, placeholders, sentences, speaks

ADMINISTERED = {"letters", "own_data", "consent"}
"""Groups and sentences that are for those who may administer the chat, as they are in the settings."""


@dataclass(slots=True)
class Row:
    """One sentence."""

    key: str
    standard: str
    own: str
    """The site's own; empty where it has none. After a mistake, what was typed."""
    error: str = ""
    rows: int = field(init=False)
    marks: list[str] = field(init=False)

    def __post_init__(self) -> None:
        self.rows = max(1, min(8, len(self.own or self.standard) // 60 + 1 + (self.own or self.standard).count("\n")))
        self.marks = sorted(placeholders(self.standard))

    @property
    def is_changed(self) -> bool:
        return bool(self.own)

    def has(self, words: str) -> bool:
        return all(word in f"{self.standard} {self.own} {self.key}".casefold() for word in words.casefold().split())


@dataclass(slots=True)
class Chosen:
    """What is looked at."""

    site: Site
    language: str
    query: str = ""
    only_changed: bool = False

    @property
    def address(self) -> str:
        asked = {"site": self.site.pk, "language": self.language, "q": self.query}
        return f"{reverse('wagtail_livechat_desk:texts')}?{urlencode({**asked, **({'changed': 1} if self.only_changed else {})})}"


def languages(site: Site) -> list[tuple[str, str]]:
    """Those that can be chosen, each in its own words: ours, the project's, the site's, and those that have texts already."""
    projects = [code for code, _name in (*settings.LANGUAGES, *getattr(settings, "WAGTAIL_CONTENT_LANGUAGES", ()))]
    used = TextOverride.objects.filter(site=site).values_list("language", flat=True).distinct()
    own = LiveChatSettings.of(site.pk).language
    codes = [*LANGUAGES, *projects, *used, *([own] if own else [])]
    return [(code, name_of(code)) for code in dict.fromkeys(pick_language(code) for code in codes)]


def name_of(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def standard(language: str) -> dict[str, str]:
    with translation.override(speaks(language)):
        return sentences()


def fault_of(key: str, text: str, original: str) -> str:
    """What is wrong with one's own sentence; empty if nothing is."""
    wanted, given = placeholders(original), placeholders(text)
    if missing := sorted(wanted - given):
        # Translators: A placeholder such as {name}, which the chat fills in.
        return _("%(marks)s must stay: it is filled in.") % {"marks": " ".join(missing)}
    if unknown := sorted(given - wanted):
        # Translators: A placeholder such as {name}, which the chat fills in.
        return _("Nothing is filled in for %(marks)s here.") % {"marks": " ".join(unknown)}
    if len(text) > longest(key):
        return _("This is too long: at most %(count)d characters.") % {"count": longest(key)}
    return ""


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def visitor_texts(request: HttpRequest) -> HttpResponse:
    """The page. What is posted holds the sentences that were shown; the others stay as they are."""
    policy = LiveChatSettings.get_permission_policy()
    if not policy.user_has_permission(request.user, "change"):
        raise PermissionDenied
    sites = [
        site
        for site in Site.objects.order_by("-is_default_site", "hostname")
        if policy.user_has_permission_for_instance(request.user, "change", LiveChatSettings(site=site))
    ]
    wanted = request.POST.get("site") or request.GET.get("site") or ""
    site = next((one for one in sites if str(one.pk) == wanted), None if wanted else next(iter(sites), None))
    if site is None:
        raise PermissionDenied
    known = languages(site)
    asked = pick_language(
        request.GET.get("language") or LiveChatSettings.of(site.pk).language or settings.LANGUAGE_CODE
    )
    chosen = Chosen(
        site,
        asked if asked in dict(known) else speaks(asked),
        request.GET.get("q", "").strip()[:100],
        bool(request.GET.get("changed")),
    )
    rows = _rows(chosen, request.user.has_perm(ADMINISTER))
    if request.method == "POST":
        faulty = _save(request, chosen, rows)
        if not faulty:
            return HttpResponseRedirect(chosen.address)
        messages.error(
            request,
            ngettext(
                "One sentence was not saved: what is wrong is said beside it.",
                "%(count)d sentences were not saved: what is wrong is said beside them.",
                faulty,
            )
            % {"count": faulty},
        )
    shown = [
        row for row in rows.values() if row.error or (row.has(chosen.query) and (row.own or not chosen.only_changed))
    ]
    groups = [(key, title, [row for row in shown if group_of(row.key) == key]) for key, title in GROUPS.items()]
    context: dict[str, Any] = {
        "sites": sites,
        "chosen": chosen,
        "languages": known,
        "language_name": dict(known)[chosen.language],
        "is_foreign": speaks(chosen.language) != chosen.language.split("-")[0],
        "direction": "rtl" if chosen.language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr",
        "groups": [group for group in groups if group[2]],
        "changed": sum(row.is_changed for row in rows.values()),
        "total": len(rows),
    }
    return render(request, "wagtail_livechat/visitor_texts.html", context)


def _rows(chosen: Chosen, administers: bool) -> dict[str, Row]:
    own = dict(TextOverride.objects.filter(site=chosen.site, language=chosen.language).values_list("key", "text"))
    return {
        key: Row(key, text, own.get(key, ""))
        for key, text in standard(chosen.language).items()
        if administers or not (key in ADMINISTERED or group_of(key) in ADMINISTERED)
    }


def _save(request: HttpRequest, chosen: Chosen, rows: dict[str, Row]) -> int:
    """Keeps what is right of what was posted. Returns how many sentences were not; their rows say why."""
    reset = request.POST.get("reset", "")
    mine = {"site": chosen.site, "language": chosen.language}
    count = faulty = 0
    for key, row in rows.items():
        typed = request.POST.get(f"text:{key}")
        if typed is None:
            continue
        text = "" if key == reset else "\n".join(line.rstrip() for line in typed.strip().splitlines())
        if text in ("", row.standard):
            # One by one: signals tell those who show it.
            for override in TextOverride.objects.filter(**mine, key=key):
                override.delete()
                count += 1
            row.own = ""
        elif fault := fault_of(key, text, row.standard):
            row.own, row.error = typed, fault
            faulty += 1
        elif text != row.own:
            TextOverride.objects.update_or_create(**mine, key=key, defaults={"text": text})
            row.own = text
            count += 1
    if count:
        messages.success(
            request,
            ngettext("One sentence was changed.", "%(count)d sentences were changed.", count) % {"count": count},
        )
    return faulty

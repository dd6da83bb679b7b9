"""What the launcher and the widget are drawn from: public, the same for every visitor of a site and language."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.templatetags.static import static
from django.urls import reverse
from django.utils import dateformat, timezone, translation
from django.utils.dates import WEEKDAYS
from django.utils.formats import get_format
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from wagtail.models import Site

from . import extensions, intake, pagewise, snapshots, widget_texts, wording
from . import protocol as p
from .caching import cache
from .colors import readable_ink
from .conf import conf
from .exceptions import NotFound
from .models import AutoMessage, Department, LiveChatSettings
from .schedule import Hours
from .sentences import speaks

LOOKS_MARK = "livechat:looks-mark"
MARK_SECONDS = 86_400


PREVIEW_SALT = "wagtail_livechat.preview"
PREVIEW_SECONDS = 8 * 3600
"""How long a preview that stays open goes on to work."""


def preview_pass(site_id: int) -> str:
    """What the admin's preview shows to boot a chat that is not shown to visitors."""
    return signing.dumps(site_id, salt=PREVIEW_SALT)


def is_preview_of(site_id: int, given: str) -> bool:
    """Whether ``given`` is a pass of this site, and fresh."""
    try:
        return bool(signing.loads(given, salt=PREVIEW_SALT, max_age=PREVIEW_SECONDS) == site_id)
    except signing.BadSignature:
        return False


def with_pass(address: str, given: str) -> str:
    """An address that a preview asks on its way, with its pass."""
    return f"{address}{'&' if '?' in address else '?'}{urlencode({'preview': given})}"


def pick_language(asked: str) -> str:
    """The language to answer in: ``asked`` if it looks like a language code, else the project's."""
    asked = asked.strip().lower()[:35]
    return asked if asked and asked.replace("-", "").isalnum() and asked.isascii() else settings.LANGUAGE_CODE.lower()


def boot(site_id: int, language: str, page_id: int | None = None) -> dict[str, Any]:
    """What the loader needs, on this page. From the cache but for the state. Raises NotFound if there is no such site."""
    content = _cached("boot", site_id, language, _boot)
    here = pagewise.decision(site_id, page_id)
    state, opens_at, _ = snapshots.site_status(site_id)
    labels = content.pop("labels")
    # Nobody is asked in while nobody is there, unless the message is meant for that.
    messages = [
        {name: value for name, value in message.items() if name not in ("when_offline", "chosen_only")}
        for message in _messages_here(content["messages"], here)
        if state != "offline" or message["when_offline"]
    ]
    if here.choices.greeting:
        content["config"] += f"&page={page_id}"
    return {
        **content,
        "hidden": here.is_hidden,
        "messages": messages,
        "state": state,
        "state_label": labels[state],
        "opens_at": opens_at and opens_at.isoformat(),
    }


def config(site_id: int, language: str, page_id: int | None = None) -> dict[str, Any]:
    """What the widget needs beyond boot, on this page. From the cache. Raises NotFound if there is no such site."""
    content = _cached("config", site_id, language, _config)
    greeting = pagewise.decision(site_id, page_id).choices.greeting
    return {**content, "greeting": greeting} if greeting else content


def _messages_here(messages: list[dict[str, Any]], here: pagewise.Decision) -> list[dict[str, Any]]:
    """Those that may be said on a page: the one that was chosen for it first, whatever its address is."""
    if here.is_hidden:
        return []
    chosen = here.choices.auto_message
    first = [{**message, "address": ""} for message in messages if message["id"] == chosen]
    return first + [message for message in messages if message["id"] != chosen and not message["chosen_only"]]


def _cached(name: str, site_id: int, language: str, make: Any) -> dict[str, Any]:
    language = pick_language(language)
    key = f"livechat:{name}:{site_id}:{language}"
    known = cache.get_many([LOOKS_MARK, key])
    mark = known.get(LOOKS_MARK, "")
    made_after, content = known.get(key) or ("", None)
    if content is None or made_after != mark:
        site = Site.objects.filter(pk=site_id).first()
        if site is None:
            raise NotFound(_("There is no such site."))
        chosen = LiveChatSettings.for_site(site)
        content = make(site, chosen, pick_language(chosen.language or language))
        cache.set(key, (mark, content), conf.BOOT_SECONDS)
    return dict(content)


def forget() -> None:
    """Something that is shown has changed: what was made before is made anew."""
    cache.set(LOOKS_MARK, uuid4().hex, MARK_SECONDS)


def _look(chosen: LiveChatSettings, language: str) -> dict[str, Any]:
    return {
        "color": chosen.color,
        "ink": readable_ink(chosen.color),
        "corner": chosen.corner,
        "lang": language,
        "dir": "rtl" if language.split("-")[0] in settings.LANGUAGES_BIDI else "ltr",
    }


def _boot(site: Site, chosen: LiveChatSettings, language: str) -> dict[str, Any]:
    words = wording.of(site.pk, language)
    return {
        "version": p.VERSION,
        "site": site.pk,
        "enabled": chosen.enabled,
        # For one language is more special than for all of them.
        "label": wording.said(site.pk, language, "launcher_label") or chosen.label or words["launcher_label"],
        "labels": {state: words[f"state_{state}"] for state in ("online", "busy", "offline")},
        **_look(chosen, language),
        "pictures": pictures(chosen),
        "messages": _messages(site, chosen),
        "close_label": words["launcher_close"],
        "auto": reverse("wagtail_livechat:auto"),
        "widget": static("wagtail_livechat/widget.js"),
        "config": f"{reverse('wagtail_livechat:config')}?{urlencode({'site': site.pk, 'lang': language})}",
    }


def _config(site: Site, chosen: LiveChatSettings, language: str) -> dict[str, Any]:
    words = wording.of(site.pk, language)
    with translation.override(speaks(language)):
        forms = _forms(site, chosen, wording.consent(chosen, language))
        hours = hours_in_words(chosen.hours()) if chosen.mode == LiveChatSettings.Mode.SCHEDULE else []
    logo = chosen.logo.get_rendition("fill-96x96").url if chosen.logo else None
    picture = chosen.support_picture.get_rendition("fill-96x96").url if chosen.support_picture else logo
    return {
        "version": p.VERSION,
        "site": site.pk,
        "company": chosen.company_name or site.site_name or site.hostname,
        "greeting": wording.said(site.pk, language, "greeting") or chosen.greeting or words["greeting"],
        **_look(chosen, language),
        "hours": hours,
        "zone": chosen.zone.key,
        "sound": True,
        "logo": logo,
        "picture": picture,
        "forms": forms,
        "files": {"types": sorted(chosen.endings), "bytes": chosen.attachment_megabytes * 1_000_000},
        "limits": {"message": conf.MESSAGE_MAX_LENGTH},
        "urls": {
            "socket": reverse("wagtail_livechat:ws_visitor"),
            "session": reverse("wagtail_livechat:session"),
            "commands": reverse("wagtail_livechat:commands"),
            "events": reverse("wagtail_livechat:events"),
            "upload": reverse("wagtail_livechat:upload"),
            "forms": static("wagtail_livechat/forms.js"),
        },
        "texts": {key: words[key] for key in widget_texts.texts()},
        # What there is to read before anybody is asked; an app above the core knows.
        "help": None,
        **extensions.additions("livechat_config", site, language),
    }


def pictures(chosen: LiveChatSettings) -> dict[str, str | None]:
    """Addresses of the site's own launchers, at most 320 by 160 pixels, for who is there (online, busy) or not (offline)."""
    found = {"online": chosen.online_picture, "offline": chosen.offline_picture}
    return {name: image.get_rendition("max-320x160").url if image else None for name, image in found.items()}


def picture(site_id: int) -> str:
    """The address of the picture that shows the site's state now: its own, or ours. Raises NotFound."""
    content = boot(site_id, "")
    name = "offline" if content["state"] == "offline" else "online"
    return content["pictures"][name] or static(f"wagtail_livechat/{name}.svg")


def _messages(site: Site, chosen: LiveChatSettings) -> list[dict[str, Any]]:
    """The auto-messages whose weekday and hour it is, the first in the order first; the loader knows the address."""
    now = timezone.now()
    active = AutoMessage.objects.filter(Q(site=site.pk) | Q(site__isnull=True), is_active=True)
    return [
        {
            "id": message.pk,
            "name": message.name,
            "text": message.content,
            "address": message.address_contains,
            "daily": message.frequency == AutoMessage.Frequency.DAY,
            "delay": message.delay_seconds,
            "seconds": message.shown_seconds,
            "when_offline": message.when_offline,
            "chosen_only": message.chosen_only,
        }
        for message in active.prefetch_related("times")
        if message.is_due(now, chosen.zone)
    ]


def _forms(site: Site, chosen: LiveChatSettings, consent: str) -> dict[str, Any]:
    """What each form asks for, in order, and what it needs for that. ``offline`` is None where there is no such form."""

    def asked(form: str) -> list[dict[str, Any]]:
        return [
            {"name": name, "required": how == intake.REQUIRED}
            for name, how in chosen.rules(form).items()
            if how != intake.OFF
        ]

    return {
        "prechat": asked("prechat"),
        "offline": asked("offline") if chosen.offline_form else None,
        "departments": [{"id": department.pk, "name": department.name} for department in Department.serving(site.pk)],
        "consent": consent,
        "consent_id": intake.version_of(consent),
        "no_answer": chosen.no_answer_seconds,
    }


def hours_in_words(hours: Hours) -> list[str]:
    """What is so every week, a line for each stretch of days alike, in the active language: ``Monday–Friday: 9 a.m.–5 p.m.``"""
    time_format = get_format("TIME_FORMAT")
    lines: list[tuple[int, int, str]] = []
    for day in range(7):
        times = ", ".join(
            f"{dateformat.time_format(span.opens, time_format)}–{dateformat.time_format(span.closes, time_format)}"
            for span in sorted(hours.weekly.get(day, ()), key=lambda span: span.opens)
        )
        if lines and lines[-1][1:] == (day - 1, times):
            lines[-1] = (lines[-1][0], day, times)
        else:
            lines.append((day, day, times))
    return [
        f"{WEEKDAYS[first]}{f'–{WEEKDAYS[last]}' if last > first else ''}: {times}"
        for first, last, times in lines
        if times
    ]

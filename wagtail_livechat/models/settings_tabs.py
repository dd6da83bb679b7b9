"""The page of a site's settings: its tabs, who may change what is on them, and a form that says where a mistake is.

Whoever may change the settings at all (Wagtail's own right, for all sites or for some) changes what is on the first two
tabs. The others are for those who may administer the chat: what is on them is no part of anybody else's form, so nothing that
is posted can change it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    PanelGroup,
    TabbedInterface,
)

from .. import intake, schedule
from ..addresses import origin_of
from ..countries import countries

ADMINISTER = "wagtail_livechat.administer_livechatsettings"
"""The right to change what is not on the managers' tabs."""


class LiveChatSettingsForm(WagtailAdminModelForm):
    """Time zones, countries and languages are chosen from lists that are made when they are needed."""

    time_zone = forms.ChoiceField(
        label=capfirst(_("time zone")),
        required=False,
        choices=lambda: [("", _("The server's: %(zone)s") % {"zone": settings.TIME_ZONE}), *_zones()],
        help_text=_("Of the opening hours. Visitors see times in their own."),
    )
    country = forms.ChoiceField(
        label=capfirst(_("country")),
        required=False,
        choices=lambda: [("", "---------"), *countries(get_language() or "en")],
        help_text=_("Phone numbers without a country code are taken to be from here; so are public holidays."),
    )
    admin_language = forms.ChoiceField(
        label=capfirst(_("language of the desk")),
        required=False,
        choices=lambda: [("", _the_projects()), *_languages()],
        help_text=_(
            "The desk, and letters to operators and to the support mailbox. "
            "Operators who have chosen a language in their account keep that."
        ),
    )

    def clean_embed_origins(self) -> str:
        """A line each, in the one spelling that a browser sends. Raises ValidationError for lines that are no origins."""
        lines = [line.removesuffix("/") for line in self.cleaned_data["embed_origins"].split()]
        if wrong := [line for line in lines if origin_of(line) is None]:
            raise ValidationError(
                _(
                    "Not an origin: %(wrong)s. Write scheme and host and nothing after it, such as https://shop.example."
                ),
                params={"wrong": ", ".join(wrong)},
            )
        return "\n".join(dict.fromkeys(str(origin_of(line)) for line in lines))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        country, region = cleaned.get("country") or "", cleaned.get("holiday_region") or ""
        if not cleaned.get("closed_on_holidays"):
            return cleaned
        if not country:
            self.add_error("country", _("Choose the country whose public holidays are meant."))
        elif not schedule.knows_holidays(country):
            self.add_error("country", _("The public holidays of this country are not known. Enter them as exceptions."))
        elif region and not schedule.knows_holidays(country, region):
            known = ", ".join(schedule.regions_with_holidays(country))
            message = (
                _("There is no such part. Known are: %(known)s.") % {"known": known}
                if known
                else _("The parts of this country have the same holidays. Leave it empty.")
            )
            self.add_error("holiday_region", message)
        return cleaned

    def is_valid(self) -> bool:
        """Also says on which tabs the mistakes are: the message above the form is seen from each of them."""
        valid = bool(super().is_valid())
        if not valid and not self.non_field_errors():
            for heading, wrong in self._wrong_by_tab():
                self.add_error(
                    None,
                    # Translators: Above a form with tabs, e.g.: On the tab “Letters”: support mailbox, letter to the visitor.
                    _("On the tab “%(tab)s”: %(fields)s.") % {"tab": heading, "fields": ", ".join(wrong)},
                )
        return valid

    def _wrong_by_tab(self) -> Iterator[tuple[Any, list[str]]]:
        formsets = {name for name, formset in self.formsets.items() if not formset.is_valid()}
        for tab in TABS.children:
            wrong = []
            for panel in leaves(tab.children):
                if isinstance(panel, FieldPanel) and panel.field_name in self.errors:
                    wrong.append(str(self.fields[panel.field_name].label))
                elif isinstance(panel, InlinePanel) and panel.relation_name in formsets:
                    wrong.append(str(panel.heading))
            if wrong:
                yield tab.heading, wrong


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name or name == "UTC"]


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def _the_projects() -> str:
    # Translators: Language is a name of one, such as Svenska.
    return _("The project's: %(language)s") % {"language": _language(settings.LANGUAGE_CODE)}


def _languages() -> list[tuple[str, str]]:
    """Those that the project speaks, each in its own words."""
    return [(code, _language(code)) for code, _name in settings.LANGUAGES]


PRESETS = ("#0b5c6b", "#1f4338", "#1d4ed8", "#6d28d9", "#be185d", "#a4481f", "#b45309", "#facc15", "#374151", "#111827")
"""Colours to choose from with one click."""


class LooksPreview(Panel):
    """The launcher and the head of the window as they will look, while the form is filled in."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat/looks_preview.html"

        class Media:
            css = {"all": ["wagtail_livechat/looks.css"]}
            js = ["wagtail_livechat/looks.js"]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            chosen = self.instance
            site = chosen.site if chosen.site_id else None
            return {
                **(super().get_context_data(parent_context) or {}),
                "presets": PRESETS,
                "company": (site.site_name or site.hostname) if site else "",
            }


class EmbedCodes(Panel):
    """The code for pages that the CMS does not make, to copy."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat/embed_codes.html"

        class Media:
            css = {"all": ["wagtail_livechat/embed_codes.css"]}
            js = ["wagtail_livechat/copy.js"]

        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {**(super().get_context_data(parent_context) or {}), "site": self.instance.site}


def leaves(panels: Iterable[Panel]) -> Iterator[Panel]:
    """The panels that are no groups, in their order."""
    for panel in panels:
        if isinstance(panel, PanelGroup):
            yield from leaves(panel.children)
        else:
            yield panel


def _restrict(panels: Iterable[Panel]) -> None:
    for panel in panels:
        if isinstance(panel, PanelGroup):
            _restrict(panel.children)
        elif isinstance(panel, InlinePanel):
            raise TypeError(
                f"{panel.relation_name}: rows would be saved whoever posts them; only fields ask for a right"
            )
        if isinstance(panel, FieldPanel | PanelGroup):
            # A field that asks for a right is left out of the form of whoever does not have it.
            panel.permission = ADMINISTER


def for_administrators(panels: list[Panel], heading: Any) -> ObjectList:
    """A tab that only those see, and whose fields only those can change, who may administer the chat."""
    _restrict(panels)
    return ObjectList(panels, heading=heading, permission=ADMINISTER)


def _fields(form: str) -> list[Panel]:
    """What a form asks for, in two rows."""
    return [
        FieldRowPanel([FieldPanel(f"{form}_{field}") for field in intake.FIELDS[:3]]),
        FieldRowPanel([FieldPanel(f"{form}_{field}") for field in intake.FIELDS[3:]]),
    ]


_asked_help = _(
    "Off: it is not asked for. Shown: visitors may leave it empty. Required: the form is not sent without it."
)

OPEN_OR_CLOSED = ObjectList(
    [
        MultiFieldPanel([FieldPanel("enabled"), FieldPanel("mode")], heading=_("Open or closed")),
        MultiFieldPanel(
            [
                HelpPanel(
                    _(
                        "They decide when “By opening hours” is chosen above. Without any, the chat is always closed then."
                    )
                ),
                InlinePanel("opening_hours", label=_("Opening hours"), heading=_("Every week")),
                InlinePanel("opening_exceptions", label=_("Exception"), heading=_("Exceptions by date")),
                FieldRowPanel([FieldPanel("time_zone"), FieldPanel("country")]),
                FieldRowPanel([FieldPanel("closed_on_holidays"), FieldPanel("holiday_region")]),
            ],
            heading=_("Opening hours"),
        ),
    ],
    heading=_("Open or closed"),
)
LOOKS = ObjectList(
    [
        MultiFieldPanel(
            [
                FieldPanel("company_name"),
                FieldPanel("label"),
                FieldPanel("greeting"),
                HelpPanel(template="wagtail_livechat/settings_texts.html"),
            ],
            heading=_("Texts"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("color"),
                LooksPreview(heading=_("Preview")),
                FieldRowPanel([FieldPanel("corner"), FieldPanel("language")]),
            ],
            heading=_("Colour and place"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("logo"), FieldPanel("support_picture")]),
                FieldRowPanel([FieldPanel("online_picture"), FieldPanel("offline_picture")]),
            ],
            heading=_("Pictures"),
        ),
    ],
    heading=_("Looks"),
)
FORMS = for_administrators(
    [
        MultiFieldPanel(_fields("prechat"), heading=_("Form before the chat"), help_text=_asked_help),
        MultiFieldPanel(
            [FieldPanel("offline_form"), *_fields("offline")],
            heading=_("Form while nobody is there"),
            help_text=_asked_help,
        ),
        MultiFieldPanel(
            [FieldPanel("consent_text"), FieldPanel("no_answer_seconds")], heading=_("Consent, and who waits in vain")
        ),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("attachment_types"), FieldPanel("attachment_megabytes")])], heading=_("Files")
        ),
    ],
    heading=_("Forms"),
)
LETTERS = for_administrators(
    [
        MultiFieldPanel([FieldPanel("support_email")], heading=_("Whom it concerns")),
        MultiFieldPanel([FieldPanel("receipt_text"), FieldPanel("transcript_text")], heading=_("What letters say")),
    ],
    heading=_("Letters"),
)
THE_DESK = for_administrators(
    [
        MultiFieldPanel([FieldPanel("department"), FieldPanel("offer_seconds")], heading=_("Who is asked")),
        MultiFieldPanel([FieldPanel("wrap_up_required"), FieldPanel("admin_language")], heading=_("How they work")),
    ],
    heading=_("The desk"),
)


class Links(HelpPanel):
    """Where the rest is set: each page has a right of its own."""

    class BoundPanel(HelpPanel.BoundPanel):
        def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
            return {
                **(super().get_context_data(parent_context) or {}),
                "privacy_settings": reverse(
                    "wagtailsettings:edit", args=["wagtail_livechat", "privacysettings", self.instance.site_id]
                ),
                "privacy": reverse("wagtail_livechat_desk:privacy"),
                "may_privacy": self.request.user.has_perm("wagtail_livechat.change_privacysettings"),
            }


PRIVACY = for_administrators(
    [MultiFieldPanel([Links(template="wagtail_livechat/settings_links.html")], heading=_("Kept, hidden, handed out"))],
    heading=_("Privacy"),
)

ELSEWHERE = for_administrators(
    [
        MultiFieldPanel(
            [
                FieldPanel("embed_origins", widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})),
                EmbedCodes(heading=_("Code to paste there")),
            ],
            heading=_("Pages that the CMS does not make"),
        )
    ],
    heading=_("Pages elsewhere"),
)

TABS = TabbedInterface(
    [OPEN_OR_CLOSED, LOOKS, FORMS, LETTERS, THE_DESK, ELSEWHERE, PRIVACY], base_form_class=LiveChatSettingsForm
)

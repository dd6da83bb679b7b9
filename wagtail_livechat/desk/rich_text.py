"""Words in rich text that open the chat: the feature ``livechat`` of Wagtail's editor.

Stored as ``<a linktype="livechat" department="3" sentence="…" address="/contact/">``. Where there is no chat it is a link to
the address, and without one it is plain text.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from draftjs_exporter.dom import DOM
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.admin.rich_text.converters.html_to_contentstate import LinkElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text import LinkHandler

from .. import openers
from ..models import Department

FEATURE = "livechat"
ENTITY = "LIVECHAT"
KEPT = ("department", "sentence", "address")


class ChatLinkHandler(LinkHandler):
    """What a page shows of it."""

    identifier = FEATURE

    @staticmethod
    def expand_db_attributes(attrs: dict[str, str]) -> str:
        department = attrs.get("department", "")
        asked = openers.attributes(department if department.isdecimal() else None, attrs.get("sentence", ""))
        address = openers.href(attrs.get("address", ""))
        return f"<a{flatatt({**({'href': address} if address else {}), **asked})}>"


class ChatLinkElementHandler(LinkElementHandler):
    """From the database to the editor."""

    def get_attribute_data(self, attrs: dict[str, str]) -> dict[str, str]:
        return {name: attrs.get(name, "") for name in KEPT}


def to_database(props: dict[str, Any]) -> Any:
    """From the editor to the database."""
    kept = {name: str(props[name]) for name in KEPT if props.get(name)}
    return DOM.create_element("a", {"linktype": FEATURE, **kept}, props["children"])


def register(features: Any) -> None:
    features.register_link_type(ChatLinkHandler)
    features.register_editor_plugin(
        "draftail",
        FEATURE,
        EntityFeature(
            {
                "type": ENTITY,
                "icon": "livechat",
                "description": _("Link that opens the chat"),
                "attributes": list(KEPT),
                # What is pasted has to be made anew: nobody else's link opens our chat.
                "allowlist": {"data-livechat-open": "^undefined$"},
                "url": reverse_lazy("wagtail_livechat_desk:opener"),
                "label": _("Opens the chat"),
            },
            js=["wagtail_livechat/richtext.js"],
        ),
    )
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {f'a[linktype="{FEATURE}"]': ChatLinkElementHandler(ENTITY)},
            "to_database_format": {"entity_decorators": {ENTITY: to_database}},
        },
    )


class OpenerForm(forms.Form):
    """What the words open the chat with."""

    department = forms.ModelChoiceField(
        label=_("Department"),
        required=False,
        queryset=Department.objects.filter(is_active=True),
        help_text=_("Who gets the conversation. Empty: as on the page."),
    )
    sentence = forms.CharField(
        label=_("First sentence"),
        required=False,
        max_length=openers.TEXT_MAX_LENGTH,
        help_text=_("Stands in the message field, for the visitor to go on with; it is not sent by itself."),
    )
    address = forms.CharField(
        label=_("Address without chat"),
        required=False,
        max_length=500,
        help_text=_(
            "Where the words lead while there is no chat, such as /contact/ or mailto:shop@example.com. Empty: they are plain text then."
        ),
    )

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"].strip()
        if address and not openers.href(address):
            raise ValidationError(_("Begin with /, https://, mailto: or tel:."))
        return address


def opener(request: HttpRequest) -> HttpResponse:
    """The form in the editor's dialog; what was chosen goes back to the editor."""
    form = OpenerForm(request.POST) if request.method == "POST" else OpenerForm(initial=request.GET.dict())
    if request.method == "POST" and form.is_valid():
        department = form.cleaned_data["department"]
        chosen = {**form.cleaned_data, "department": str(department.pk) if department else ""}
        return render_modal_workflow(request, None, None, None, {"step": "chosen", "chosen": chosen})
    return render_modal_workflow(
        request, "wagtail_livechat/opener_form.html", None, {"form": form}, json_data={"step": "form"}
    )

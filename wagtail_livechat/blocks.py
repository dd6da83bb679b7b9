"""A block for StreamFields that opens the chat: ``("chat", ChatLinkBlock())``."""

from __future__ import annotations

from typing import Any

from django.forms.utils import flatatt
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from . import openers
from .models import Department


def department_choices() -> list[tuple[str, str]]:
    """The departments that there are when the form is drawn."""
    return [(str(pk), name) for pk, name in Department.objects.filter(is_active=True).values_list("pk", "name")]


class ChatLinkBlock(blocks.StructBlock):
    """ "Talk to us about this product": opens the chat, for a department, with a first sentence that the visitor may change.

    Where there is no chat it is a link to a page, if one was chosen, and nothing otherwise.
    """

    text = blocks.CharBlock(label=_("Text"), max_length=100, help_text=_("What is to be pressed."))
    department = blocks.ChoiceBlock(
        label=_("Department"),
        required=False,
        choices=department_choices,
        help_text=_("Who gets the conversation. Empty: as on the page."),
    )
    sentence = blocks.CharBlock(
        label=_("First sentence"),
        required=False,
        max_length=openers.TEXT_MAX_LENGTH,
        help_text=_(
            "Stands in the message field, for the visitor to go on with; it is not sent by itself. "
            "&lt;page&gt; becomes the title of the page."
        ),
    )
    page = blocks.PageChooserBlock(
        label=_("Page without chat"),
        required=False,
        help_text=_(
            "Where it leads while there is no chat, and in browsers without JavaScript. Empty: then it is not shown."
        ),
    )

    class Meta:
        icon = "livechat"
        label = _("Open the chat")
        template = "wagtail_livechat/blocks/chat_link.html"
        label_format = "{text}"

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(value, parent_context=parent_context)
        page = (parent_context or {}).get("page")
        asked = openers.attributes(value["department"], value["sentence"], getattr(page, "title", ""))
        fallback = value["page"]
        context["opener"] = flatatt(asked)
        context["address"] = (fallback.url or "") if fallback is not None and fallback.live else ""
        return context

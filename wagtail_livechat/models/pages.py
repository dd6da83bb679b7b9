"""What a page, a section, or a rule about a section says of the chat there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, PageChooserPanel, Panel
from wagtail.models import Page

from ..page_choices import Choices
from .conversations import PAGE_MODEL


class Visibility(models.TextChoices):
    # Translators: whether the chat is shown on a page; the page has no choice of its own
    INHERITED = "", pgettext_lazy("chat on a page", "As above in the tree")
    SHOWN = "shown", pgettext_lazy("chat on a page", "Shown")
    HIDDEN = "hidden", pgettext_lazy("chat on a page", "Hidden")


class ChatChoices(models.Model):
    """The four choices, wherever they are made. What is empty says nothing."""

    chat_visibility = models.CharField(
        _("chat"),
        max_length=6,
        choices=Visibility.choices,
        default=Visibility.INHERITED,
        blank=True,
        help_text=_(
            "Hidden: there is no launcher here. A conversation that is going on can still be continued, and a link or a "
            "button that opens the chat still does."
        ),
    )
    chat_department: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtail_livechat.Department",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("department"),
        help_text=_("Who gets the conversations that begin here."),
    )
    chat_greeting = models.TextField(
        _("greeting"),
        blank=True,
        max_length=500,
        help_text=_("Shown before the first message, in place of the site's."),
    )
    chat_auto_message: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtail_livechat.AutoMessage",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("auto-message"),
        help_text=_("Said above the launcher here before any other, at the times that it has itself."),
    )

    class Meta:
        abstract = True

    @property
    def chat_choices(self) -> Choices:
        """What is said here, as a value."""
        shown = {Visibility.SHOWN: True, Visibility.HIDDEN: False}
        return Choices(
            shown=shown.get(Visibility(self.chat_visibility)) if self.chat_visibility else None,
            department=self.chat_department_id,
            greeting=self.chat_greeting.strip(),
            auto_message=self.chat_auto_message_id,
        )


class WhatHolds(Panel):
    """What the chat is like on this page now, and which page or rule says so."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat/what_holds.html"

        class Media:
            css = {"all": ["wagtail_livechat/pages.css"]}

        def is_shown(self) -> bool:
            return bool(self.instance.pk)


class ChatsHere(Panel):
    """How many chats began on this page, and what they were about, for those who may read the record of conversations.

    Page types without the mixin may have it too.
    """

    class BoundPanel(Panel.BoundPanel):
        template_name = "wagtail_livechat/chats_here.html"

        class Media:
            css = {"all": ["wagtail_livechat/pages.css"]}

        def is_shown(self) -> bool:
            return bool(
                self.instance.pk and self.request and self.request.user.has_perm("wagtail_livechat.view_history")
            )


FIELD_PANELS: list[Panel] = [
    FieldRowPanel(
        [FieldPanel("chat_visibility"), FieldPanel("chat_department", widget=forms.Select)],
    ),
    FieldPanel("chat_greeting", widget=forms.Textarea(attrs={"rows": 2})),
    FieldPanel("chat_auto_message", widget=forms.Select),
]


class LiveChatPageMixin(ChatChoices):
    """For a page type: the chat on its pages and on all below them, chosen in the tab *Settings*.

    Put it before ``Page``: ``class ProductPage(LiveChatPageMixin, Page)``, then make a migration. The fields are the page's
    own, so they are part of its drafts and revisions, and what is published is what holds. A page type with its own
    ``settings_panels`` adds ``LiveChatPageMixin.chat_panels`` to them.
    """

    chat_panels: list[Panel] = [
        MultiFieldPanel([ChatsHere(), *FIELD_PANELS, WhatHolds()], heading=_("Live chat"), icon="livechat")
    ]
    settings_panels = [*Page.settings_panels, *chat_panels]

    class Meta:
        abstract = True


def page_types() -> list[tuple[str, Any]]:
    """The types of pages of this project: (label, name)."""
    found = [
        (model._meta.label_lower, capfirst(model._meta.verbose_name))
        for model in apps.get_models()
        if issubclass(model, Page) and model is not Page
    ]
    return sorted(found, key=lambda found: str(found[1]).casefold())


class ChatRuleForm(WagtailAdminModelForm):
    page_types = forms.MultipleChoiceField(
        label=_("Types of pages"),
        required=False,
        choices=page_types,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        said = ("chat_visibility", "chat_department", "chat_greeting", "chat_auto_message")
        if not any(cleaned.get(name) for name in said) and not self.errors:
            raise ValidationError(_("Choose at least one thing that is to be so on these pages."))
        return cleaned


class ChatRule(ChatChoices):
    """For sites that will not change their models: what the chat is like on a page and on all below it."""

    page: models.ForeignKey[Any, Any] = models.ForeignKey(
        PAGE_MODEL,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("page"),
        help_text=_("The rule holds here and on all pages below. What a page says itself comes first."),
    )
    page_types: models.JSONField[Any, Any] = models.JSONField(_("types of pages"), default=list, blank=True)
    """Labels such as ``shop.productpage``."""
    sort_order = models.IntegerField(_("order"), default=0, editable=False)

    panels = [
        PageChooserPanel("page"),
        FieldPanel("page_types"),
        MultiFieldPanel(FIELD_PANELS, heading=_("Live chat"), icon="livechat"),
    ]
    base_form_class = ChatRuleForm

    class Meta:
        ordering = ["sort_order", "pk"]
        verbose_name = _("chat rule")
        verbose_name_plural = _("chat rules")

    def __str__(self) -> str:
        return str(self.page.get_admin_display_title())

    def types_in_words(self) -> str:
        """The names of the types of pages that it is about."""
        names = dict(page_types())
        return ", ".join(str(names[label]) for label in self.page_types if label in names)

"""Frequently asked questions: snippets with all that Wagtail has for content."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    PreviewableMixin,
    RevisionMixin,
    TranslatableMixin,
    WorkflowMixin,
)
from wagtail.search import index

from ..panels import SourcePanel
from ..richtext import ANSWER_FEATURES, expand
from ..widgets import KnownTexts


class Faq(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    TranslatableMixin,
    index.Indexed,
    models.Model,
):
    question = models.CharField(_("question"), max_length=255)
    answer = RichTextField(_("answer"), features=ANSWER_FEATURES)
    category = models.CharField(
        _("category"),
        max_length=100,
        blank=True,
        help_text=_("Questions of one category stand together. Choose one that there is, or write a new one."),
    )
    site = models.ForeignKey(
        "wagtailcore.Site",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="+",
        verbose_name=_("site"),
        help_text=_("Empty means all sites."),
    )
    sort_order = models.IntegerField(_("order"), null=True, editable=False)
    """Place among those of the same language; given when it is first saved, then by dragging."""

    panels = [
        SourcePanel(),
        FieldPanel("question"),
        FieldPanel("answer"),
        FieldRowPanel(
            [FieldPanel("category", widget=KnownTexts("wagtail_livechat_helpdesk.Faq", "category")), FieldPanel("site")]
        ),
    ]
    search_fields = [
        index.SearchField("question", boost=4),
        index.SearchField("answer"),
        index.SearchField("category", boost=2),
        index.AutocompleteField("question"),
        index.AutocompleteField("category"),
        index.FilterField("id"),
        index.FilterField("locale_id"),
        index.FilterField("site_id"),
        index.FilterField("live"),
        index.FilterField("category"),
    ]
    preview_modes = [("", _("In the widget"))]

    class Meta(TranslatableMixin.Meta):
        ordering = ["sort_order", "pk"]
        verbose_name = _("FAQ")
        verbose_name_plural = _("FAQs")

    def __str__(self) -> str:
        return self.question

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.sort_order is None:
            last = Faq.objects.filter(locale=self.locale_id).aggregate(last=models.Max("sort_order"))["last"]
            self.sort_order = 0 if last is None else last + 1
        super().save(*args, **kwargs)

    def with_content_json(self, content: dict[str, Any]) -> Self:
        """A revision says what the answer was, not where it stood: publishing it must not undo somebody's dragging."""
        earlier: Self = super().with_content_json(content)
        earlier.sort_order = self.sort_order
        return earlier

    @property
    def answer_html(self) -> Any:
        return expand(self.answer)

    def get_preview_template(self, request: HttpRequest, mode_name: str) -> str:
        return "wagtail_livechat_helpdesk/faq_preview.html"

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        from ..preview import looks

        return {**super().get_preview_context(request, mode_name), **looks(self.site_id, self.locale.language_code)}

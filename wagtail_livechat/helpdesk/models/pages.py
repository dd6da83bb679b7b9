"""The pages of a helpdesk: an index, its categories, their articles.

What they are is in abstract mixins, for sites that want page types of their own; the concrete ones are thin. Order is
that of the page tree, shown or hidden is published or not, and a section may be private: all Wagtail's own.
"""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from ...colors import readable_ink
from .. import icons, presenting
from ..blocks import BodyBlock
from ..panels import SourcePanel
from ..widgets import ColorInput, IconChooser
from .people import Author

DEFAULT_COLOR = "#2e4a62"


class HelpdeskIndexMixin(models.Model):
    """Where a helpdesk begins: search, the categories, and the FAQs."""

    introduction = models.TextField(_("introduction"), blank=True, max_length=500)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        return {**context, **presenting.index_context(self, request)}


class HelpdeskCategoryMixin(models.Model):
    introduction = models.TextField(_("introduction"), blank=True, max_length=500)
    icon = models.CharField(_("icon"), max_length=30, default=icons.DEFAULT)
    color = models.CharField(
        _("colour"),
        max_length=7,
        default=DEFAULT_COLOR,
        validators=[RegexValidator(r"^#[0-9a-fA-F]{6}\Z", _("Write a colour as #rrggbb."))],
        help_text=_("What is written on it is black or white, whichever is easier to read."),
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("icon", widget=IconChooser),
        FieldPanel("color", widget=ColorInput),
    ]
    search_fields = [*Page.search_fields, index.SearchField("introduction")]

    class Meta:
        abstract = True

    @property
    def ink(self) -> str:
        """The colour of what stands on ``color``."""
        return readable_ink(self.color)

    def clean(self) -> None:
        super().clean()
        # A name that the gallery does not have can only come from outside the form.
        if self.icon not in icons.GALLERY:
            self.icon = icons.DEFAULT

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        return {**context, **presenting.category_context(self, request)}


class HelpdeskArticleMixin(models.Model):
    summary = models.CharField(
        _("summary"), max_length=255, blank=True, help_text=_("One sentence, shown in lists and in the widget.")
    )
    body = StreamField(BodyBlock(), verbose_name=_("body"), blank=True)
    author = models.ForeignKey(
        Author, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("author")
    )

    content_panels = [
        SourcePanel(),
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("body"),
        FieldPanel("author"),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary", boost=2),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    @property
    def signature(self) -> Author | None:
        """The author in the article's own language, where there is such a translation."""
        if self.author is None:
            return None
        return self.author.get_translation_or_none(self.locale) or self.author  # type: ignore[attr-defined]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)  # type: ignore[misc]
        return {**context, **presenting.article_context(self, request)}


class HelpdeskIndexPage(HelpdeskIndexMixin, Page):  # type: ignore[django-manager-missing]
    template = "wagtail_livechat_helpdesk/index_page.html"
    subpage_types = ["wagtail_livechat_helpdesk.HelpdeskCategoryPage"]

    class Meta:
        verbose_name = _("helpdesk")
        verbose_name_plural = _("helpdesks")


class HelpdeskCategoryPage(HelpdeskCategoryMixin, Page):  # type: ignore[django-manager-missing]
    template = "wagtail_livechat_helpdesk/category_page.html"
    parent_page_types = ["wagtail_livechat_helpdesk.HelpdeskIndexPage"]
    subpage_types = ["wagtail_livechat_helpdesk.HelpdeskArticlePage"]

    class Meta:
        verbose_name = _("helpdesk category")
        verbose_name_plural = _("helpdesk categories")


class HelpdeskArticlePage(HelpdeskArticleMixin, Page):  # type: ignore[django-manager-missing]
    template = "wagtail_livechat_helpdesk/article_page.html"
    parent_page_types = ["wagtail_livechat_helpdesk.HelpdeskCategoryPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = _("helpdesk article")
        verbose_name_plural = _("helpdesk articles")

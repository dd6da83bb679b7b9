"""The page types of a small shop: what a real site would have, and no more."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from wagtail_livechat.blocks import ChatLinkBlock
from wagtail_livechat.models import LiveChatPageMixin

PICTURE: dict[str, Any] = {
    "to": "wagtailimages.Image",
    "null": True,
    "blank": True,
    "on_delete": models.SET_NULL,
    "related_name": "+",
}


class HomePage(LiveChatPageMixin, Page):  # type: ignore[django-manager-missing]
    headline = models.CharField(max_length=120)
    intro = models.TextField(blank=True)
    picture = models.ForeignKey(**PICTURE)

    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("intro"), FieldPanel("picture")]
    subpage_types = [
        "shop.ProductIndexPage",
        "shop.ContactPage",
        "shop.TextPage",
        "wagtail_livechat_helpdesk.HelpdeskIndexPage",
    ]
    parent_page_types = ["wagtailcore.Page"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        index = ProductIndexPage.objects.child_of(self).live().first()
        context["index"] = index
        context["products"] = index.products()[:4] if index else []
        return context


class ProductIndexPage(LiveChatPageMixin, Page):  # type: ignore[django-manager-missing]
    intro = models.TextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    subpage_types = ["shop.ProductPage"]
    parent_page_types = ["shop.HomePage"]

    def products(self) -> models.QuerySet[ProductPage]:
        return ProductPage.objects.child_of(self).live().select_related("picture")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context(request, *args, **kwargs), "products": self.products()}


class ProductPage(LiveChatPageMixin, Page):  # type: ignore[django-manager-missing]
    summary = models.CharField(max_length=200)
    body = RichTextField(blank=True)
    price = models.PositiveIntegerField(help_text=_("In kronor."))
    price_before = models.PositiveIntegerField(null=True, blank=True)
    material = models.CharField(max_length=120, blank=True)
    size = models.CharField(max_length=120, blank=True)
    in_stock = models.BooleanField(default=True)
    picture = models.ForeignKey(**PICTURE)
    extras = StreamField([("chat", ChatLinkBlock())], blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("picture"),
        FieldPanel("body"),
        FieldPanel("extras"),
        MultiFieldPanel(
            [
                FieldPanel("price"),
                FieldPanel("price_before"),
                FieldPanel("material"),
                FieldPanel("size"),
                FieldPanel("in_stock"),
            ],
            heading=_("Facts"),
        ),
    ]
    subpage_types: list[str] = []
    parent_page_types = ["shop.ProductIndexPage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        others = ProductPage.objects.sibling_of(self, inclusive=False).live().select_related("picture")[:3]
        return {**super().get_context(request, *args, **kwargs), "others": others}


class ContactPage(LiveChatPageMixin, Page):  # type: ignore[django-manager-missing]
    intro = models.TextField(blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    address = models.TextField(blank=True)
    hours = models.TextField(blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("email"),
        FieldPanel("phone"),
        FieldPanel("address"),
        FieldPanel("hours"),
    ]
    subpage_types: list[str] = []


class TextPage(LiveChatPageMixin, Page):  # type: ignore[django-manager-missing]
    intro = models.TextField(blank=True)
    body = RichTextField(blank=True, features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "livechat"])
    picture = models.ForeignKey(**PICTURE)

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("picture"), FieldPanel("body")]
    subpage_types: list[str] = []

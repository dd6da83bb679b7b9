"""Where editors work: the lists of FAQs and authors, and the helpdesk's place in the menu "Live chat"."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.ui.tables import Column, LiveStatusTagColumn, UpdatedAtColumn
from wagtail.admin.utils import set_query_params
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.models import Page, Site
from wagtail.permissions import page_permission_policy
from wagtail.snippets.views.snippets import (
    ConfirmWorkflowCancellationView,
    IndexView,
    ReorderView,
    SnippetViewSet,
)

from ..desk.menu import place
from .models import Author, Faq, HelpdeskIndexMixin


class FaqIndexView(IndexView):
    """The list of all languages, each with an order of its own: dragging is done in the list of one of them."""

    def get_valid_orderings(self) -> Any:
        orderings = super().get_valid_orderings()
        if (
            self.sort_order_field not in orderings
            and not self.is_searching
            and self.filters.form.changed_data == ["locale"]
        ):
            # Wagtail allows dragging in a whole list only. That of a language is one.
            orderings.append(self.sort_order_field)
        return orderings

    def get_base_queryset(self) -> QuerySet[Faq]:
        found: QuerySet[Faq] = super().get_base_queryset().select_related("locale", "site")
        return found.filter(locale=self.locale) if self.show_ordering_column and self.locale else found

    @cached_property
    def reorder_button(self) -> Any:
        button = super().reorder_button
        if button and self.locale:
            # Wagtail's own leads to the list of the default language.
            address = {"ordering": self.sort_order_field, "locale": self.locale.language_code}
            button.url = set_query_params(self.index_url, address)
        return button

    @cached_property
    def columns(self) -> list[Any]:
        columns = super().columns
        return columns if self.locale else [column for column in columns if column.name != "locale"]


class FaqReorderView(ReorderView):
    """Each language has an order of its own; the position that is posted is one in the list of that language."""

    def get_queryset(self) -> QuerySet[Faq]:
        moved = get_object_or_404(Faq, pk=self.kwargs["pk"])
        found: QuerySet[Faq] = super().get_queryset().filter(locale=moved.locale_id)
        return found


class FaqWorkflowCancellationView(PermissionCheckedMixin, ConfirmWorkflowCancellationView):
    """Wagtail's own says to whoever may enter the admin which workflow an FAQ is in, and at which task."""

    permission_required = "change"


class FaqViewSet(SnippetViewSet):
    model = Faq
    icon = "help"
    menu_label = _("FAQs")
    menu_name = "livechat-faqs"
    list_display = [
        "question",
        "category",
        Column("locale", label=_("Language")),
        "site",
        LiveStatusTagColumn(),
        UpdatedAtColumn(),
    ]
    list_filter = ["category", "site", "live"]
    ordering = ["locale", "sort_order"]
    sort_order_field = "sort_order"
    index_view_class = FaqIndexView
    reorder_view_class = FaqReorderView
    confirm_workflow_cancellation_view_class = FaqWorkflowCancellationView
    copy_view_enabled = True
    add_to_admin_menu = False
    base_url_path = "livechat/faqs"


class AuthorViewSet(SnippetViewSet):
    """Who signs articles."""

    model = Author
    icon = "user"
    menu_label = _("Authors")
    menu_name = "livechat-authors"
    list_display = ["name", "role", UpdatedAtColumn()]
    copy_view_enabled = False
    add_to_admin_menu = False
    base_url_path = "livechat/authors"


class HelpdeskMenuItem(MenuItem):
    """Leads to the helpdesk in the page explorer; where there are several, to their list; where there is none, to where
    one can be made."""

    def __init__(self) -> None:
        super().__init__(
            _("Helpdesk"), "", name="livechat-helpdesk", icon_name="clipboard-list", order=place("helpdesk")
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return bool(page_permission_policy.user_has_any_permission(request.user, {"add", "change", "publish"}))

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        # One item serves all requests, so what differs from user to user must not be kept on it.
        return LinkMenuItem(
            self.name, self.label, helpdesk_address(request.user), icon_name=self.icon_name, classname=self.classname
        )


def helpdesk_address(user: Any) -> str:
    indexes = page_permission_policy.explorable_instances(user).type(HelpdeskIndexMixin).order_by("path")
    found = list(indexes.values_list("pk", "translation_key", "content_type__app_label", "content_type__model"))
    if not found:
        site = Site.objects.filter(is_default_site=True).first()
        return reverse("wagtailadmin_explore", args=[site.root_page_id] if site else [Page.get_first_root_node().pk])
    if len({key for _, key, *_ in found}) == 1:
        # One, perhaps in several languages, between which the explorer switches.
        return reverse("wagtailadmin_explore", args=[found[0][0]])
    return reverse("wagtailadmin_pages:type_use", args=found[0][2:])

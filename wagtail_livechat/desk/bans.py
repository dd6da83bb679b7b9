"""Who is kept out: the list of bans, to search, to add to and to let people in again from, one or many at once."""

from __future__ import annotations

from typing import Any

import django_filters  # type: ignore[import-untyped]
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import (
    BulkActionsCheckboxColumn,
    ButtonsColumnMixin,
    Column,
    DateColumn,
    TitleColumn,
)
from wagtail.admin.views.bulk_action import BulkAction
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet

from ..actions import bans
from ..models import Ban
from ..permissions import may
from ..veils import veil_for


class BanForm(forms.ModelForm):
    """A ban by address; bans of one visitor are made at the desk, where the visitor is."""

    class Meta:
        model = Ban
        fields = ["network", "reason", "expires_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A ban of one visitor has no address, and must not become one of an address by being edited.
        self.fields["network"].required = not self.instance.visitor_id

    def clean_network(self) -> str:
        if not self.cleaned_data["network"]:
            return ""
        try:
            return bans.parse_network(self.cleaned_data["network"])
        except ValueError:
            raise ValidationError(_("Write an IPv4 or IPv6 address, or a range such as 192.0.2.0/24.")) from None

    def clean_expires_at(self) -> Any:
        until = self.cleaned_data["expires_at"]
        if until and until <= timezone.now():
            raise ValidationError(_("Choose a time that is still to come, or leave it empty."))
        return until


def who(ban: Ban) -> str:
    """The address, or the visitor as everyone may see them."""
    if ban.network or ban.visitor is None:
        return str(ban)
    return veil_for(None, ban.visitor.site_id).detail("name", ban.visitor.name) or str(ban)


def why(ban: Ban) -> str:
    return veil_for(None, ban.visitor.site_id if ban.visitor else None).text(ban.reason)


class WhoColumn(ButtonsColumnMixin, TitleColumn):
    """Leads to the ban, and has the row's actions."""

    def __init__(self, view: IndexView) -> None:
        super().__init__(
            "who",
            label=_("Who"),
            accessor=who,
            get_url=view.get_edit_url,
            get_title_id=lambda ban: f"ban_{ban.pk}_title",
        )
        self.view = view

    def get_buttons(self, instance: Ban, parent_context: Any) -> Any:
        return self.view.get_list_buttons(instance)


class BanFilters(WagtailFilterSet):
    now = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[("holds", _("In force")), ("expired", _("Run out")), ("lifted", _("Lifted"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="in_state",
    )

    class Meta:
        model = Ban
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Ban], name: str, value: str) -> QuerySet[Ban]:
        now = timezone.now()
        return {
            "holds": rows.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), lifted_at__isnull=True),
            "expired": rows.filter(expires_at__lte=now, lifted_at__isnull=True),
            "lifted": rows.filter(lifted_at__isnull=False),
        }[value]


def state(ban: Ban) -> Any:
    if ban.lifted_at:
        return _("Lifted")
    return _("Run out") if ban.expires_at and ban.expires_at <= timezone.now() else _("In force")


class StateColumn(Column):
    cell_template_name = "wagtailadmin/tables/status_tag_cell.html"

    def get_cell_context_data(self, instance: Ban, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["primary"] = state(instance) == _("In force")
        return context


class BanIndexView(IndexView):
    template_name = "wagtail_livechat/bans/list.html"

    @cached_property
    def columns(self) -> list[Column]:
        ticks = [BulkActionsCheckboxColumn("ticks", obj_type="ban")] if self.user_has_permission("delete") else []
        return [*ticks, WhoColumn(self), *super().columns]

    def search_queryset(self, queryset: QuerySet[Ban]) -> QuerySet[Ban]:
        """By address, name and reason as they are shown: searching must not tell what masking hides."""
        if not self.is_searching:
            return queryset
        looked_for = self.search_query.casefold()
        found = [ban.pk for ban in queryset if looked_for in who(ban).casefold() or looked_for in why(ban).casefold()]
        return queryset.filter(pk__in=found)

    def get_base_queryset(self) -> QuerySet[Ban]:
        # What has run out or was lifted stays in the list, below what holds.
        return (
            super()
            .get_base_queryset()
            .select_related("visitor", "created_by")
            .order_by(F("lifted_at").asc(nulls_first=True), "-created_at")
        )

    def get_list_more_buttons(self, instance: Ban) -> list[Any]:
        unban_url = self.get_delete_url(instance)
        buttons = [
            one for one in super().get_list_more_buttons(instance) if one.url != unban_url or not instance.lifted_at
        ]
        for button in buttons:
            if button.url == unban_url:
                button.label, button.icon_name = _("Unban"), "lock-open"
        return buttons


class BanCreateView(CreateView):
    def save_instance(self) -> Ban:
        ban = self.form.save(commit=False)
        ban.created_by = self.request.user
        bans.begin(ban, user=self.request.user)
        return ban


class BanEditView(EditView):
    def save_instance(self) -> Ban:
        ban = super().save_instance()
        bans.take_effect(ban)
        return ban


class UnbanView(DeleteView):
    """Lets them in again. The entry stays: who was kept out, why and by whom is a record."""

    page_title = _("Unban")
    success_message = _("'%(object)s' may come in again.")

    def delete_action(self) -> None:
        bans.lift(self.object.pk, user=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["submit_button_label"] = _("Unban")
        return context

    @property
    def confirmation_message(self) -> Any:
        return _("Let '%(object)s' use the chat again?") % {"object": self.object}


class BanViewSet(ModelViewSet):
    """Who is kept out, why, by whom and until when."""

    model = Ban
    icon = "no-view"
    menu_label = _("Bans")
    list_display = [
        StateColumn("state", label=_("State"), accessor=state),
        Column("reason", label=_("Reason"), accessor=why, sort_key="reason"),
        Column("created_by", label=_("By")),
        DateColumn("created_at", label=_("Since")),
        DateColumn("expires_at", label=_("Until")),
        DateColumn("lifted_at", label=_("Lifted")),
    ]
    # That there is a search; how it searches is the view's.
    search_fields = ["network", "reason"]
    filterset_class = BanFilters
    form_fields = ["network", "reason", "expires_at"]
    index_view_class = BanIndexView
    add_view_class = BanCreateView
    edit_view_class = BanEditView
    delete_view_class = UnbanView
    inspect_view_enabled = False
    copy_view_enabled = False
    add_to_admin_menu = False
    name = "livechat_bans"
    url_prefix = "livechat/bans"

    def get_form_class(self, for_update: bool = False) -> Any:
        return BanForm


class UnbanAction(BulkAction):
    """Lets several in again at once."""

    display_name = _("Unban")
    action_type = "unban"
    aria_label = _("Let the chosen in again")
    template_name = "wagtail_livechat/bans/unban.html"
    models = [Ban]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may(request.user, "unban"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_all_objects_in_listing_query(self, parent_id: Any) -> Any:
        return bans.in_force().values_list("pk", flat=True)

    def object_context(self, obj: Ban) -> dict[str, Any]:
        return {"item": obj, "who": who(obj), "why": why(obj)}

    def get_execution_context(self) -> dict[str, Any]:
        return {"user": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[Ban], user: Any = None, **kwargs: Any) -> tuple[int, int]:
        for ban in objects:
            bans.lift(ban.pk, user=user)
        return len(objects), 0

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str:
        return ngettext("%(count)d ban was lifted.", "%(count)d bans were lifted.", num_parent_objects) % {
            "count": num_parent_objects
        }

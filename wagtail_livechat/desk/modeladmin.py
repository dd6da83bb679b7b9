"""Plain listings in the admin: the record of conversations (read-only), operators and departments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import HistoryView, InspectView

from .. import drafts
from ..actions.reveal import reveal
from ..exceptions import LiveChatError, NotFound
from ..models import Conversation, Department, Visitor
from ..permissions import OperatorActor, may, reader_of, visible_conversations
from ..snapshots import consent_of, page_ref, visitor_details
from ..veils import DETAILS, veil_for
from . import lists
from .record import record_lines


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """What is known of a visitor, a line of the record."""

    name: str
    label: str
    text: str
    is_masked: bool
    is_revealed: bool


class RecordPermissions(PermissionHelper):
    """Conversations are read, never written."""

    def user_can_list(self, user: Any) -> bool:
        return may(user, "see_history")

    def user_can_inspect_obj(self, user: Any, obj: Conversation) -> bool:
        return may(user, "see_history") and visible_conversations(reader_of(user)).filter(pk=obj.pk).exists()

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Conversation) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Conversation) -> bool:
        return False


class RecordView(InspectView):
    """A conversation as it went, with notes and events."""

    def get_page_title(self) -> Any:
        return _("Conversation")

    def get_fields_dict(self) -> list[dict[str, Any]]:
        """None: the row as it is stored is not for the template, nor for whoever dumps what a template was given."""
        return []

    revealed: dict[int | str, str] = {}
    """What this request asked to see, by the number of its entry or the name of the detail."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One message or detail is revealed. It is in the answer and nowhere else: who loads the page anew sees stars."""
        what = request.POST.get("what", "")
        part: dict[str, Any] = {"seq": int(what)} if what.isdecimal() and len(what) < 10 else {"detail": what}
        try:
            if part.get("detail", "name") not in DETAILS:
                raise NotFound(_("There is nothing to reveal."))
            text = reveal(
                self.instance.uuid,
                actor=reader_of(request.user),
                reason=" ".join(request.POST.get("reason", "").replace("\x00", "").split())[:255],
                **part,
            )
        except LiveChatError as error:
            messages.error(request, str(error.message))
        else:
            self.revealed = {part.get("seq") or what: text}
        return self.get(request, *args, **kwargs)

    def details(self, who: OperatorActor) -> list[RecordDetail]:
        """Of the visitor: what may be seen, and what was revealed of it."""
        visitor = self.instance.visitor
        shown = visitor_details(visitor, veil_for(who, self.instance.site_id))
        return [
            RecordDetail(
                name=field,
                label=str(getattr(Visitor._meta.get_field(field), "verbose_name", field)).capitalize(),
                text=self.revealed.get(field, shown[field]),
                is_masked=shown[field] != getattr(visitor, field),
                is_revealed=field in self.revealed,
            )
            for field in DETAILS
            if shown[field] or field in ("name", "email")
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        conversation = self.instance
        who = reader_of(self.request.user)
        veil = veil_for(who, conversation.site_id)
        keeper = drafts.provider()
        said = {key: text for key, text in self.revealed.items() if isinstance(key, int)}
        return super().get_context_data(
            lines=record_lines(conversation, who, said),
            details=self.details(who),
            may_reveal=who.may_reveal,
            page=page_ref(conversation, veil),
            consent=consent_of(conversation),
            wrap_up_note=veil.text(conversation.wrap_up_note),
            privacy_url=_privacy_url(conversation) if may(self.request.user, "erase_visitors") else "",
            downloads=_downloads(conversation) if may(self.request.user, "export_conversations") else [],
            conversation=conversation,
            duration=_length(conversation.created_at, conversation.ended_at),
            answered_after=_length(conversation.created_at, conversation.answered_at),
            joined=[p.operator.name for p in conversation.participations.select_related("operator__user")],
            drafts=keeper.of_conversation(conversation.pk, self.request.user) if keeper is not None else [],
            earlier=conversation.visitor.conversations.exclude(pk=conversation.pk).count(),
            **kwargs,
        )


def _privacy_url(conversation: Conversation) -> str:
    """Where this visitor's data is exported and erased."""
    asked = urlencode({"site": conversation.site_id, "who": conversation.case_number})
    return f"{reverse('wagtail_livechat_desk:privacy')}?{asked}"


def _downloads(conversation: Conversation) -> list[tuple[Any, str]]:
    """What the whole conversation can be taken out as."""
    kinds = (("text", _("Text")), ("html", _("Web page")), ("json", "JSON"))
    address = "wagtail_livechat_desk:record_file"
    return [(label, reverse(address, args=[conversation.case_number, kind])) for kind, label in kinds]


def _length(start: Any, end: Any) -> timedelta | None:
    """Whole seconds between the two, if both are known."""
    return timedelta(seconds=round((end - start).total_seconds())) if start and end else None


class ConversationAdmin(ModelAdmin):
    model = Conversation
    add_to_admin_menu = False  # in the group of wagtail_hooks
    base_url_path = "livechat/conversations"
    menu_label = _("Conversations")
    menu_icon = "history"
    permission_helper_class = RecordPermissions
    inspect_view_enabled = True
    inspect_view_class = RecordView
    inspect_template_name = "wagtail_livechat/record.html"
    inspect_view_extra_css = ["wagtail_livechat/record.css", "wagtail_livechat/paper.css"]
    history_view_enabled = False

    def index_view(self, request: HttpRequest) -> HttpResponse:
        # Longer than modeladmin's pages, which count everything, can show.
        return lists.ConversationList.as_view()(request)

    def get_permissions_for_registration(self) -> Any:
        """The group editor offers the rights of the chat, not "add" and "change": nobody edits a conversation."""
        return (
            super()
            .get_permissions_for_registration()
            .exclude(codename__regex=r"^(add|change|delete|view)_conversation$")
        )


class ManagedPermissions(PermissionHelper):
    """Wagtail's own rights of the model; whoever may do nothing with it does not see the listing."""

    def user_has_any_permissions(self, user: Any) -> bool:
        return any(
            self.user_has_specific_permission(user, self.get_perm_codename(action))
            for action in ("add", "change", "delete", "view")
        )


class GuardedHistoryView(HistoryView):
    """modeladmin's own shows everybody in the admin what was changed."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not self.permission_helper.user_can_edit_obj(request.user, self.instance):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class DepartmentAdmin(ModelAdmin):
    model = Department
    add_to_admin_menu = False  # in the group of wagtail_hooks
    base_url_path = "livechat/departments"
    menu_label = _("Departments")
    menu_icon = "folder-inverse"
    permission_helper_class = ManagedPermissions
    history_view_class = GuardedHistoryView
    list_display = ("name", "handout", "site_names", "email", "is_active")
    list_filter = ("is_active",)
    search_fields = ("name", "email")
    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("email"), FieldPanel("is_active")], heading=_("Department")),
        MultiFieldPanel(
            [FieldPanel("handout"), FieldPanel("sites", widget=CheckboxSelectMultiple), FieldPanel("sort_order")],
            heading=_("How it works"),
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Department]:
        return super().get_queryset(request).prefetch_related("sites")

    def site_names(self, obj: Department) -> str:
        return ", ".join(site.site_name or site.hostname for site in obj.sites.all()) or str(_("All"))

    site_names.short_description = _("Sites")  # type: ignore[attr-defined]


conversations = ConversationAdmin()
departments = DepartmentAdmin()


@require_GET
def record(request: HttpRequest, case_number: str) -> HttpResponse:
    """A conversation's record by its case number, which is what people write down."""
    if not may(request.user, "see_history"):
        raise PermissionDenied
    conversation = get_object_or_404(visible_conversations(reader_of(request.user)), case_number=case_number)
    return HttpResponseRedirect(conversations.url_helper.get_action_url("inspect", quote(conversation.pk)))

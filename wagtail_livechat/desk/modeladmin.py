"""Plain listings in the admin: the record of conversations (read-only), operators and departments."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Site
from wagtail_modeladmin.helpers import ButtonHelper, PermissionHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import InspectView

from .. import drafts
from ..actions.reveal import reveal
from ..exceptions import LiveChatError, NotFound
from ..models import Conversation, Department, Entry, Operator, Visitor
from ..permissions import OperatorActor, may, visible_conversations
from ..permissions import reader_of as reader
from ..snapshots import effective_status, entry_for, page_ref, visitor_details, with_site
from ..veils import DETAILS, Veil, veil_for
from .record import record_lines


@dataclass(frozen=True, slots=True)
class RecordDetail:
    """What is known of a visitor, a line of the record."""

    name: str
    label: str
    text: str
    is_masked: bool
    is_revealed: bool


SEARCHED = 5000
"""Entries, the newest first, that a search looks through where something is hidden."""


class RecordPermissions(PermissionHelper):
    """Conversations are read, never written."""

    def user_can_list(self, user: Any) -> bool:
        return may(user, "see_history")

    def user_can_inspect_obj(self, user: Any, obj: Conversation) -> bool:
        return may(user, "see_history") and visible_conversations(reader(user)).filter(pk=obj.pk).exists()

    def user_can_create(self, user: Any) -> bool:
        return False

    def user_can_edit_obj(self, user: Any, obj: Conversation) -> bool:
        return False

    def user_can_delete_obj(self, user: Any, obj: Conversation) -> bool:
        return False


class RecordButtons(ButtonHelper):
    """Nothing to press: a row's case number is the link."""

    def get_buttons_for_obj(self, obj: Conversation, *args: Any, **kwargs: Any) -> list[Any]:
        return []

    def get_primary_button(self, obj: Conversation) -> None:
        """Asked for each row; the list holds only what this user may read, so nothing needs to be looked up."""


class RecordSearch:
    """Case number, visitor or what was said. Every word must be found somewhere in the conversation.

    Only what the reader may see is found: otherwise trying numbers one after the other would tell what is hidden.
    """

    show_search_form = True

    def __init__(self, search_fields: Any, who: OperatorActor) -> None:
        self.who = who

    def search_queryset(
        self, queryset: QuerySet[Conversation], search_term: str, **kwargs: Any
    ) -> QuerySet[Conversation]:
        sites = Site.objects.values_list("pk", flat=True)
        hidden_of = [site_id for site_id in sites if veil_for(self.who, site_id).rules]
        for word in search_term.replace("\x00", "").split():
            queryset = queryset.filter(
                Q(case_number__icontains=word.lstrip("#"))
                | self._said(word, hidden_of)
                | self._of_visitor(word, hidden_of)
            )
        return queryset

    def _said(self, word: str, hidden_of: list[int]) -> Q:
        said = Entry.objects.filter(conversation=OuterRef("pk"), body__icontains=word)
        if not hidden_of:
            return Q(Exists(said))
        # Of sites where something is hidden: texts in which there could be nothing, and those that were looked at.
        suspect = Q(body__regex=r"[0-9@]|[^ -~\s]")
        harmless = said.filter(~Q(conversation__site__in=hidden_of) | ~suspect)
        shown = [
            entry.conversation_id
            for entry in with_site(
                Entry.objects.filter(suspect, conversation__site__in=hidden_of, body__icontains=word)
            )
            .order_by("-pk")[:SEARCHED]
            .iterator()
            if word.casefold() in entry_for(self.who, entry).text.casefold()
        ]
        return Q(Exists(harmless)) | Q(pk__in=shown)

    def _of_visitor(self, word: str, hidden_of: list[int]) -> Q:
        found = Q(visitor__name__icontains=word) | Q(visitor__email__icontains=word)
        if not hidden_of:
            return found
        candidates = Visitor.objects.filter(Q(name__icontains=word) | Q(email__icontains=word), site__in=hidden_of)
        shown = []
        for visitor in candidates.order_by("-pk")[:SEARCHED].iterator():
            details = visitor_details(visitor, veil_for(self.who, visitor.site_id))
            # Whoever knows a whole address learns nothing by finding it.
            if any(word.casefold() in details[field].casefold() for field in ("name", "email")) or (
                word.casefold() == visitor.email.casefold()
            ):
                shown.append(visitor.pk)
        return (found & ~Q(site__in=hidden_of)) | Q(visitor__in=shown)


class RecordView(InspectView):
    """A conversation as it went, with notes and events."""

    def get_page_title(self) -> Any:
        return _("Conversation")

    revealed: dict[int | str, str] = {}
    """What this request asked to see, by the number of its entry or the name of the detail."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """One message or detail is revealed. It is in the answer and nowhere else: who loads the page anew sees stars."""
        what = request.POST.get("what", "")
        part: dict[str, Any] = {"seq": int(what)} if what.isdecimal() and len(what) < 10 else {"detail": what}
        try:
            if part.get("detail", "name") not in DETAILS:
                raise NotFound("There is nothing to reveal.")
            text = reveal(
                self.instance.uuid,
                actor=reader(request.user),
                reason=" ".join(request.POST.get("reason", "").replace("\x00", "").split())[:255],
                **part,
            )
        except LiveChatError as error:
            messages.error(request, error.message)
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
                label=str(Visitor._meta.get_field(field).verbose_name).capitalize(),
                text=self.revealed.get(field, shown[field]),
                is_masked=shown[field] != getattr(visitor, field),
                is_revealed=field in self.revealed,
            )
            for field in DETAILS
            if shown[field] or field in ("name", "email")
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        conversation = self.instance
        who = reader(self.request.user)
        veil = veil_for(who, conversation.site_id)
        keeper = drafts.provider()
        said = {key: text for key, text in self.revealed.items() if isinstance(key, int)}
        return super().get_context_data(
            lines=record_lines(conversation, who, said),
            details=self.details(who),
            may_reveal=who.may_reveal,
            page=page_ref(conversation, veil),
            privacy_url=_privacy_url(conversation) if may(self.request.user, "erase_visitors") else "",
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


def _length(start: Any, end: Any) -> timedelta | None:
    """Whole seconds between the two, if both are known."""
    return timedelta(seconds=round((end - start).total_seconds())) if start and end else None


def _veil_of_row(row: Any) -> Veil:
    who = OperatorActor(0, "", frozenset(), sees_masked=getattr(row, "reader_sees_masked", False))
    return veil_for(who, row.site_id)


class ConversationAdmin(ModelAdmin):
    model = Conversation
    add_to_admin_menu = False  # in the group of wagtail_hooks
    base_url_path = "livechat/conversations"
    menu_label = _("Conversations")
    menu_icon = "history"
    list_display = ("case", "visitor_name", "page_name", "department", "operator", "started", "state_tag")
    list_filter = ("state", "department", "operator", "created_at")
    list_select_related = ("visitor", "department", "operator__user")
    list_per_page = 50
    ordering = ("-created_at", "-pk")
    search_handler_class = RecordSearch
    search_fields = ("case_number",)
    permission_helper_class = RecordPermissions
    button_helper_class = RecordButtons
    inspect_view_enabled = True
    inspect_view_class = RecordView
    inspect_template_name = "wagtail_livechat/record.html"
    inspect_view_extra_css = ["wagtail_livechat/record.css"]
    index_view_extra_css = ["wagtail_livechat/record.css"]
    history_view_enabled = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Conversation]:
        who = reader(request.user)
        # The columns below get a row and no request, so the row brings along what its reader may see.
        return (
            super()
            .get_queryset(request)
            .filter(pk__in=visible_conversations(who).values("pk"))
            .annotate(reader_sees_masked=Value(who.sees_masked))
        )

    def get_search_handler(self, request: HttpRequest, search_fields: Any = None) -> RecordSearch:
        return RecordSearch(search_fields, reader(request.user))

    def get_permissions_for_registration(self) -> Any:
        """The group editor offers the rights of the chat, not "add" and "change": nobody edits a conversation."""
        return (
            super()
            .get_permissions_for_registration()
            .exclude(codename__regex=r"^(add|change|delete|view)_conversation$")
        )

    def case(self, obj: Conversation) -> str:
        url = self.url_helper.get_action_url("inspect", quote(obj.pk))
        return format_html('<a class="livechat-case" href="{}">{}</a>', url, obj.case_number)

    case.short_description = _("Case")  # type: ignore[attr-defined]
    case.admin_order_field = "case_number"  # type: ignore[attr-defined]

    def visitor_name(self, obj: Conversation) -> str:
        shown = visitor_details(obj.visitor, _veil_of_row(obj))
        return shown["name"] or shown["email"] or str(_("Not named"))

    visitor_name.short_description = _("Visitor")  # type: ignore[attr-defined]
    visitor_name.admin_order_field = "visitor__name"  # type: ignore[attr-defined]

    def page_name(self, obj: Conversation) -> str:
        page = page_ref(obj, _veil_of_row(obj))
        return page.title or page.url if page else ""

    page_name.short_description = _("Page")  # type: ignore[attr-defined]

    def started(self, obj: Conversation) -> Any:
        return obj.created_at

    started.short_description = _("Started")  # type: ignore[attr-defined]
    started.admin_order_field = "created_at"  # type: ignore[attr-defined]

    def state_tag(self, obj: Conversation) -> str:
        primary = "" if obj.state == Conversation.State.ENDED else " primary"
        return format_html('<span class="w-status{}">{}</span>', primary, obj.get_state_display())

    state_tag.short_description = _("State")  # type: ignore[attr-defined]
    state_tag.admin_order_field = "state"  # type: ignore[attr-defined]


class ManagedPermissions(PermissionHelper):
    """Wagtail's own rights of the model; whoever may do nothing with it does not see the listing."""

    def user_has_any_permissions(self, user: Any) -> bool:
        return any(
            self.user_has_specific_permission(user, self.get_perm_codename(action))
            for action in ("add", "change", "delete", "view")
        )


class OperatorAdmin(ModelAdmin):
    model = Operator
    add_to_admin_menu = False  # in the group of wagtail_hooks
    base_url_path = "livechat/operators"
    menu_label = _("Operators")
    menu_icon = "group"
    permission_helper_class = ManagedPermissions
    list_display = ("name", "user", "department_names", "capacity", "status_now", "is_active")
    list_filter = ("is_active", "departments")
    list_select_related = ("user",)
    search_fields = ("display_name", "user__username", "user__first_name", "user__last_name", "user__email")
    panels = [
        MultiFieldPanel(
            [FieldPanel("user"), FieldPanel("display_name"), FieldPanel("picture")], heading=_("Who it is")
        ),
        MultiFieldPanel(
            [
                FieldPanel("departments", widget=CheckboxSelectMultiple),
                FieldPanel("languages"),
                FieldPanel("capacity"),
                FieldPanel("takes_offline_messages"),
                FieldPanel("is_active"),
            ],
            heading=_("What they answer"),
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operator]:
        return super().get_queryset(request).prefetch_related("departments")

    def name(self, obj: Operator) -> str:
        return obj.name

    name.short_description = _("Name")  # type: ignore[attr-defined]
    name.admin_order_field = "display_name"  # type: ignore[attr-defined]

    def department_names(self, obj: Operator) -> str:
        return ", ".join(department.name for department in obj.departments.all()) or str(_("All"))

    department_names.short_description = _("Departments")  # type: ignore[attr-defined]

    def status_now(self, obj: Operator) -> str:
        """What colleagues see: a chosen status counts while its operator is connected."""
        return str(Operator.Status(effective_status(obj, timezone.now())).label)

    status_now.short_description = _("Status")  # type: ignore[attr-defined]


class DepartmentAdmin(ModelAdmin):
    model = Department
    add_to_admin_menu = False  # in the group of wagtail_hooks
    base_url_path = "livechat/departments"
    menu_label = _("Departments")
    menu_icon = "folder-inverse"
    permission_helper_class = ManagedPermissions
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
operators = OperatorAdmin()
departments = DepartmentAdmin()


@require_GET
def record(request: HttpRequest, case_number: str) -> HttpResponse:
    """A conversation's record by its case number, which is what people write down."""
    if not may(request.user, "see_history"):
        raise PermissionDenied
    conversation = get_object_or_404(visible_conversations(reader(request.user)), case_number=case_number)
    return HttpResponseRedirect(conversations.url_helper.get_action_url("inspect", quote(conversation.pk)))

"""What operators work with, edited in the admin: quick replies, wrap-up reasons; and the letters that left, or did not."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, QuerySet, When
from django.utils.translation import gettext_lazy as _
from wagtail import permissions
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views.generic import EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from ..actions import letters
from ..models import AutoMessage, ChatRule, OutgoingMail, QuickReply, WrapUpReason
from ..permissions import reader_of
from ..veils import veil_for


class QuickReplyViewSet(SnippetViewSet):
    """Prepared answers: a snippet, in the order that somebody dragged them into."""

    model = QuickReply
    icon = "livechat"
    menu_label = _("Quick replies")
    list_display = ["name", "shortcut", "department", "language", BooleanColumn("is_active", label=_("Shown")), "used"]
    list_filter = ["department", "language", "is_active"]
    search_fields = ["name", "shortcut", "text"]
    sort_order_field = "sort_order"
    ordering = ["sort_order", "name"]
    copy_view_enabled = True
    add_to_admin_menu = False
    base_url_path = "livechat/quick-replies"


class AutoMessageViewSet(SnippetViewSet):
    """What is said above the launcher: of those that fit, the first in the order that somebody dragged them into."""

    model = AutoMessage
    icon = "comment"
    menu_label = _("Auto-messages")
    list_display = ["name", "site", "frequency", BooleanColumn("is_active", label=_("Shown")), "shown", "clicked"]
    list_filter = ["site", "is_active"]
    search_fields = ["name", "content"]
    sort_order_field = "sort_order"
    ordering = ["sort_order", "name"]
    copy_view_enabled = True
    add_to_admin_menu = False
    base_url_path = "livechat/auto-messages"


class ChatRuleViewSet(SnippetViewSet):
    """What the chat is like on sections of the site, for sites whose page types do not choose themselves."""

    model = ChatRule
    icon = "site"
    menu_label = _("Chat rules")
    list_display = [
        "__str__",
        Column("types", label=_("Types of pages"), accessor="types_in_words"),
        Column("chat", label=_("Chat"), accessor="get_chat_visibility_display"),
        Column("chat_department", label=_("Department")),
    ]
    list_filter = ["chat_visibility", "chat_department"]
    sort_order_field = "sort_order"
    ordering = ["sort_order", "pk"]
    copy_view_enabled = False
    add_to_admin_menu = False
    base_url_path = "livechat/chat-rules"


class WrapUpReasonViewSet(ModelViewSet):
    """Why conversations are closed."""

    model = WrapUpReason
    icon = "tag"
    menu_label = _("Wrap-up reasons")
    list_display = ["name", BooleanColumn("is_active", label=_("Active"))]
    search_fields = ["name"]
    sort_order_field = "sort_order"
    ordering = ["sort_order", "name"]
    form_fields = ["name", "is_active"]
    copy_view_enabled = False
    add_to_admin_menu = False
    name = "livechat_wrap_up_reasons"
    url_prefix = "livechat/wrap-up-reasons"


REGISTERS_POLICIES = hasattr(permissions, "register_permission_policy")
"""From Wagtail 8 on; wagtail_hooks registers ours there."""


class LetterPermissions(ModelPermissionPolicy):
    """Letters are written by what happens in a conversation, and are a record: nobody adds or deletes one by hand."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        return action not in ("add", "delete") and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


def shown_recipient(letter: OutgoingMail, user: Any) -> str:
    """A visitor's address as this user may see it. Of a copy for those who answer, or of no conversation, it is a colleague's."""
    if letter.kind == OutgoingMail.Kind.CASE or letter.conversation is None:
        return letter.recipient
    return veil_for(reader_of(user), letter.conversation.site_id).detail("email", letter.recipient)


class LetterIndexView(IndexView):
    def search_queryset(self, queryset: QuerySet[OutgoingMail]) -> QuerySet[OutgoingMail]:
        # Whoever knows a whole address learns nothing by finding it.
        if "@" in (self.search_query or ""):
            return queryset.filter(recipient__iexact=self.search_query.strip())
        return super().search_queryset(queryset)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(*args, **kwargs)
        for letter in context["object_list"]:
            letter.shown_recipient = shown_recipient(letter, self.request.user)
        return context

    def get_base_queryset(self) -> QuerySet[OutgoingMail]:
        # What needs somebody is on top.
        return (
            super()
            .get_base_queryset()
            .select_related("conversation")
            .annotate(failed=Case(When(state=OutgoingMail.State.FAILED, then=0), default=1))
            .order_by("failed", "-created_at", "-pk")
        )


class SendAgainView(EditView):
    """A letter, and one more try for one that has failed."""

    page_title = _("Letter")
    success_message = _("'%(object)s' is sent again.")
    template_name = "wagtail_livechat/letter.html"

    def save_instance(self) -> OutgoingMail:
        letters.send_again(self.object.pk)
        return self.object

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            can_send=self.object.state == OutgoingMail.State.FAILED,
            recipient=shown_recipient(self.object, self.request.user),
            **kwargs,
        )


class LetterViewSet(ModelViewSet):
    """Letters about cases and transcripts: which left, which wait, which failed and why."""

    model = OutgoingMail
    icon = "mail"
    menu_label = _("Letters")
    list_display = [
        Column("recipient", label=_("Recipient"), accessor="shown_recipient"),
        Column("kind", label=_("Kind"), accessor="get_kind_display"),
        Column("conversation", label=_("Conversation"), accessor="conversation"),
        Column("state", label=_("State"), accessor="get_state_display"),
        Column("attempts", label=_("Attempts")),
        DateColumn("created_at", label=_("Written")),
        DateColumn("sent_at", label=_("Sent")),
    ]
    list_filter = ["state", "kind"]
    # Not the recipient, of whom searching would tell what masking hides.
    search_fields = ["conversation__case_number"]
    form_fields: list[str] = []
    index_view_class = LetterIndexView
    edit_view_class = SendAgainView
    inspect_view_enabled = False
    copy_view_enabled = False
    add_to_admin_menu = False
    name = "livechat_letters"
    url_prefix = "livechat/letters"

    if not REGISTERS_POLICIES:

        @property
        def permission_policy(self) -> LetterPermissions:
            return LetterPermissions(self.model)

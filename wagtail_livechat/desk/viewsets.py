"""What operators work with, edited in the admin: quick replies, wrap-up reasons, bans; and the letters that left, or did not."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, F, QuerySet, When
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import permissions
from wagtail.admin.ui.tables import BooleanColumn, ButtonsColumnMixin, Column, DateColumn, TitleColumn
from wagtail.admin.views.generic import CreateView, DeleteView, EditView, IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import SnippetViewSet

from ..actions import bans, letters
from ..models import AutoMessage, Ban, ChatRule, OutgoingMail, QuickReply, WrapUpReason
from ..veils import veil_for
from .modeladmin import reader


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
        super().__init__("who", label=_("Who"), accessor=who, get_url=view.get_edit_url)
        self.view = view

    def get_buttons(self, instance: Ban, parent_context: Any) -> Any:
        return self.view.get_list_buttons(instance)


class BanIndexView(IndexView):
    @cached_property
    def columns(self) -> list[Column]:
        return [WhoColumn(self), *super().columns]

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
        ban.save()
        bans.take_effect(ban)
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
        bans.lift(self.object.pk)

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
        Column("reason", label=_("Reason"), accessor=why, sort_key="reason"),
        Column("created_by", label=_("By")),
        DateColumn("created_at", label=_("Since")),
        DateColumn("expires_at", label=_("Until")),
        DateColumn("lifted_at", label=_("Lifted")),
    ]
    # Not the visitor's name, of which searching would tell what masking hides.
    search_fields = ["network", "reason"]
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
    return veil_for(reader(user), letter.conversation.site_id).detail("email", letter.recipient)


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

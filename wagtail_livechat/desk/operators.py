"""Operators in the admin: the listing, adding a user, inviting somebody by e-mail, and one's own profile in the account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.views.account import BaseSettingsPanel
from wagtail.images import get_image_model
from wagtail_modeladmin.helpers import ButtonHelper
from wagtail_modeladmin.options import ModelAdmin
from wagtail_modeladmin.views import DeleteView

from .. import attachments
from ..actions import invitations, roles
from ..exceptions import LiveChatError
from ..models import Invitation, Operator
from ..permissions import may
from ..snapshots import effective_status
from .modeladmin import GuardedHistoryView, ManagedPermissions

PICTURE_KINDS = frozenset({"jpg", "jpeg", "png", "gif", "webp"})
PICTURE_BYTES = 5_000_000

ROLE_LABELS = {
    "Live chat operators": gettext_lazy("Operator: answers"),
    "Live chat managers": gettext_lazy("Manager: answers, and edits looks and texts"),
    "Live chat administrators": gettext_lazy("Administrator: does all of it"),
}
role_help = gettext_lazy("What they may do. You can give the roles that allow no more than you may do yourself.")
upload_label = gettext_lazy("Upload a picture")
upload_help = gettext_lazy("JPEG, PNG, GIF or WebP, at most 5 MB. It is cut to a square and shown to visitors.")


class PictureMixin(forms.Form):
    """A picture is uploaded by people who may not choose among the site's images. It is drawn anew, without what hides in it."""

    upload = forms.FileField(
        label=upload_label,
        required=False,
        help_text=upload_help,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/gif,image/webp"}),
    )

    def clean_upload(self) -> attachments.CheckedFile | None:
        file = self.cleaned_data["upload"]
        if not file:
            return None
        if file.size > PICTURE_BYTES:
            raise ValidationError(_("The picture is larger than 5 MB."))
        try:
            return attachments.check(file.name, file.read(), allowed=PICTURE_KINDS, limit=PICTURE_BYTES)
        except attachments.BadFile:
            raise ValidationError(_("This is not a picture that can be used. Take a JPEG, PNG, GIF or WebP.")) from None

    def store_picture(self, operator: Operator, user: Any) -> None:
        """Make the upload an image of Wagtail and the operator's picture; the caller saves the operator."""
        checked = self.cleaned_data.get("upload")
        if checked is not None:
            operator.picture = get_image_model().objects.create(
                title=operator.name, file=ContentFile(checked.content, checked.name), uploaded_by_user=user
            )


def _role_choices(user: Any, *, with_none: bool) -> list[tuple[str, Any]]:
    none = [("", _("None of these: what they may do is set elsewhere"))] if with_none else []
    return [*none, *((role, ROLE_LABELS[role]) for role in roles.grantable_by(user))]


class OperatorForm(PictureMixin, WagtailAdminModelForm):
    """An operator, with the role of their user, which is a group and no field of ours."""

    role = forms.ChoiceField(label=capfirst(gettext_lazy("role")), required=False, help_text=role_help)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["role"]
        current = roles.role_of(self.instance.user) if self.instance.pk else "Live chat operators"
        field.choices = _role_choices(self.for_user, with_none=True)
        self.initial["role"] = current
        if current and current not in dict(field.choices):
            # Somebody who may do more than the editor keeps that.
            field.choices = [(current, ROLE_LABELS[current])]
            field.disabled = True
        if self.instance.pk:
            # Another user's history would be theirs.
            self.fields["user"].disabled = True

    def save(self, commit: bool = True) -> Operator:
        operator: Operator = super().save(commit=False)
        self.store_picture(operator, self.for_user)
        operator.save()
        self.save_m2m()
        if not self.fields["role"].disabled:
            roles.give(operator.user, self.cleaned_data["role"])
        return operator


class OperatorButtons(ButtonHelper):
    def get_buttons_for_obj(self, obj: Operator, *args: Any, **kwargs: Any) -> list[Any]:
        buttons = super().get_buttons_for_obj(obj, *args, **kwargs)
        if waiting(obj) and may(self.request.user, "invite_operators"):
            buttons.insert(
                0,
                {
                    "url": reverse("wagtail_livechat_desk:invitation", args=[obj.invitation.pk]),
                    "label": _("Invitation"),
                    "classname": self.finalise_classname(["button-secondary"]),
                    "title": _("Send the invitation again, or withdraw it"),
                },
            )
        return buttons


def waiting(operator: Operator) -> bool:
    """Whether they were invited and have not chosen a password yet."""
    invitation = getattr(operator, "invitation", None)
    return invitation is not None and invitation.accepted_at is None


class RemoveView(DeleteView):
    """Takes the operator out of the list and the role away; what they said stays under their name."""

    page_title = gettext_lazy("Remove")

    def confirmation_message(self) -> str:
        return _(
            "%(name)s will answer no more: open conversations go to a colleague who is in them or back into the queue, and the "
            "role of an operator is taken away. What they wrote stays, under their name. Their user account stays too."
        ) % {"name": self.instance.name}

    def delete_instance(self) -> None:
        user = self.instance.user
        if waiting(self.instance):
            invitations.withdraw(self.instance.invitation.pk)
            return
        self.instance.delete()
        if roles.role_of(user) == "Live chat operators":
            roles.give(user, "")


class OperatorAdmin(ModelAdmin):
    model = Operator
    add_to_admin_menu = False  # in the group of wagtail_hooks
    base_url_path = "livechat/operators"
    menu_label = gettext_lazy("Operators")
    menu_icon = "group"
    permission_helper_class = ManagedPermissions
    button_helper_class = OperatorButtons
    delete_view_class = RemoveView
    history_view_class = GuardedHistoryView
    index_template_name = "wagtail_livechat/operators.html"
    list_display = ("name", "user", "role", "department_names", "site_names", "status_now")
    list_filter = ("is_active", "departments")
    list_select_related = ("user", "invitation")
    search_fields = ("display_name", "user__username", "user__first_name", "user__last_name", "user__email")
    edit_handler = ObjectList(
        [
            MultiFieldPanel(
                [FieldPanel("user"), FieldPanel("role"), FieldPanel("is_active")],
                heading=gettext_lazy("Who it is"),
            ),
            MultiFieldPanel(
                [FieldPanel("display_name"), FieldRowPanel([FieldPanel("picture"), FieldPanel("upload")])],
                heading=gettext_lazy("What visitors see"),
            ),
            MultiFieldPanel(
                [
                    FieldPanel("departments", widget=CheckboxSelectMultiple),
                    FieldPanel("sites", widget=CheckboxSelectMultiple),
                    FieldPanel("languages"),
                    FieldPanel("capacity"),
                    FieldPanel("takes_offline_messages"),
                ],
                heading=gettext_lazy("What they answer"),
            ),
        ],
        base_form_class=OperatorForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Operator]:
        return super().get_queryset(request).prefetch_related("departments", "sites", "user__groups")

    def name(self, obj: Operator) -> str:
        return obj.name

    name.short_description = gettext_lazy("Name")  # type: ignore[attr-defined]
    name.admin_order_field = "display_name"  # type: ignore[attr-defined]

    def role(self, obj: Operator) -> str:
        theirs = {group.name for group in obj.user.groups.all()}
        found = next((role for role in reversed(ROLE_LABELS) if role in theirs), "")
        return str(ROLE_LABELS[found]).split(":")[0] if found else "–"

    role.short_description = gettext_lazy("Role")  # type: ignore[attr-defined]

    def department_names(self, obj: Operator) -> str:
        return ", ".join(department.name for department in obj.departments.all()) or _("All")

    department_names.short_description = gettext_lazy("Departments")  # type: ignore[attr-defined]

    def site_names(self, obj: Operator) -> str:
        return ", ".join(site.site_name or site.hostname for site in obj.sites.all()) or _("All")

    site_names.short_description = gettext_lazy("Sites")  # type: ignore[attr-defined]

    def status_now(self, obj: Operator) -> str:
        """What colleagues see: a chosen status counts while its operator is connected."""
        if waiting(obj):
            return _("Invited")
        if not obj.is_active:
            return _("Switched off")
        return str(Operator.Status(effective_status(obj, timezone.now())).label)

    status_now.short_description = gettext_lazy("Status")  # type: ignore[attr-defined]


operators = OperatorAdmin()


# ----------------------------------------------------------------------------------------------- invitations


def _language_choices() -> list[tuple[str, str]]:
    return [(code, str(get_language_info(code)["name_local"])) for code, _name in settings.LANGUAGES]


class InvitationForm(PictureMixin):
    """Who is invited, as what."""

    email = forms.EmailField(label=gettext_lazy("E-mail"), max_length=150, help_text=gettext_lazy("They sign in with it."))  # fmt: skip
    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    role = forms.ChoiceField(label=gettext_lazy("Role"), help_text=role_help)
    language = forms.ChoiceField(label=gettext_lazy("Language of the letter"), choices=_language_choices)

    def __init__(self, *args: Any, by: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("display_name", "departments", "sites", "languages", "capacity", "takes_offline_messages"):
            field: Any = Operator._meta.get_field(name)
            self.fields[name] = field.formfield(**({"widget": CheckboxSelectMultiple} if field.many_to_many else {}))
        chosen: Any = self.fields["role"]
        chosen.choices = _role_choices(by, with_none=False)
        self.order_fields(["email", "first_name", "last_name", "role", "display_name"])


ORIGIN_MAX = 300


def origin_of(request: HttpRequest) -> str:
    return f"{'https' if request.is_secure() else 'http'}://{request.get_host()}"[:ORIGIN_MAX]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invite(request: HttpRequest) -> HttpResponse:
    """The form. On success the letter is on its way and the operator is in the list, as invited."""
    if not may(request.user, "invite_operators"):
        raise PermissionDenied
    initial = {"language": get_language() or "", "role": "Live chat operators", "capacity": 5}
    form = InvitationForm(request.POST or None, request.FILES or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        answers = {name: value for name, value in form.cleaned_data.items() if name != "upload"}
        try:
            made = invitations.invite(by=request.user, origin=origin_of(request), **answers)
        except ValidationError as error:
            form.add_error(None if not hasattr(error, "error_dict") else "email" if "email" in error.error_dict else "role", error.messages)  # fmt: skip
        else:
            if form.cleaned_data.get("upload"):
                form.store_picture(made.operator, request.user)
                made.operator.save()
            messages.success(request, _("%(email)s is invited: the letter is on its way.") % {"email": answers["email"]})  # fmt: skip
            return redirect(operators.url_helper.index_url)
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "wagtail_livechat/invite.html", {"form": form, "operators_url": operators.url_helper.index_url}, status=status)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def invitation(request: HttpRequest, pk: int) -> HttpResponse:
    """One that waits: sent again, or withdrawn."""
    if not may(request.user, "invite_operators"):
        raise PermissionDenied
    row = get_object_or_404(Invitation.objects.select_related("operator__user", "invited_by"), pk=pk, accepted_at=None)
    what = request.POST.get("what", "")
    if request.method == "POST" and what in ("resend", "withdraw"):
        try:
            if what == "resend":
                invitations.resend(row.pk, origin=origin_of(request))
                messages.success(request, _("The letter is sent again. Links in earlier ones have become worthless."))
            else:
                invitations.withdraw(row.pk)
                messages.success(request, _("The invitation is withdrawn."))
        except LiveChatError as error:
            messages.error(request, str(error.message))
        return redirect(operators.url_helper.index_url)
    context = {"invitation": row, "letter": row.mails.first(), "operators_url": operators.url_helper.index_url}
    return render(request, "wagtail_livechat/invitation.html", context)


# ------------------------------------------------------------------------------------------- one's own profile


class ProfileForm(PictureMixin, forms.ModelForm):
    """What operators change about themselves; all else is their administrator's."""

    remove_picture = forms.BooleanField(label=gettext_lazy("Show no picture"), required=False)

    class Meta:
        model = Operator
        fields = ["display_name", "plays_sound", "notifies"]
        help_texts = {
            "plays_sound": gettext_lazy("When somebody waits or writes. The switch on the desk is for one browser."),
            "notifies": gettext_lazy("The browser asks for your permission when you press the bell on the desk."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.picture_id:
            del self.fields["remove_picture"]
        self.order_fields(["display_name", "upload", "remove_picture", "plays_sound", "notifies"])

    def save(self, commit: bool = True) -> Operator:
        operator: Operator = super().save(commit=False)
        if self.cleaned_data.get("remove_picture"):
            operator.picture = None
        self.store_picture(operator, operator.user)
        # Not the whole row, of which the desk changes other columns meanwhile.
        operator.save(update_fields=["display_name", "picture", "plays_sound", "notifies"])
        return operator


class ProfilePanel(BaseSettingsPanel):
    """In Wagtail's own account page. Only operators have it."""

    name = "livechat"
    title = gettext_lazy("Live chat")
    order = 350
    form_class = ProfileForm

    def operator(self) -> Operator | None:
        if not may(self.user, "handle"):
            return None
        return Operator.objects.select_related("user").filter(user=self.user).first()

    def is_active(self) -> bool:
        return self.operator() is not None

    def get_form(self) -> ProfileForm:
        # Wagtail's own knows forms of the user and of its profile only.
        instance = self.operator()
        if self.request.method == "POST":
            return ProfileForm(self.request.POST, self.request.FILES, instance=instance, prefix=self.name)
        return ProfileForm(instance=instance, prefix=self.name)

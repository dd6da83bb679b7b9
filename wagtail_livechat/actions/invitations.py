"""Somebody is made an operator and chooses a password by a link in a letter: once, while it is fresh, the newest letter's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ..exceptions import Conflict
from ..models import Department, Invitation, Operator
from . import letters, roles


def invite(
    email: str,
    *,
    role: str,
    by: Any,
    origin: str,
    first_name: str = "",
    last_name: str = "",
    language: str = "",
    departments: Iterable[Department] = (),
    sites: Iterable[Any] = (),
    **fields: Any,
) -> Invitation:
    """Make a user without a password, with the role, and an operator with ``fields``; have the letter sent after commit.

    Both are inactive until the password is chosen: nothing is offered or written to somebody who may never come. Raises
    ValidationError if somebody has this address already, or ``by`` may not give this role.
    """
    email = email.strip()
    User = get_user_model()
    address_field = User.get_email_field_name()
    if User._default_manager.filter(**{f"{address_field}__iexact": email}).exists():
        raise ValidationError({"email": _("There is a user with this address. Add them to the operators instead.")})
    if User._default_manager.filter(**{f"{User.USERNAME_FIELD}__iexact": email}).exists():
        raise ValidationError({"email": _("There is a user of this name.")})
    if role not in roles.grantable_by(by):
        raise ValidationError({"role": _("You may not give this role.")})
    names = {"first_name": first_name, "last_name": last_name}
    known = {field.name for field in User._meta.get_fields()}
    with transaction.atomic():
        user = User(
            **{User.USERNAME_FIELD: email, address_field: email, "is_active": False},
            **{name: value for name, value in names.items() if name in known},
        )
        user.set_unusable_password()
        user.save()
        roles.give(user, role)
        operator = Operator.objects.create(user=user, is_active=False, **fields)
        operator.departments.set(departments)
        operator.sites.set(sites)
        invitation = Invitation.objects.create(operator=operator, invited_by=by, origin=origin, language=language)
        letters.queue_invitation(invitation)
        return invitation


def resend(pk: int, *, origin: str) -> None:
    """Another letter, whose link takes the place of the one before. Raises Conflict if it was accepted or withdrawn."""
    with transaction.atomic():
        waits = Invitation.objects.filter(pk=pk, accepted_at=None)
        if not waits.update(serial=F("serial") + 1, sent_at=timezone.now(), origin=origin):
            raise Conflict(_("This invitation was accepted or withdrawn."))
        letters.queue_invitation(Invitation.objects.select_related("operator__user").get(pk=pk))


def withdraw(pk: int) -> None:
    """The link is worthless and the account, which nobody ever used, is gone. Raises Conflict if it was accepted."""
    with transaction.atomic():
        # The lock comes with the write: of withdrawing and accepting at once, one finds nothing.
        waits = Invitation.objects.filter(pk=pk, accepted_at=None)
        if not waits.update(serial=F("serial") + 1):
            raise Conflict(_("This invitation was accepted or withdrawn."))
        waits.get().operator.user.delete()


def accept(user: Any) -> None:
    """The password is chosen: user and operator are active. Of two at once, one does it. Raises Conflict."""
    with transaction.atomic():
        waits = Invitation.objects.filter(operator__user=user, accepted_at=None)
        if not waits.update(accepted_at=timezone.now()):
            raise Conflict(_("This invitation was accepted or withdrawn."))
        user.is_active = True
        user.save()
        operator = Operator.objects.get(user=user)
        operator.is_active = True
        operator.save()

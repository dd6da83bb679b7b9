"""From a Django session to the operator it belongs to: asked at the handshake and again while a socket lives."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth import get_user
from django.utils.translation import gettext_lazy as _

from .exceptions import Unauthorised
from .permissions import OperatorActor, operator_actor


def operator_of_session(session_key: str | None) -> OperatorActor:
    """The operator who is signed in with this session.

    Raises Unauthorised (no such session, signed out, password changed since, user deactivated) or Forbidden (no operator).
    """
    if not session_key:
        raise Unauthorised(_("You are not signed in. Sign in again; what you wrote is kept."))
    store = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(SimpleNamespace(session=store))  # type: ignore[arg-type]  # Django reads nothing else of a request here.
    if not user.is_authenticated or not user.is_active:
        raise Unauthorised(_("You are not signed in. Sign in again; what you wrote is kept."))
    return operator_actor(user)

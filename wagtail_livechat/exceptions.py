"""What may be refused, and why. Doors translate these once each; actions raise nothing else on purpose."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class LiveChatError(Exception):
    """A command or an action was refused.

    ``code`` is one of protocol.ErrorCode; ``message`` is a sentence that a person can act on. It is put into
    the reader's language by the door, which knows that; the code stays what clients go by.
    """

    code = "unavailable"
    status = 400
    """The HTTP status that a door over HTTP answers with."""

    def __init__(
        self,
        message: str | Promise = "",
        *,
        field: str | None = None,
        ref: str | None = None,
        retry_after: float | None = None,
        by: Any = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.ref = ref
        self.retry_after = retry_after
        self.by = by


class BadInput(LiveChatError):
    """The command could not be understood. Its code is given by who raises it."""

    def __init__(self, code: str, message: str, *, field: str | None = None, ref: str | None = None) -> None:
        super().__init__(message, field=field, ref=ref)
        self.code = code
        self.status = {"too_large": 413}.get(code, 400)


class Unauthorised(LiveChatError):
    """Nobody is signed in, or the token or session is no longer good."""

    code, status = "unauthorised", 401


class Forbidden(LiveChatError):
    """Signed in, but this is not theirs to do."""

    code, status = "forbidden", 403


class NotFound(LiveChatError):
    """There is no such thing, or it is someone else's: outsiders cannot tell which."""

    code, status = "not_found", 404


class ConversationEnded(LiveChatError):
    code, status = "conversation_ended", 409


class ClientIdConflict(LiveChatError):
    """This client id was already used for another text."""

    code, status = "client_id_conflict", 409


class TooLong(LiveChatError):
    code, status = "too_long", 400


class OfferTaken(LiveChatError):
    """Somebody was first (``by``), or the offer is no longer open."""

    code, status = "offer_taken", 409


class AtCapacity(LiveChatError):
    """The operator already has as many conversations as they may have at once."""

    code, status = "at_capacity", 409


class Conflict(LiveChatError):
    """Not as things are now: something else has to happen first, as the message says."""

    code, status = "conflict", 409


class ReasonRequired(LiveChatError):
    """This site wants a wrap-up reason when an operator ends a conversation."""

    code, status = "reason_required", 400


class BadForm(LiveChatError):
    """What was filled in cannot be used. ``faults``: field -> intake.Fault."""

    code, status = "bad_form", 400

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(_("Some of what was filled in needs another look."), field=next(iter(faults), None))
        self.faults = dict(faults)


class BadFile(LiveChatError):
    """A file that may not be sent here, or is not what it says it is. ``reason``: see attachments.BadFile."""

    code, status = "bad_file", 400

    def __init__(self, reason: str) -> None:
        super().__init__(
            {
                "type": _("Files of this kind cannot be sent here."),
                "too_large": _("The file is too large."),
                "empty": _("The file is empty."),
            }.get(reason, _("The file is broken.")),
            field=reason,
        )
        self.reason = reason


class RateLimited(LiveChatError):
    code, status = "rate_limited", 429


class WrongVersion(LiveChatError):
    """The client speaks another version of the protocol: reload the page."""

    code, status = "version", 409


class Closed(LiveChatError):
    """The chat is switched off here, or this visitor may not use it."""

    code, status = "closed", 403


class Unavailable(LiveChatError):
    """The server cannot do this right now; the same command may be tried again."""

    code, status = "unavailable", 503

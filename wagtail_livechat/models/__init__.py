from .conversations import CaseCounter, Conversation, Entry, Offer, OfferDecline, Participation, WrapUpReason
from .people import Operator, Visitor
from .settings import LiveChatSettings
from .teams import Department

__all__ = [
    "CaseCounter",
    "Conversation",
    "Department",
    "Entry",
    "LiveChatSettings",
    "Offer",
    "OfferDecline",
    "Operator",
    "Participation",
    "Visitor",
    "WrapUpReason",
]

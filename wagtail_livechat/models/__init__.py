from .conversations import CaseCounter, Conversation, Entry, Offer, OfferDecline, Participation, Tag, WrapUpReason
from .desk import Ban, QuickReply
from .people import Operator, PageVisit, Visitor
from .privacy import PrivacyLink, PrivacySettings
from .settings import LiveChatSettings
from .teams import Department

__all__ = [
    "Ban",
    "CaseCounter",
    "Conversation",
    "Department",
    "Entry",
    "LiveChatSettings",
    "Offer",
    "OfferDecline",
    "Operator",
    "PageVisit",
    "Participation",
    "PrivacyLink",
    "PrivacySettings",
    "QuickReply",
    "Tag",
    "Visitor",
    "WrapUpReason",
]

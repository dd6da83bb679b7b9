from .automessages import AutoMessage, AutoMessageTime
from .conversations import CaseCounter, Conversation, Entry, Offer, OfferDecline, Participation, Tag, WrapUpReason
from .desk import Ban, QuickReply
from .files import Attachment
from .hours import OpeningException, OpeningHours
from .mail import OutgoingMail
from .people import Invitation, Operator, PageVisit, Visitor
from .privacy import PrivacyLink, PrivacySettings
from .settings import LiveChatSettings
from .teams import Department

__all__ = [
    "Attachment",
    "AutoMessage",
    "AutoMessageTime",
    "Ban",
    "CaseCounter",
    "Conversation",
    "Department",
    "Entry",
    "Invitation",
    "LiveChatSettings",
    "Offer",
    "OfferDecline",
    "OpeningException",
    "OpeningHours",
    "Operator",
    "OutgoingMail",
    "PageVisit",
    "Participation",
    "PrivacyLink",
    "PrivacySettings",
    "QuickReply",
    "Tag",
    "Visitor",
    "WrapUpReason",
]

from .automessages import AutoMessage, AutoMessageTime
from .conversations import CaseCounter, Conversation, Entry, Offer, OfferDecline, Participation, Tag, WrapUpReason
from .desk import Ban, QuickReply
from .files import Attachment
from .hours import OpeningException, OpeningHours
from .mail import OutgoingMail
from .pages import ChatChoices, ChatRule, ChatsHere, LiveChatPageMixin
from .people import Invitation, Operator, PageVisit, Visitor
from .privacy import PrivacyLink, PrivacySettings
from .settings import LiveChatSettings
from .statistics import AutoMessageDay, Counted, DepartmentTally, KeyTally, OperatorTally, PageTally, Span
from .teams import Department
from .wording import TextOverride

__all__ = [
    "Attachment",
    "AutoMessage",
    "AutoMessageDay",
    "AutoMessageTime",
    "Ban",
    "CaseCounter",
    "ChatChoices",
    "ChatRule",
    "ChatsHere",
    "Conversation",
    "Counted",
    "Department",
    "DepartmentTally",
    "Entry",
    "Invitation",
    "KeyTally",
    "LiveChatPageMixin",
    "LiveChatSettings",
    "Offer",
    "OfferDecline",
    "OpeningException",
    "OpeningHours",
    "Operator",
    "OperatorTally",
    "OutgoingMail",
    "PageTally",
    "PageVisit",
    "Participation",
    "PrivacyLink",
    "PrivacySettings",
    "QuickReply",
    "Span",
    "Tag",
    "TextOverride",
    "Visitor",
    "WrapUpReason",
]

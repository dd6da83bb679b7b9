"""A conversation, its timeline, who takes part, and who was asked to."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Page is swappable from Wagtail 8 on; on 7.4 the setting does not exist.
PAGE_MODEL = getattr(settings, "WAGTAIL_PAGE_MODEL", "wagtailcore.Page")


class CaseCounter(models.Model):
    """The last case number given in a year; its row lock makes numbers dense."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)


class WrapUpReason(models.Model):
    """Why a conversation was closed."""

    name = models.CharField(_("name"), max_length=100)
    is_active = models.BooleanField(_("active"), default=True)
    sort_order = models.IntegerField(_("order"), default=0)

    class Meta:
        ordering = ["sort_order", "name", "pk"]
        verbose_name = _("wrap-up reason")
        verbose_name_plural = _("wrap-up reasons")

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word that operators put on conversations."""

    name = models.CharField(_("name"), max_length=50, unique=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("tag")
        verbose_name_plural = _("tags")

    def __str__(self) -> str:
        return self.name


class Party(models.TextChoices):
    VISITOR = "visitor", _("Visitor")
    OPERATOR = "operator", _("Operator")
    SYSTEM = "system", _("System")
    BOT = "bot", _("Bot")


class CaseManager(models.Manager["Conversation"]):
    """Cases alone: what colleagues write to each other is in no queue, list, record, count or export by omission."""

    def get_queryset(self) -> models.QuerySet[Conversation]:
        return super().get_queryset().exclude(state=Conversation.State.INTERNAL)


class Conversation(models.Model):
    """One case from the first message to its end; or what two colleagues write to each other (``INTERNAL``), without a
    visitor, a site and a case number, and for nobody but them.

    ``last_seq`` is raised by an UPDATE at the start of every transaction that appends to the timeline; that UPDATE is the
    conversation's lock, on every database.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        ACTIVE = "active", _("Open")
        ENDED = "ended", _("Ended")
        INTERNAL = "internal", _("Between colleagues")
        OFFLINE = "offline", _("Left while nobody was there")

    OPEN_STATES = (State.QUEUED, State.ACTIVE)

    # Where a page is used is no matter of who was on it; and each message would cost a look at the index of uses.
    wagtail_reference_index_ignore = True

    objects = CaseManager()
    """Cases. Whoever wants the others too has to say so."""
    everything: models.Manager[Conversation] = models.Manager()

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Of a case these three are always there, as a constraint sees to.
    case_number: models.CharField[Any, Any] = models.CharField(
        _("case number"), max_length=20, unique=True, null=True, editable=False
    )
    site: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtailcore.Site", null=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("site")
    )
    visitor: models.ForeignKey[Any, Any] = models.ForeignKey(
        "wagtail_livechat.Visitor",
        null=True,
        on_delete=models.PROTECT,
        related_name="conversations",
        verbose_name=_("visitor"),
    )
    direct = models.CharField(max_length=41, unique=True, null=True, editable=False)
    """Of an internal one: whose it is, as ``pair_of`` says it, so that two who begin at once begin one."""
    left_by = models.CharField(max_length=255, blank=True, editable=False)
    """Of an internal one: the name of the colleague who was removed since."""
    department = models.ForeignKey(
        "wagtail_livechat.Department",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conversations",
        verbose_name=_("department"),
    )
    operator = models.ForeignKey(
        "wagtail_livechat.Operator",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="conversations",
        verbose_name=_("operator"),
    )
    """Who has it now, or had it last."""
    # No form and no filter offers INTERNAL.
    state = models.CharField(
        _("state"),
        max_length=8,
        choices=[choice for choice in State.choices if choice[0] != "internal"],
        default=State.QUEUED,
    )
    language = models.CharField(_("language"), max_length=35, blank=True)
    page = models.ForeignKey(
        PAGE_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("page")
    )
    page_url = models.CharField(_("address"), max_length=2000, blank=True)
    page_title = models.CharField(_("page title"), max_length=255, blank=True)
    auto_message = models.CharField(_("auto-message"), max_length=255, blank=True)
    """Name of the auto-message that it began with, if any: then it is proactive."""

    last_seq = models.PositiveIntegerField(default=0, editable=False)
    visitor_delivered_seq = models.PositiveIntegerField(default=0, editable=False)
    visitor_seen_seq = models.PositiveIntegerField(default=0, editable=False)
    operator_delivered_seq = models.PositiveIntegerField(default=0, editable=False)
    operator_seen_seq = models.PositiveIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(_("started"), default=timezone.now)
    queued_at = models.DateTimeField(_("waiting since"), default=timezone.now)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    """When the first operator joined."""
    first_reply_at = models.DateTimeField(_("first reply"), null=True, blank=True)
    last_message_at = models.DateTimeField(_("last message"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    ended_by = models.CharField(_("ended by"), max_length=8, choices=Party.choices, blank=True)
    wrap_up_reason = models.ForeignKey(
        WrapUpReason,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("wrap-up reason"),
    )
    wrap_up_note = models.TextField(_("wrap-up note"), blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    """The address that the visitor gave in this conversation: the only one that a transcript may go to."""
    consented_at = models.DateTimeField(_("consented"), null=True, blank=True)
    consent_text = models.TextField(_("consented to"), blank=True)
    """The sentence as the visitor saw it."""
    consent_language = models.CharField(_("language of the consent"), max_length=35, blank=True)
    consent_version = models.CharField(_("version of the consent"), max_length=12, blank=True)
    """The same for the same sentence."""
    rating = models.PositiveSmallIntegerField(_("rating"), null=True, blank=True)
    rating_comment = models.TextField(_("comment"), blank=True)
    tags: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        Tag, blank=True, related_name="conversations", verbose_name=_("tags")
    )
    blocked = models.CharField(max_length=10, blank=True, editable=False)
    """Why nothing can be said here any more: ``department`` or ``site`` was removed or switched off, or a ``colleague`` of an
    internal one. Kept by receivers.py."""
    queue_place = models.PositiveIntegerField(null=True, blank=True, editable=False)
    """Place in line when it was queued, for the waiting estimate of those who come later."""
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    texts_removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When retention took away what was written."""

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        # What copies or clears whole tables must not leave any behind.
        default_manager_name = "everything"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="internal", visitor=None, site=None, case_number=None, direct__isnull=False)
                | (
                    ~Q(state="internal")
                    & Q(visitor__isnull=False, site__isnull=False, case_number__isnull=False, direct=None)
                ),
                name="livechat_case_or_internal",
            ),
            # Two tabs that both begin must end up in one conversation.
            models.UniqueConstraint(
                fields=["visitor"], condition=Q(state__in=("queued", "active")), name="livechat_one_open_per_visitor"
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True) | Q(rating__range=(1, 5)), name="livechat_rating_1_to_5"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "queued_at"], name="livechat_conv_queue"),
            models.Index(fields=["-created_at", "-id"], name="livechat_conv_history"),
            # A list of one of these reads no further than it shows, however seldom the one is.
            models.Index(fields=["department", "-created_at", "-id"], name="livechat_conv_department"),
            models.Index(fields=["wrap_up_reason", "-created_at", "-id"], name="livechat_conv_reason"),
            models.Index(fields=["site", "-created_at", "-id"], name="livechat_conv_site"),
            models.Index(
                fields=["-created_at", "-id"], condition=Q(archived_at__isnull=False), name="livechat_conv_archive"
            ),
        ]
        permissions = [
            ("handle_conversation", "Can answer live chat conversations"),
            ("view_history", "Can see the history of conversations"),
            ("view_all_departments", "Can see the conversations of every department"),
            ("view_logs", "Can search the logs of live chat conversations"),
            ("export_conversation", "Can take live chat conversations out as files"),
            ("see_masked", "Can see what masking hides, where the site's privacy settings allow it"),
            ("reveal_masked", "Can reveal what masking hides, one message at a time"),
            ("draft_answer", "Can make drafts of FAQs and articles of answers"),
            ("erase_visitor", "Can export and erase the data of a visitor"),
        ]

    def __str__(self) -> str:
        return f"#{self.case_number}" if self.case_number else str(self.State.INTERNAL.label)

    @staticmethod
    def pair_of(one: int, other: int) -> str:
        """What ``direct`` is for the conversation of these two operators, whoever begins it."""
        return f"{min(one, other)}:{max(one, other)}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN_STATES


class Entry(models.Model):
    """One entry of a timeline. Written once; only redaction changes it later."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Message")
        ATTACHMENT = "attachment", _("Attachment")
        NOTE = "note", _("Internal note")
        SYSTEM = "system", _("Event")

    class Audience(models.TextChoices):
        OPERATORS = "operators", _("Operators only")
        EVERYONE = "everyone", _("Visitor and operators")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="entries")
    seq = models.PositiveIntegerField()
    client_id = models.UUIDField(null=True, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    # Operators unless somebody said otherwise: a new kind of entry cannot leak to visitors by omission.
    audience = models.CharField(max_length=9, choices=Audience.choices, default=Audience.OPERATORS)
    author = models.CharField(max_length=8, choices=Party.choices)
    operator = models.ForeignKey(
        "wagtail_livechat.Operator", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=255, blank=True)
    """An operator's name as it was, which outlives the operator."""
    body = models.TextField(blank=True)
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["conversation_id", "seq"]
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "seq"], name="livechat_entry_seq"),
            models.UniqueConstraint(fields=["conversation", "client_id"], name="livechat_entry_client_id"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id}/{self.seq}"


class Participation(models.Model):
    """An operator in a conversation: asked, there, or gone; and how far they have read."""

    class State(models.TextChoices):
        REQUESTED = "requested", _("Asked")
        JOINED = "joined", _("Taking part")
        LEFT = "left", _("Left")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participations")
    operator = models.ForeignKey("wagtail_livechat.Operator", on_delete=models.CASCADE, related_name="participations")
    state = models.CharField(max_length=10, choices=State.choices)
    is_listed = models.BooleanField(default=True)
    """Still in this operator's list after the end, until they put it away."""
    delivered_seq = models.PositiveIntegerField(default=0)
    seen_seq = models.PositiveIntegerField(default=0)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "operator"], name="livechat_participation_once")]
        indexes = [models.Index(fields=["operator", "state", "is_listed"], name="livechat_part_mine")]


class Offer(models.Model):
    """Somebody is asked to take, or to join, a conversation; one may say yes."""

    class Kind(models.TextChoices):
        NEW = "new", _("New conversation")
        TRANSFER = "transfer", _("Transfer")
        CONFERENCE = "conference", _("Conference")

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for an answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        EXPIRED = "expired", _("Not answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="offers")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NEW)
    operator = models.ForeignKey(
        "wagtail_livechat.Operator", null=True, blank=True, on_delete=models.CASCADE, related_name="offers"
    )
    """The one who is asked; empty: everyone who sees the conversation's queue."""
    department = models.ForeignKey(
        "wagtail_livechat.Department", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    from_operator = models.ForeignKey(
        "wagtail_livechat.Operator", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    made_at = models.DateTimeField(default=timezone.now)
    deadline = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        "wagtail_livechat.Operator", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["state", "deadline"], name="livechat_offer_due")]


class OfferDecline(models.Model):
    """An operator who said no to an open offer: it is not put to them again."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="declines")
    operator = models.ForeignKey("wagtail_livechat.Operator", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "operator"], name="livechat_decline_once")]

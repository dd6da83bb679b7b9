"""Letters that wait to be sent: written with what they are about, in one transaction."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OutgoingMail(models.Model):
    """One letter to one address. What it says is read from the conversation when it is sent."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("Copy to the visitor")
        CASE = "case", _("Copy to those who answer")
        TRANSCRIPT = "transcript", _("Transcript")
        INVITATION = "invitation", _("Invitation of an operator")
        TEST = "test", _("Test letter")
        ANSWER = "answer", _("Published answer")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")

    conversation = models.ForeignKey(
        "wagtail_livechat.Conversation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="mails",
        verbose_name=_("conversation"),
    )
    """None: the letter is about no conversation (an invitation, a test)."""
    invitation = models.ForeignKey(
        "wagtail_livechat.Invitation", null=True, blank=True, on_delete=models.CASCADE, related_name="mails"
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    recipient = models.CharField(_("recipient"), max_length=254)
    language = models.CharField(_("language"), max_length=35, blank=True)
    occasion = models.CharField(max_length=40, blank=True, editable=False)
    """Tells letters of a kind apart that may go out more than once: what is asked for again is sent again."""
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("what went wrong"), blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    due_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "kind", "recipient", "occasion"], name="livechat_mail_once_per_recipient"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind__in=["receipt", "case", "transcript"]) | models.Q(conversation__isnull=False),
                name="livechat_mail_about_a_conversation",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_at"], name="livechat_mail_due")]

    def __str__(self) -> str:
        # Not the recipient, who may be a visitor: this is in titles, and in Wagtail's log for longer than the letter.
        if self.conversation is None:
            return str(self.get_kind_display())
        return f"{self.get_kind_display()}: {self.conversation.case_number}"

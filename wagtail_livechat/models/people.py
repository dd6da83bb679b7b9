"""Visitors, who have no account, and operators, who do."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.images import get_image_model_string


class Visitor(models.Model):
    """A person on the public site, known by a random token of which only the hash is stored."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    site = models.ForeignKey("wagtailcore.Site", on_delete=models.CASCADE, related_name="+", verbose_name=_("site"))
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=255, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    phone = models.CharField(_("phone"), max_length=64, blank=True)
    reference = models.CharField(_("reference number"), max_length=255, blank=True)
    language = models.CharField(_("language"), max_length=35, blank=True)
    user_agent = models.CharField(_("browser"), max_length=512, blank=True)
    ip_address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    address_shortened = models.BooleanField(default=False, editable=False)
    """The last part of the address was cut off, because it was kept long enough."""
    created_at = models.DateTimeField(_("first seen"), default=timezone.now)
    last_seen = models.DateTimeField(_("last seen"), default=timezone.now)
    is_present = models.BooleanField(default=False, editable=False)
    """Whether operators were last told that the visitor is there; the sweep takes it back when the lease has run out."""
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    """When the token stopped being good (a ban, an erasure)."""
    page_url = models.CharField(_("page"), max_length=2000, blank=True)
    page_title = models.CharField(_("page title"), max_length=255, blank=True)

    class Meta:
        verbose_name = _("visitor")
        verbose_name_plural = _("visitors")

    def __str__(self) -> str:
        # Not the name, which not everybody may see who is shown this.
        return f"{_('Visitor')} {self.uuid.hex[:8]}"


class Operator(models.Model):
    """A user who answers. Presence is a choice (``status``) and a lease (``last_seen``), both plain columns."""

    class Status(models.TextChoices):
        AVAILABLE = "available", _("Available")
        AWAY = "away", _("Away")
        OFFLINE = "offline", _("Offline")
        RONA = "rona", _("Did not answer")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="livechat_operator", verbose_name=_("user")
    )
    display_name = models.CharField(
        _("display name"),
        max_length=100,
        blank=True,
        help_text=_("What visitors see. Empty means the user's own name."),
    )
    picture = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
        help_text=_("Shown to visitors beside what this operator says."),
    )
    picture_url = models.CharField(max_length=500, blank=True, editable=False)
    """Address of the rendition, kept here so that reading a conversation asks no image tables."""
    departments = models.ManyToManyField(
        "wagtail_livechat.Department",
        blank=True,
        related_name="operators",
        verbose_name=_("departments"),
        help_text=_("None chosen means all."),
    )
    sites: models.ManyToManyField[Any, Any] = models.ManyToManyField(
        "wagtailcore.Site",
        blank=True,
        related_name="livechat_operators",
        verbose_name=_("sites"),
        help_text=_(
            "Only conversations of these sites are seen and offered, whatever the role. None chosen means all."
        ),
    )
    languages = models.CharField(
        _("languages"),
        max_length=200,
        blank=True,
        help_text=_("Language codes with spaces between, such as: sv en. Empty means any."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("conversations at once"),
        default=5,
        validators=[MinValueValidator(1)],
        help_text=_("With so many open, nothing more is offered."),
    )
    takes_offline_messages = models.BooleanField(
        _("takes offline messages"),
        default=True,
        help_text=_("Gets a letter about each message that is left while nobody is there."),
    )
    is_active = models.BooleanField(
        _("active"), default=True, help_text=_("Off: they may not answer, whatever their role.")
    )
    plays_sound = models.BooleanField(_("sound"), default=True)
    notifies = models.BooleanField(_("desktop notifications"), default=False)
    """What a browser does by itself until its operator switches it there."""
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OFFLINE)
    status_at = models.DateTimeField(_("status since"), default=timezone.now)
    last_seen = models.DateTimeField(_("last seen"), null=True, blank=True)
    is_present = models.BooleanField(default=False, editable=False)
    """Whether colleagues were last told that the lease is held; the sweep takes it back when it has run out."""
    idle_since = models.DateTimeField(default=timezone.now, editable=False)
    """When they last took or finished a conversation: the longest idle is asked first."""

    class Meta:
        ordering = ["display_name", "pk"]
        verbose_name = _("operator")
        verbose_name_plural = _("operators")

    def __str__(self) -> str:
        return self.name

    @property
    def language_codes(self) -> frozenset[str]:
        """The languages this operator answers in, without regions; empty means any."""
        return frozenset(code.split("-")[0].lower() for code in self.languages.replace(",", " ").split())

    @property
    def alerts(self) -> str:
        """What a browser of theirs does by itself, as its client reads it: ``sound notify``."""
        return " ".join(word for word, is_on in (("sound", self.plays_sound), ("notify", self.notifies)) if is_on)

    @property
    def name(self) -> str:
        return self.display_name or self.user.get_full_name() or self.user.get_username()

    def save(self, *args, **kwargs) -> None:
        url = self.picture.get_rendition("fill-96x96").url if self.picture else ""
        if url != self.picture_url:
            self.picture_url = url
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "picture_url"}
        super().save(*args, **kwargs)


class Invitation(models.Model):
    """Somebody was made an operator and asked by e-mail to choose a password; until they do, their account is inactive."""

    operator = models.OneToOneField(Operator, on_delete=models.CASCADE, related_name="invitation")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    origin = models.CharField(max_length=300)
    """``https://shop.example``: where the link leads to."""
    language = models.CharField(max_length=35, blank=True)
    serial = models.PositiveSmallIntegerField(default=1)
    """Counts the letters: a new one makes the links of those before worthless."""
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")

    def __str__(self) -> str:
        return f"{_('Invitation')}: {self.operator}"


class PageVisit(models.Model):
    """A page that a visitor looked at while the chat was open to them."""

    visitor = models.ForeignKey(Visitor, on_delete=models.CASCADE, related_name="visits")
    url = models.CharField(_("address"), max_length=2000)
    title = models.CharField(_("title"), max_length=255, blank=True)
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["visitor", "-at"], name="livechat_visit_recent")]
        verbose_name = _("page visit")
        verbose_name_plural = _("page visits")

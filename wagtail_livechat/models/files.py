"""Files that were sent in a conversation, in a storage that no address leads to directly."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, InvalidStorageError, Storage, storages
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

STORAGE = "livechat"
"""The alias in Django's STORAGES under which a project may name another storage. It must not be public."""


def private_storage() -> Storage:
    """The project's own for us, else a folder beside MEDIA_ROOT, which web servers do not serve."""
    try:
        return storages[STORAGE]
    except InvalidStorageError:
        media = Path(settings.MEDIA_ROOT or "media").resolve()
        return FileSystemStorage(location=media.with_name(f"{media.name}-livechat"), base_url=None)


def file_path(instance: Any, filename: str) -> str:
    """Nothing of the visitor's name for it: a path cannot be made to mean anything."""
    return f"{instance.created_at:%Y/%m}/{instance.uuid}"


class Attachment(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "wagtail_livechat.Conversation",
        on_delete=models.CASCADE,
        related_name="attachments",
        verbose_name=_("conversation"),
    )
    name = models.CharField(_("name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))
    file = models.FileField(_("file"), storage=private_storage, upload_to=file_path, max_length=255)
    created_at = models.DateTimeField(_("sent"), default=timezone.now)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")

    def __str__(self) -> str:
        return self.name

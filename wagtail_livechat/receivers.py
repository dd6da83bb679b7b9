"""What follows when something is taken away, or changed, in the admin: nobody has to remember to call an action."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from django.dispatch import receiver

from .actions import upheaval
from .models import (
    Attachment,
    Department,
    LiveChatSettings,
    OpeningException,
    OpeningHours,
    Operator,
    QuickReply,
    Tag,
    WrapUpReason,
)


@receiver(pre_delete, sender=Operator)
def operator_removed(instance: Operator, **kwargs: Any) -> None:
    upheaval.operator_gone(instance)


@receiver(post_save, sender=Operator)
def operator_saved(instance: Operator, update_fields: Any = None, **kwargs: Any) -> None:
    if instance.is_active:
        upheaval.operator_changed(instance.pk)
    else:
        upheaval.operator_gone(instance)


@receiver(pre_delete, sender=Department)
def department_removed(instance: Department, **kwargs: Any) -> None:
    upheaval.block(Q(department=instance), "department")


@receiver(post_save, sender=Department)
def department_saved(instance: Department, **kwargs: Any) -> None:
    upheaval.block(Q(department=instance), "" if instance.is_active else "department")


@receiver(post_save, sender=LiveChatSettings)
def settings_saved(instance: LiveChatSettings, **kwargs: Any) -> None:
    upheaval.block(Q(site=instance.site_id), "" if instance.enabled else "site")


@receiver([post_save, post_delete], sender=OpeningHours)
@receiver([post_save, post_delete], sender=OpeningException)
def hours_changed(**kwargs: Any) -> None:
    # They are saved after the settings that they belong to.
    upheaval.hours_changed()


@receiver(post_delete, sender=Attachment)
def file_removed(instance: Attachment, **kwargs: Any) -> None:
    """The row is gone, so nobody could find the file any more, and it would stay for ever."""
    storage, name = instance.file.storage, instance.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name), robust=True)


for model in (QuickReply, Tag, WrapUpReason):
    post_save.connect(upheaval.library_changed, sender=model)
    post_delete.connect(upheaval.library_changed, sender=model)

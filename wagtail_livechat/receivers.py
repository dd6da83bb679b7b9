"""What follows when something is taken away, or changed, in the admin: nobody has to remember to call an action."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete
from django.dispatch import receiver
from wagtail.signals import page_published, page_unpublished, post_page_move

from . import launcher, pagewise, signals, veils
from .actions import handout, roles, rollup, upheaval
from .models import (
    Attachment,
    AutoMessage,
    ChatRule,
    Department,
    LiveChatPageMixin,
    LiveChatSettings,
    OpeningException,
    OpeningHours,
    Operator,
    PrivacySettings,
    QuickReply,
    Tag,
    TextOverride,
    WrapUpReason,
)


@receiver(pre_delete, sender=Operator)
def operator_removed(instance: Operator, **kwargs: Any) -> None:
    upheaval.operator_gone(instance, removed=True)


@receiver(post_save, sender=Operator)
def operator_saved(instance: Operator, update_fields: Any = None, **kwargs: Any) -> None:
    if instance.is_active:
        upheaval.operator_saved(instance)
    else:
        upheaval.operator_gone(instance)


@receiver(m2m_changed, sender=Operator.sites.through)
@receiver(m2m_changed, sender=Operator.departments.through)
def operators_moved(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Departments or sites of an operator (a form saves them after the operator), or operators of one."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    if not reverse:
        moved = {instance.pk}
    else:
        # What is cleared is named nowhere: ask before it is gone.
        theirs = instance.operators if isinstance(instance, Department) else instance.livechat_operators
        moved = pk_set if pk_set is not None else set(theirs.values_list("pk", flat=True))
    for operator_id in sorted(moved):
        upheaval.operator_changed(operator_id)


@receiver(pre_delete, sender=Department)
def department_removed(instance: Department, **kwargs: Any) -> None:
    # Its operators lose it without a signal of their own.
    for operator_id in instance.operators.values_list("pk", flat=True):
        upheaval.operator_changed(operator_id)
    upheaval.block(Q(department=instance), "department")
    upheaval.departments_changed()


@receiver(post_save, sender=Department)
def department_saved(instance: Department, **kwargs: Any) -> None:
    upheaval.block(Q(department=instance), "" if instance.is_active else "department")
    upheaval.departments_changed()
    # Handed out in another way from now on: what waited for its turn may be everybody's.
    transaction.on_commit(handout.assign_waiting, robust=True)


@receiver(post_save, sender=LiveChatSettings)
def settings_saved(instance: LiveChatSettings, **kwargs: Any) -> None:
    upheaval.block(Q(site=instance.site_id), "" if instance.enabled else "site")


@receiver([post_save, post_delete], sender=TextOverride)
@receiver([post_save, post_delete], sender=LiveChatSettings)
def looks_changed(**kwargs: Any) -> None:
    transaction.on_commit(launcher.forget, robust=True)


@receiver(signals.erasing_visitors)
def conversations_are_going(conversation_ids: list[int], **kwargs: Any) -> None:
    # What was counted of them stays.
    rollup.keep(conversation_ids)


@receiver([post_save, post_delete], sender=PrivacySettings)
def privacy_changed(**kwargs: Any) -> None:
    veils.forget_rules()


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


def pages_changed(**kwargs: Any) -> None:
    """What pages and rules say of the chat, or where pages are, is another thing from the commit on."""
    pagewise.forget()
    transaction.on_commit(pagewise.forget, robust=True)


for signal in (page_published, page_unpublished, post_page_move):
    signal.connect(pages_changed)
for chosen in (AutoMessage, ChatRule, Department):
    post_save.connect(pages_changed, sender=chosen)
    post_delete.connect(pages_changed, sender=chosen)


@receiver([post_save, post_delete])
def page_changed(sender: Any, **kwargs: Any) -> None:
    """A page that can say something of the chat was saved by code, without being published, or is gone."""
    if issubclass(sender, LiveChatPageMixin):
        pages_changed()


for model in (QuickReply, Tag, WrapUpReason):
    post_save.connect(upheaval.library_changed, sender=model)
    post_delete.connect(upheaval.library_changed, sender=model)


def role_changed(instance: Any, action: str, reverse: bool, pk_set: set[int] | None, **kwargs: Any) -> None:
    """Groups of a user, or users of a group, wherever it is done: a change of role is written into Wagtail's log."""
    if action not in ("post_add", "post_remove", "pre_clear"):
        return
    others = pk_set
    if others is None:
        # What is cleared is named nowhere: ask before it is gone.
        others = set((instance.user_set if reverse else instance.groups).values_list("pk", flat=True))
    users, groups = (others, {instance.pk}) if reverse else ({instance.pk}, others)
    roles.note_change(users, groups, given=action == "post_add")


if hasattr(get_user_model(), "groups"):
    m2m_changed.connect(role_changed, sender=get_user_model().groups.through)

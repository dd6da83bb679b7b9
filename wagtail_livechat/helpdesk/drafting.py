"""Answers that become content: what the core asks for where it offers that (``livechat_drafts``, see its drafts.py)."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext
from wagtail.log_actions import log
from wagtail.models import Page
from wagtail.permissions import page_permission_policy

from ..actions import letters
from ..drafts import ARTICLE, FAQ, Made, Place, Published, Wanted
from ..exceptions import Conflict, Forbidden, NotFound
from ..models import OutgoingMail
from .lookups import masked
from .models import AnswerDraft, Faq, HelpdeskArticleMixin, HelpdeskCategoryMixin
from .reading import Shelf, faq_url, shelf
from .searching import Hit, answer_text


def places(site_id: int, language: str) -> list[Place]:
    """The categories of the site's helpdesk in this language, published or not, and those of its questions."""
    here = shelf(site_id, language)
    known = Faq.objects.filter(locale=here.locales[0]).exclude(category="").order_by("category")
    categories = known.values_list("category", flat=True).distinct()
    return [
        *(Place(FAQ, category, category) for category in dict.fromkeys(categories)),
        Place(FAQ, "", gettext("No category")),
        *(Place(ARTICLE, str(page.pk), page.title) for page in _categories(here)),
    ]


def _categories(here: Shelf) -> list[Page]:
    of_kind = Page.objects.type(HelpdeskCategoryMixin)
    for tree in here.trees:
        found = list(of_kind.descendant_of(tree).order_by("path"))
        if found:
            return found
    return []


def make(wanted: Wanted, place: Place, user: Any) -> Made:
    """Write the draft, and hand it to the workflow that its place has, if any."""
    if place.kind == FAQ:
        item: Any = _faq(wanted, place, user)
    else:
        item = _article(wanted, int(place.id), user)
    AnswerDraft.objects.create(
        conversation_id=wanted.conversation_id,
        **{place.kind: item},
        seqs=list(wanted.seqs),
        made_by=user,
        tell=wanted.tell,
    )
    workflow = item.get_workflow() if item.has_workflow else None
    if workflow is not None:
        workflow.start(item, user)
    may_edit = _may_edit(item, user)
    return Made(place.kind, wanted.title, _edit_url(item) if may_edit else "", False, workflow is not None)


def _may_edit(item: Any, user: Any) -> bool:
    if isinstance(item, Faq):
        return bool(user.has_perm("wagtail_livechat_helpdesk.change_faq"))
    return bool(item.permissions_for_user(user).can_edit())


def _faq(wanted: Wanted, place: Place, user: Any) -> Faq:
    here = shelf(wanted.site_id, wanted.language)
    faq = Faq(
        question=wanted.title,
        answer=_html(wanted.paragraphs),
        category=place.id,
        site_id=wanted.site_id,
        locale_id=here.locales[0],
        live=False,
    )
    faq.save()
    log(instance=faq, action="wagtail.create", user=user)
    # An answer that is still to be written is no mistake of a draft.
    faq.save_revision(user=user, clean=False)
    return faq


def _article(wanted: Wanted, category_id: int, user: Any) -> Page:
    category: Any = Page.objects.type(HelpdeskCategoryMixin).filter(pk=category_id).specific().first()
    if category is None:
        raise NotFound("There is no such category any more. Choose another one.")
    kinds = [kind for kind in category.allowed_subpage_models() if issubclass(kind, HelpdeskArticleMixin)]
    if not kinds:
        raise Conflict("Nothing can be written in this category. Choose another one.")
    article = kinds[0](title=wanted.title, live=False, owner=user, body=[("text", _html(wanted.paragraphs))])
    category.add_child(instance=article)
    log(instance=article, action="wagtail.create", user=user)
    article.save_revision(user=user)
    return article  # type: ignore[no-any-return]


def _html(paragraphs: tuple[str, ...]) -> str:
    """As Wagtail's rich text has it: paragraphs where there was an empty line, breaks where lines were broken."""
    parts = [part for text in paragraphs for part in text.replace("\r\n", "\n").split("\n\n") if part.strip()]
    return "".join(f"<p>{escape(part.strip()).replace(chr(10), '<br/>')}</p>" for part in parts)


def of_conversation(conversation_id: int, user: Any) -> list[Made]:
    """What was made of a conversation, the oldest first."""
    found = []
    for draft in (
        AnswerDraft.objects.filter(conversation=conversation_id).select_related("faq", "article").order_by("pk")
    ):
        item = draft.faq or draft.article
        url = _edit_url(item) if _may_edit(item, user) else ""
        title = item.question if draft.faq else item.title
        found.append(Made(FAQ if draft.faq else ARTICLE, title, url, item.live))
    return found


# ------------------------------------------------------------------------------------- the visitor who asked


def published(item: Any) -> None:
    """It is live: those who asked for it are told, each once."""
    if not _is_public(item):
        return
    waiting = AnswerDraft.of(item).filter(tell=True, told_at=None, conversation__isnull=False)
    for draft in waiting.select_related("conversation__visitor"):
        row = draft.conversation
        address = row.email or row.visitor.email
        with transaction.atomic():
            # Of two who publish at once, one tells.
            first = AnswerDraft.objects.filter(pk=draft.pk, told_at=None).update(told_at=timezone.now())
            if first and address:
                letters.queue(row, OutgoingMail.Kind.ANSWER, address, row.language, occasion=draft.occasion)


def _is_public(item: Any) -> bool:
    return bool(item.live) and (isinstance(item, Faq) or Page.objects.public().filter(pk=item.pk).exists())


def letter(occasion: str) -> Published | None:
    """What the visitor is told of, as it is now; None if there is nothing to read any more."""
    number = occasion.removeprefix("draft:")
    draft = AnswerDraft.objects.select_related("faq", "article", "conversation").filter(pk=number).first()
    item: Any = (draft.faq or draft.article) if draft is not None else None
    if draft is None or item is None or draft.conversation is None or not _is_public(item):
        return None
    if isinstance(item, Faq):
        home = shelf(draft.conversation.site_id, item.locale.language_code).home()
        return Published(item.question, faq_url(home, item) or "", answer_text(item))
    return Published(item.title, item.full_url or "", Hit(ARTICLE, item.specific).text)


# ------------------------------------------------------------------------------------------- from a report


def may_start(user: Any) -> dict[str, bool]:
    """Which kinds of content this user may begin at all."""
    return {
        FAQ: bool(user.has_perm("wagtail_livechat_helpdesk.add_faq")),
        ARTICLE: page_permission_policy.user_has_any_permission(user, {"add"}),
    }


def start(kind: str, title: str, site_id: int, language: str, user: Any) -> tuple[str, str]:
    """Begin an empty draft called ``title``: (where it is edited, a sentence about it). Raises Forbidden, Conflict.

    What a visitor wrote is its title, masked as it is shown to everybody.
    """
    wanted = Wanted(0, site_id, language, masked(title, language)[:255], (), ())
    if kind == FAQ:
        if not may_start(user)[FAQ]:
            raise Forbidden("You may not write FAQs.")
        faq = _faq(wanted, Place(FAQ, "", ""), user)
        return _edit_url(faq), gettext("The FAQ is begun. Write the answer, and publish it.")
    for category in _categories(shelf(site_id, language)):
        if category.permissions_for_user(user).can_add_subpage():
            article = _article(wanted, category.pk, user)
            said = gettext("The article is begun in “%(category)s”. Move it if it belongs elsewhere.")
            return _edit_url(article), said % {"category": category.title}
    raise Conflict("There is no category of the helpdesk in which you may write.")


def _edit_url(item: Any) -> str:
    name = "wagtailsnippets_wagtail_livechat_helpdesk_faq:edit" if isinstance(item, Faq) else "wagtailadmin_pages:edit"
    return reverse(name, args=[item.pk])

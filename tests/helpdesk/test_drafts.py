"""Answers that become FAQs and articles, and the visitor who is told of them."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import reverse
from wagtail.models import Locale, Page, PageViewRestriction, Workflow, WorkflowContentType, WorkflowPage

from tests.factories import (
    MANAGERS,
    OPERATORS,
    actor_of,
    make_open,
    make_operator,
    make_user,
    make_visitor,
    say,
    signed_in,
    the_site,
)
from wagtail_livechat.actions import drafting, letters
from wagtail_livechat.actions.erasure import erase_visitors
from wagtail_livechat.exceptions import Conflict, Forbidden, NotFound
from wagtail_livechat.helpdesk.models import (
    AnswerDraft,
    Faq,
    HelpdeskArticlePage,
    HelpdeskCategoryPage,
    HelpdeskIndexPage,
)
from wagtail_livechat.models import Conversation, OutgoingMail

pytestmark = pytest.mark.django_db

QUESTION = "Does the wool shrink? I am Ada Berg, ada.berg@mail.example, card 4111 1111 1111 1111"
ANSWER = "Hello Ada! It does not, below 30 °C.\n\nAir it instead.\nOrder 12345678 is on its way; call +46 70 123 45 67."


@pytest.fixture
def category() -> HelpdeskCategoryPage:
    index = the_site().root_page.add_child(instance=HelpdeskIndexPage(title="Help", slug="help"))
    return index.add_child(instance=HelpdeskCategoryPage(title="Wool", slug="wool"))


class Case:
    """A question that an operator has answered."""

    def __init__(self) -> None:
        self.operator = make_operator("Elin")
        self.conversation = make_open(
            self.operator, make_visitor(name="Ada Berg", email="ada@mail.example"), text=QUESTION, language="en"
        )
        self.question = self.conversation.entries.get(author="visitor")
        self.answer = say(self.conversation, ANSWER, self.operator)

    def make(self, **options: Any) -> Any:
        options = {"kind": "faq", "place": "", "title": "Does wool shrink?", **options}
        seqs = options.pop("seqs", [self.question.seq, self.answer.seq])
        actor = options.pop("actor", None) or actor_of(self.operator)
        return drafting.make(self.conversation.uuid, actor=actor, seqs=seqs, **options)


@pytest.fixture
def case() -> Case:
    return Case()


@pytest.mark.covers("C4")
def test_an_answer_becomes_a_draft_of_an_faq_without_what_is_personal(case: Case) -> None:
    made = case.make(title="Does wool shrink for Ada?")

    faq = Faq.objects.get()
    assert not faq.live
    assert faq.question == "Does wool shrink for …?"
    assert faq.answer.startswith("<p>Hello …! It does not, below 30 °C.</p><p>Air it instead.<br/>Order ******** is on")
    for personal in ("Ada", "12345678", "123 45 67"):
        assert personal not in faq.answer
    assert faq.locale == Locale.objects.get(language_code="en")
    assert faq.site == the_site()
    assert faq.latest_revision is not None
    assert made.url == ""  # an operator may make it, and not edit it
    draft = AnswerDraft.objects.get()
    assert (draft.conversation, draft.faq, draft.made_by_id) == (case.conversation, faq, case.operator.user_id)
    assert draft.seqs == [case.question.seq, case.answer.seq]


def test_the_question_is_not_in_the_draft_unless_it_is_all_that_was_chosen(case: Case) -> None:
    case.make()
    assert "shrink" not in Faq.objects.get().answer

    case.make(seqs=[case.question.seq], title="Another")
    answer = Faq.objects.get(question="Another").answer
    assert "Does the wool shrink?" in answer
    for personal in ("4111", "ada.berg@", "Ada", "Berg"):
        assert personal not in answer


@pytest.mark.covers("C4")
def test_it_becomes_an_article_in_the_category_that_was_chosen(case: Case, category: HelpdeskCategoryPage) -> None:
    places = drafting.places(case.conversation.uuid, actor=actor_of(case.operator))
    assert [(place.kind, place.label) for place in places] == [("faq", "No category"), ("article", "Wool")]

    case.make(kind="article", place=str(category.pk))

    article = HelpdeskArticlePage.objects.get()
    assert article.get_parent().pk == category.pk
    assert (article.title, article.live) == ("Does wool shrink?", False)
    assert "Air it instead." in article.body[0].value.source


def test_hostile_words_are_only_words(case: Case) -> None:
    said = say(case.conversation, "<script>alert(1)</script> & <b>bold</b>", case.operator)

    case.make(seqs=[said.seq])

    assert Faq.objects.get().answer == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; &lt;b&gt;bold&lt;/b&gt;</p>"


def test_what_cannot_be_made_a_draft_of(case: Case, category: HelpdeskCategoryPage) -> None:
    other = make_open(make_operator(), make_visitor())
    with pytest.raises(NotFound):
        case.make(seqs=[999])
    with pytest.raises(NotFound):
        case.make(seqs=[])
    with pytest.raises(NotFound):
        case.make(kind="article", place="999999")
    with pytest.raises(NotFound):
        case.make(kind="faq", place=str(category.pk))
    Conversation.objects.filter(pk=other.pk).update(email="")
    with pytest.raises(Conflict):
        drafting.make(other.uuid, actor=actor_of(case.operator), seqs=[1], kind="faq", place="", title="x", tell=True)
    # A note, and what the system says, is nobody's answer.
    joined = case.conversation.entries.get(kind="system")
    with pytest.raises(NotFound):
        case.make(seqs=[joined.seq])
    assert not Faq.objects.exists()


def test_it_needs_a_right_that_every_role_has(case: Case) -> None:
    user = get_user_model().objects.get(pk=case.operator.user_id)
    user.groups.get(name=OPERATORS).permissions.remove(*user.groups.get().permissions.filter(codename="draft_answer"))
    with pytest.raises(Forbidden):
        case.make()


@pytest.mark.covers("C4")
def test_a_workflow_that_is_assigned_gets_it(case: Case, category: HelpdeskCategoryPage) -> None:
    workflow = Workflow.objects.first()
    assert workflow is not None
    WorkflowPage.objects.update_or_create(page=category, defaults={"workflow": workflow})
    from django.contrib.contenttypes.models import ContentType

    WorkflowContentType.objects.create(workflow=workflow, content_type=ContentType.objects.get_for_model(Faq))

    assert case.make(kind="article", place=str(category.pk)).is_submitted
    assert case.make().is_submitted
    assert HelpdeskArticlePage.objects.get().workflow_in_progress
    assert Faq.objects.get().workflow_in_progress


@pytest.mark.covers("C4")
def test_the_visitor_who_wanted_to_know_is_told_once(case: Case, django_capture_on_commit_callbacks: Any) -> None:
    case.make(tell=True)
    case.make(title="Untold")
    faq = Faq.objects.get(question="Does wool shrink?")
    assert not OutgoingMail.objects.filter(kind="answer").exists()

    faq.latest_revision.publish()
    Faq.objects.get(pk=faq.pk).save_revision().publish()
    Faq.objects.get(question="Untold").latest_revision.publish()

    letter = OutgoingMail.objects.get(kind="answer")
    assert letter.recipient == "ada@mail.example"
    assert AnswerDraft.objects.get(faq=faq).told_at is not None
    letters.send_due()
    (sent,) = [message for message in mail.outbox if message.to == ["ada@mail.example"]]
    assert "Does wool shrink?" in sent.subject
    assert "Air it instead." in sent.body
    assert "You asked for this one letter." in sent.body
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"


def test_of_what_is_not_public_nobody_is_told(case: Case, category: HelpdeskCategoryPage) -> None:
    case.make(kind="article", place=str(category.pk), tell=True)
    for page in (category, category.get_parent()):
        page.save_revision().publish()
    PageViewRestriction.objects.create(page=category, restriction_type="login")
    article = HelpdeskArticlePage.objects.get()

    article.latest_revision.publish()
    assert not OutgoingMail.objects.filter(kind="answer").exists()

    PageViewRestriction.objects.all().delete()
    HelpdeskArticlePage.objects.get().save_revision().publish()
    letter = OutgoingMail.objects.get(kind="answer")
    # Taken back before the letter left: it is not sent, and the admin shows why.
    HelpdeskArticlePage.objects.get().unpublish()
    letters.send_due()
    letter.refresh_from_db()
    assert letter.state == "waiting"
    assert "not published" in letter.error


def test_who_was_erased_is_not_told(case: Case) -> None:
    case.make(tell=True)
    erase_visitors([case.conversation.visitor_id])

    Faq.objects.get().latest_revision.publish()

    assert not OutgoingMail.objects.filter(kind="answer").exists()
    assert Faq.objects.exists()


@pytest.mark.covers("C4")
def test_the_record_and_the_draft_lead_to_each_other(case: Case, category: HelpdeskCategoryPage) -> None:
    case.make(kind="article", place=str(category.pk), tell=True)
    case.make()
    article, faq = HelpdeskArticlePage.objects.get(), Faq.objects.get()
    admin = signed_in(make_user(is_superuser=True))

    record = admin.get(reverse("wagtail_livechat_desk:record", args=[case.conversation.case_number]), follow=True)
    page = record.content.decode()
    for item in (article, faq):
        assert edit_url(item) in page
        shown = admin.get(edit_url(item)).content.decode()
        assert f"Made of an answer in the conversation #{case.conversation.case_number}." in shown
        assert reverse("wagtail_livechat_desk:record", args=[case.conversation.case_number]) in shown
    assert "is told by e-mail when it is published" in admin.get(edit_url(article)).content.decode()

    # Who may not read conversations is not led to them.
    editor: Client = signed_in(make_user(groups=["Editors"]))
    shown = editor.get(edit_url(article)).content.decode()
    assert "Made of an answer" in shown
    assert "Open the record" not in shown
    # An operator, who may not edit it, sees what became of it.
    operator = signed_in(get_user_model().objects.get(pk=case.operator.user_id))
    record = operator.get(reverse("wagtail_livechat_desk:record", args=[case.conversation.case_number]), follow=True)
    assert "Does wool shrink?" in record.content.decode()
    assert edit_url(faq) not in record.content.decode()


def edit_url(item: Any) -> str:
    if isinstance(item, Page):
        return reverse("wagtailadmin_pages:edit", args=[item.pk])
    return reverse("wagtailsnippets_wagtail_livechat_helpdesk_faq:edit", args=[item.pk])


def test_managers_are_led_to_the_draft(case: Case) -> None:
    manager = make_operator("Maja", role=MANAGERS)

    made = case.make(actor=actor_of(manager))

    assert made.url == edit_url(Faq.objects.get())

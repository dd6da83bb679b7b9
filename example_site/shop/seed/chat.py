"""What the shop's pages say of the chat: buttons on products, words in a text, and one page with its own greeting."""

from __future__ import annotations

from wagtail.models import Page, Site

from example_site.shop.models import ContactPage, ProductPage, TextPage
from example_site.shop.seed.content import Text
from example_site.shop.seed.people import People

BUTTON = Text("Talk to us about this product", "Prata med oss om den här produkten")
SENTENCE = Text("I have a question about <page>:", "Jag har en fråga om <page>:")
LINK = Text("Talk to the workshop about a repair", "Prata med verkstaden om en reparation")
LINK_SENTENCE = Text("I would like to have something repaired:", "Jag skulle vilja få något lagat:")
LINK_ADDRESS = Text("/contact/", "/sv/contact/")
AXE = Text(
    "Waiting for the axe? Ask us when the next ones leave the forge.",
    "Väntar du på yxan? Fråga när nästa lämnar smedjan.",
)


def seed_chat(shop: Site, people: People) -> None:
    """Once: what somebody changed in the demo stays changed."""
    home = shop.root_page
    for tree in (home, *home.get_translations()):
        language = tree.locale.language_code
        contact = ContactPage.objects.descendant_of(tree).first()
        for product in ProductPage.objects.descendant_of(tree):
            if product.extras:
                continue
            button = {
                "text": BUTTON[language],
                "department": str(people.departments["sales"].pk),
                "sentence": SENTENCE[language],
                "page": contact,
            }
            product.extras = [("chat", button)]
            if product.slug == "carving-axe":
                product.chat_greeting = AXE[language]
            _publish(product)
        delivery = TextPage.objects.descendant_of(tree).filter(slug="delivery").first()
        if delivery and 'linktype="livechat"' not in delivery.body:
            delivery.body += (
                f'<p><a linktype="livechat" department="{people.departments["service"].pk}" '
                f'sentence="{LINK_SENTENCE[language]}" address="{LINK_ADDRESS[language]}">{LINK[language]}</a></p>'
            )
            _publish(delivery)


def _publish(page: Page) -> None:
    page.save_revision().publish()

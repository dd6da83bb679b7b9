"""What the shop's helpdesk says, in English and Swedish, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from example_site.shop.seed.content import Text


@dataclass(frozen=True)
class Signature:
    role: Text
    colours: dict[str, Any]


@dataclass(frozen=True)
class Article:
    slug: str
    title: Text
    summary: Text
    author: str
    body: list[tuple[str, Any]]


@dataclass(frozen=True)
class Category:
    slug: str
    title: Text
    introduction: Text
    icon: str
    color: str
    articles: list[Article]


AUTHORS = {
    "Ingrid": Signature(
        Text("Head of repairs", "Chef för reparationer"),
        {"backdrop": "#dfe6d2", "skin": "#f0c9a8", "hair": "#b9b3a6", "shirt": "#5a4632", "long_hair": True},
    ),
    "Jonas": Signature(
        Text("Packs your parcels", "Packar dina paket"),
        {"backdrop": "#dbe3ea", "skin": "#e3b48c", "hair": "#6b4a2f", "shirt": "#2e4a62"},
    ),
}

INDEX = {
    "title": Text("Help", "Hjälp"),
    "introduction": Text(
        "How to care for what you have, and what to do when something is not as it should be.",
        "Hur du sköter om det du har, och vad du gör när något inte är som det ska.",
    ),
}

FAQS: list[tuple[Text, list[tuple[Text, Text]]]] = [
    (
        Text("Orders and delivery", "Beställning och frakt"),
        [
            (
                Text("How long does delivery take?", "Hur lång är leveranstiden?"),
                Text(
                    "<p>What you order before noon leaves the same day. Sweden takes <b>2–4 days</b>, the rest of the Nordic countries 3–6.</p>",
                    "<p>Det du beställer före klockan tolv skickas samma dag. Inom Sverige tar det <b>2–4 dagar</b>, övriga Norden 3–6.</p>",
                ),
            ),
            (
                Text("Can I change my order?", "Kan jag ändra min beställning?"),
                Text(
                    "<p>Until it is packed, yes. Tell us in the chat; in the morning that is best done before ten.</p>",
                    "<p>Ja, tills den är packad. Säg till i chatten, helst före klockan tio på morgonen.</p>",
                ),
            ),
            (
                Text("Do you send outside the Nordic countries?", "Skickar ni utanför Norden?"),
                Text(
                    "<p>Not yet. We are eleven people, and would rather do it well than everywhere.</p>",
                    "<p>Inte än. Vi är elva personer och gör det hellre bra än överallt.</p>",
                ),
            ),
        ],
    ),
    (
        Text("Returns and repairs", "Retur och reparation"),
        [
            (
                Text("How do I send something back?", "Hur skickar jag tillbaka något?"),
                Text(
                    "<p>You have thirty days for what is unused.</p><ol><li>Ask for a label in the chat.</li><li>Put it on the parcel.</li><li>Hand the parcel in at any post office.</li></ol>",
                    "<p>Du har trettio dagar på dig för det som är oanvänt.</p><ol><li>Be om en fraktsedel i chatten.</li><li>Sätt den på paketet.</li><li>Lämna in paketet på valfritt ombud.</li></ol>",
                ),
            ),
            (
                Text("What does a repair cost?", "Vad kostar en reparation?"),
                Text(
                    "<p>Nothing, for as long as the thing lives. You pay the postage to us, we pay it back to you.</p>",
                    "<p>Ingenting, så länge saken lever. Du betalar frakten hit, vi betalar den tillbaka.</p>",
                ),
            ),
        ],
    ),
    (
        Text("Our things", "Våra saker"),
        [
            (
                Text("Where are they made?", "Var tillverkas de?"),
                Text(
                    "<p>In our workshop by the lake. Wood and wool come from within 300 kilometres.</p>",
                    "<p>I vår verkstad vid sjön. Virke och ull kommer från trakter inom 30 mil.</p>",
                ),
            ),
        ],
    ),
]

CATEGORIES = [
    Category(
        "care",
        Text("Care", "Skötsel"),
        Text("Wood, wool and steel last for decades, if they are treated like it.", "Trä, ylle och stål håller i årtionden om de sköts därefter."),
        "leaf",
        "#2f6b4f",
        [
            Article(
                "wash-a-blanket",
                Text("Wash a wool blanket", "Tvätta en yllefilt"),
                Text("Cold, seldom, and flat to dry.", "Kallt, sällan och plant på tork."),
                "Ingrid",
                [
                    ("text", Text("<p>Wool cleans itself: most of the time a night outdoors in damp air is enough. Only wash what is really dirty.</p>", "<p>Ull rengör sig själv: för det mesta räcker en natt ute i fuktig luft. Tvätta bara det som verkligen är smutsigt.</p>")),
                    ("picture", {"image": "blanket", "alt": Text("A folded blanket of grey wool", "En hopvikt filt av grå ull"), "caption": Text("Blanket Myr after nine winters.", "Filt Myr efter nio vintrar.")}),
                    ("steps", {"steps": [
                        {"title": Text("Fill a tub with cold water", "Fyll en balja med kallt vatten"), "text": Text("<p>Not above 20 °C, with a spoon of wool soap.</p>", "<p>Högst 20 °C, med en sked ulltvätt.</p>")},
                        {"title": Text("Leave it for ten minutes", "Låt den ligga i tio minuter"), "text": Text("<p>Press it down now and then. Do not rub.</p>", "<p>Tryck ner den då och då. Gnugga inte.</p>")},
                        {"title": Text("Roll it in a towel", "Rulla in den i en handduk"), "text": Text("<p>Then dry it flat, away from the stove.</p>", "<p>Torka den sedan plant, en bit från spisen.</p>")},
                    ]}),
                    ("callout", {"kind": "warning", "text": Text("<p>A tumble dryer makes a child's blanket of it.</p>", "<p>En torktumlare gör den till en barnfilt.</p>")}),
                ],
            ),
            Article(
                "sharpen-an-axe",
                Text("Sharpen a carving axe", "Slipa en täljyxa"),
                Text("A stone, water and a quarter of an hour.", "En sten, vatten och en kvart."),
                "Ingrid",
                [
                    ("text", Text("<h2>What you need</h2><ul><li>A stone with a coarse and a fine side</li><li>Water</li><li>A leather strap</li></ul><h2>How often</h2><p>After every second day of use, or when it stops taking hair off your arm.</p>", "<h2>Det här behöver du</h2><ul><li>En sten med grov och fin sida</li><li>Vatten</li><li>En läderrem</li></ul><h2>Hur ofta</h2><p>Efter varannan dags användning, eller när den inte längre tar hår från armen.</p>")),
                    ("callout", {"kind": "tip", "text": Text("<p>Move the stone, not the axe: the angle then stays what it was.</p>", "<p>Flytta stenen, inte yxan: då blir vinkeln som den var.</p>")}),
                    ("embed", {"url": "https://video.example/watch?v=axe", "title": Text("Ingrid sharpens an axe (film, 4 minutes)", "Ingrid slipar en yxa (film, 4 minuter)")}),
                ],
            ),
            Article(
                "oil-a-cup",
                Text("Oil a wooden cup", "Olja en träkåsa"),
                Text("Boil it once, oil it every spring.", "Koka den en gång, olja den varje vår."),
                "Ingrid",
                [("text", Text("<p>Before you use it for the first time, boil the cup in strong coffee for ten minutes: it will not crack then. After that, rub it with linseed oil every spring, and never put it into a dishwasher.</p>", "<p>Innan du använder kåsan första gången kokar du den i starkt kaffe i tio minuter: då spricker den inte. Gnid sedan in den med linolja varje vår, och diska den aldrig i maskin.</p>"))],
            ),
        ],
    ),
    Category(
        "orders",
        Text("Orders", "Beställningar"),
        Text("From the basket to your door.", "Från varukorgen till din dörr."),
        "truck",
        "#f2c14e",
        [
            Article(
                "follow-a-parcel",
                Text("Follow your parcel", "Följ ditt paket"),
                Text("Where to find the number, and what it tells.", "Var du hittar numret, och vad det säger."),
                "Jonas",
                [("text", Text("<p>The letter that says that we have packed has a number in it. The carrier's page tells where the parcel was last seen. If nothing happens for three days, <b>tell us in the chat</b>: we ask them, and you need not.</p>", "<p>I brevet som säger att vi har packat finns ett nummer. På fraktbolagets sida ser du var paketet senast var. Händer inget på tre dagar, <b>säg till i chatten</b>: vi frågar dem, så slipper du.</p>"))],
            ),
            Article(
                "broken-on-arrival",
                Text("It was broken on arrival", "Det var trasigt när det kom"),
                Text("You get a new one first, and send back the old one then.", "Du får en ny först, och skickar tillbaka den gamla sedan."),
                "Jonas",
                [
                    ("text", Text("<p>Take a picture of the thing and of the parcel, and send us both in the chat.</p>", "<p>Ta en bild på saken och på paketet, och skicka båda i chatten.</p>")),
                    ("callout", {"kind": "info", "text": Text("<p>Keep the parcel until you have heard from us.</p>", "<p>Behåll paketet tills du har hört av oss.</p>")}),
                ],
            ),
        ],
    ),
    Category(
        "repairs",
        Text("Repairs", "Reparationer"),
        Text("We mend what we made, however old it is.", "Vi lagar det vi har gjort, hur gammalt det än är."),
        "wrench",
        "#a4481f",
        [
            Article(
                "send-in-for-repair",
                Text("Send something in for repair", "Skicka in något för reparation"),
                Text("What to write, how to pack, and how long it takes.", "Vad du skriver, hur du packar och hur lång tid det tar."),
                "Ingrid",
                [
                    ("steps", {"steps": [
                        {"title": Text("Ask for a repair slip in the chat", "Be om en reparationssedel i chatten"), "text": Text("", "")},
                        {"title": Text("Pack it so that it cannot move", "Packa så att den inte kan röra sig"), "text": Text("<p>Old newspapers are best.</p>", "<p>Gamla tidningar är bäst.</p>")},
                        {"title": Text("Wait about three weeks", "Vänta ungefär tre veckor"), "text": Text("<p>In December it takes longer.</p>", "<p>I december tar det längre tid.</p>")},
                    ]}),
                ],
            ),
        ],
    ),
]  # fmt: skip


def article(slug: str) -> Article | None:
    return next((one for category in CATEGORIES for one in category.articles if one.slug == slug), None)


def by_slug(slug: str) -> dict[str, Text]:
    """Field -> text of the page with that slug, but for an article's body."""
    if found := article(slug):
        return {"title": found.title, "summary": found.summary}
    for category in CATEGORIES:
        if category.slug == slug:
            return {"title": category.title, "introduction": category.introduction}
    return INDEX

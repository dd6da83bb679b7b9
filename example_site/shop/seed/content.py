"""The shop's pages in English and Swedish, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    """The same thing said in both languages."""

    en: str
    sv: str

    def __getitem__(self, language: str) -> str:
        return self.sv if language == "sv" else self.en


@dataclass(frozen=True)
class Product:
    picture: str
    slug: str
    name: Text
    summary: Text
    body: Text
    price: int
    material: Text
    size: str
    price_before: int | None = None
    in_stock: bool = True


HOME = {
    "title": Text("Home", "Hem"),
    "headline": Text("Made for long winters and slow mornings", "Gjort för långa vintrar och lugna morgnar"),
    "intro": Text(
        "Tools, wool and wood for the cabin and the forest, made by eleven people in a workshop by a lake. Ask us anything: we use all of it ourselves.",
        "Verktyg, ylle och trä för stugan och skogen, gjort av elva personer i en verkstad vid en sjö. Fråga oss vad som helst: vi använder allt själva.",
    ),
}

INDEX = {
    "title": Text("Products", "Produkter"),
    "intro": Text(
        "Few things, each of them meant to outlive its first owner.",
        "Få saker, var och en tänkt att överleva sin första ägare.",
    ),
}

CONTACT = {
    "title": Text("Contact", "Kontakt"),
    "intro": Text(
        "The quickest way is the chat in the corner. In the evenings we are in the forest; leave a message and we answer the next morning.",
        "Snabbast är chatten i hörnet. På kvällarna är vi i skogen; lämna ett meddelande så svarar vi nästa morgon.",
    ),
    "hours": Text("Monday to Friday 8–17\nSaturday 10–14", "Måndag till fredag 8–17\nLördag 10–14"),
    "email": "hello@norrgran.example",
    "phone": "+46 8 123 456 78",
    "address": "Sjövägen 3\n123 45 Storsjö by",
}

ABOUT = {
    "title": Text("About us", "Om oss"),
    "intro": Text(
        "It began with one carving axe that nobody sold any more.",
        "Det började med en täljyxa som ingen längre sålde.",
    ),
    "body": Text(
        "<p>The smith had retired, so we bought his drawings and learnt. The first forty axes were bad. The forty-first is still in use at the bench under the window.</p>"
        "<h2>How we work</h2><p>Wood is felled in winter and dried for two years. Wool comes from four farms that we can name. Nothing leaves the workshop before the person who made it has signed it.</p>"
        "<h2>Repairs</h2><p>Everything can be mended, and we mend it for as long as we are here. Write in the chat, send a picture of what broke, and we tell you what to do.</p>",
        "<p>Smeden hade gått i pension, så vi köpte hans ritningar och lärde oss. De första fyrtio yxorna var dåliga. Den fyrtioförsta används än vid bänken under fönstret.</p>"
        "<h2>Så arbetar vi</h2><p>Virket fälls på vintern och torkas i två år. Ullen kommer från fyra gårdar som vi kan nämna vid namn. Ingenting lämnar verkstaden innan den som gjort det har signerat det.</p>"
        "<h2>Reparationer</h2><p>Allt går att laga, och vi lagar det så länge vi finns. Skriv i chatten, skicka en bild på det som gått sönder, så berättar vi vad du ska göra.</p>",
    ),
}

DELIVERY = {
    "title": Text("Delivery and returns", "Frakt och retur"),
    "intro": Text(
        "Thirty days to change your mind, and a lifetime of repairs.",
        "Trettio dagars öppet köp och reparation livet ut.",
    ),
    "body": Text(
        "<h2>Delivery</h2><p>Orders before noon leave the same day. Sweden takes 2–4 days, the rest of the Nordic countries 3–6. Delivery is free above 900 kr, otherwise 59 kr.</p>"
        "<h2>Returns</h2><p>Send anything unused back within thirty days. Tell us in the chat and you get a label at once.</p>"
        "<h2>Complaints</h2><p>Something broken on arrival? We send a new one before you send back the old.</p>",
        "<h2>Frakt</h2><p>Beställningar före klockan tolv skickas samma dag. Inom Sverige tar det 2–4 dagar, övriga Norden 3–6. Fri frakt över 900 kr, annars 59 kr.</p>"
        "<h2>Retur</h2><p>Skicka tillbaka oanvänt inom trettio dagar. Säg till i chatten så får du en fraktsedel direkt.</p>"
        "<h2>Reklamation</h2><p>Trasigt när det kom fram? Vi skickar en ny innan du skickar tillbaka den gamla.</p>",
    ),
}

PRODUCTS = [
    Product(
        "coffee_pot", "coffee-pot",
        Text("Coffee pot Sot", "Kaffepanna Sot"),
        Text("Enamelled steel for open fire, 1.5 litres.", "Emaljerat stål för öppen eld, 1,5 liter."),
        Text(
            "<p>Hang it over the fire or set it on the stove. The spout is high, so it does not boil over, and the lid stays on when you pour.</p><ul><li>Works on gas, induction and embers</li><li>No plastic anywhere</li></ul>",
            "<p>Häng den över elden eller ställ den på spisen. Pipen sitter högt så att den inte kokar över, och locket sitter kvar när du häller.</p><ul><li>För gas, induktion och glöd</li><li>Ingen plast någonstans</li></ul>",
        ),
        790, Text("Enamelled steel, brass", "Emaljerat stål, mässing"), "21 × 19 cm, 1,5 l",
    ),
    Product(
        "blanket", "wool-blanket",
        Text("Blanket Myr", "Filt Myr"),
        Text("Woven from the wool of four farms.", "Vävd av ull från fyra gårdar."),
        Text(
            "<p>Dense enough for a night by the lake, soft enough for the sofa. The stripes are dyed with madder and lichen, so no two are alike.</p><p>Air it instead of washing it; wool cleans itself.</p>",
            "<p>Tät nog för en natt vid sjön, mjuk nog för soffan. Ränderna är färgade med krapp och lav, så ingen är den andra lik.</p><p>Vädra i stället för att tvätta; ull rengör sig själv.</p>",
        ),
        1890, Text("100 % Nordic wool", "100 % nordisk ull"), "130 × 190 cm",
    ),
    Product(
        "stool", "folding-stool",
        Text("Folding stool Rast", "Fällpall Rast"),
        Text("Ash and canvas; weighs less than a litre of milk.", "Ask och kanvas; väger mindre än en liter mjölk."),
        Text(
            "<p>For fishing, sketching and waiting for the pot to boil. Folds flat and hangs on the rucksack Led by its strap.</p>",
            "<p>För fiske, skisser och väntan på kaffet. Fälls platt och hänger i remmen på ryggsäcken Led.</p>",
        ),
        690, Text("Ash, waxed canvas", "Ask, vaxad kanvas"), "38 × 32 × 40 cm",
    ),
    Product(
        "lantern", "storm-lantern",
        Text("Storm lantern Lysa", "Stormlykta Lysa"),
        Text("Twenty hours of warm light that wind cannot reach.", "Tjugo timmars varmt ljus som vinden inte når."),
        Text(
            "<p>Burns paraffin or rapeseed oil. The glass lifts with one finger in a mitten, and spare glass and wick cost less than a coffee.</p>",
            "<p>Brinner på fotogen eller rapsolja. Glaset lyfts med ett finger i vante, och nytt glas och ny veke kostar mindre än en kaffe.</p>",
        ),
        540, Text("Steel, glass", "Stål, glas"), "26 × 15 cm",
    ),
    Product(
        "cup", "birch-cup",
        Text("Birch cup Kåsa", "Kåsan Björk"),
        Text("Carved from one piece of curly birch.", "Täljd ur ett enda stycke masurbjörk."),
        Text(
            "<p>Boil it in salt water once and it never cracks. It holds two decilitres, and keeps coffee warm for exactly as long as you need.</p>",
            "<p>Koka den i saltvatten en gång så spricker den aldrig. Den rymmer två deciliter och håller kaffet varmt precis så länge du behöver.</p>",
        ),
        420, Text("Curly birch, linseed oil", "Masurbjörk, linolja"), "2 dl",
    ),
    Product(
        "rucksack", "rucksack",
        Text("Rucksack Led", "Ryggsäck Led"),
        Text("Waxed cotton, 28 litres, mended for life.", "Vaxad bomull, 28 liter, lagas livet ut."),
        Text(
            "<p>One large room, one pocket, two straps: nothing that can break. The wax is our own and smells of pine tar for the first week.</p>",
            "<p>Ett stort fack, en ficka, två remmar: ingenting som kan gå sönder. Vaxet är vårt eget och luktar tjära den första veckan.</p>",
        ),
        2290, Text("Waxed cotton, vegetable-tanned leather", "Vaxad bomull, vegetabiliskt garvat läder"), "46 × 30 × 18 cm, 28 l",
    ),
    Product(
        "axe", "carving-axe",
        Text("Carving axe Bila", "Täljyxa Bila"),
        Text("Forged by hand, sharp out of the box.", "Handsmidd, vass ur asken."),
        Text(
            "<p>The one it began with. 600 grams, a straight edge, a handle of ash with a swelling that finds your hand. Comes with a leather guard and a stone.</p>",
            "<p>Den som allt började med. 600 gram, rak egg, ett skaft i ask med en svällning som hittar handen. Levereras med läderskydd och bryne.</p>",
        ),
        1490, Text("Swedish steel, ash", "Svenskt stål, ask"), "36 cm, 600 g", in_stock=False,
    ),
    Product(
        "sweater", "sweater",
        Text("Sweater Rim", "Tröja Rim"),
        Text("Heavy knit with a pattern of hoar frost.", "Grovstickad med mönster av rimfrost."),
        Text(
            "<p>Knitted in one piece, without side seams. Wind stops at it, rain takes an hour. Order your usual size; it is meant to be roomy.</p>",
            "<p>Stickad i ett stycke, utan sidsömmar. Vinden stannar vid den, regn tar en timme. Beställ din vanliga storlek; den ska vara rymlig.</p>",
        ),
        1690, Text("100 % Nordic wool", "100 % nordisk ull"), "S–XXL",
    ),
]  # fmt: skip

OUTLET_HOME = {
    "title": Text("Home", "Hem"),
    "headline": Text("Seconds, last pieces, good homes wanted", "Andrasortering och sista exemplar söker goda hem"),
    "intro": Text(
        "A knot in the wrong place, a stripe too many. They work just as well and cost a third less.",
        "En kvist på fel ställe, en rand för mycket. De fungerar lika bra och kostar en tredjedel mindre.",
    ),
}

# Which products the outlet has, by picture.
OUTLET_PRODUCTS = ["blanket", "cup", "lantern"]

"""What people asked, and what they were told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialogue:
    language: str
    department: str
    reason: int
    """Index into people.REASONS."""
    lines: list[tuple[str, str]]
    """("v", said by the visitor) or ("o", said by the operator); the first is the visitor's."""


NAMES = {
    "en": ["Anna Miller", "Tom Baker", "Ingrid Moe", "Peter Jensen", "Hannah Clarke", "Jonas Weber", "Sofie Nielsen", "Mark Evans", "Laura Smit", "Mikko Laine"],
    "sv": ["Karin Åberg", "Lars Nyström", "Emma Sjögren", "Göran Ek", "Linnéa Falk", "Johan Wik", "Åsa Norén", "Nils Björk", "Ebba Strand", "Per Öhman"],
}  # fmt: skip

DIALOGUES = [
    Dialogue("en", "sales", 0, [
        ("v", "Hi, does the coffee pot work on induction?"),
        ("o", "Hello! Yes, it does: the bottom is plain steel under the enamel."),
        ("v", "And over an open fire too?"),
        ("o", "That is what it was made for. Hang it by the handle, and let it stand a minute before you pour."),
        ("v", "Perfect, thank you!"),
    ]),
    Dialogue("en", "sales", 0, [
        ("v", "When is the carving axe back in stock?"),
        ("o", "The next forging is in about three weeks. Shall I write you an e-mail when they are ready?"),
        ("v", "Yes please"),
        ("o", "Done. You will be among the first to know."),
    ]),
    Dialogue("en", "service", 2, [
        ("v", "I ordered a sweater in M but it is too small. Can I change it?"),
        ("o", "Of course. Have you worn it outdoors?"),
        ("v", "No, only tried it on"),
        ("o", "Then I send you a label, and an L goes out today."),
        ("v", "Wow, that was easy. Thanks"),
        ("o", "Happy to help. Keep warm!"),
    ]),
    Dialogue("en", "service", 3, [
        ("v", "A strap on my rucksack came loose after four years"),
        ("o", "That should hold longer than that. Could you send it to us? We sew it for free."),
        ("v", "Do I need the receipt?"),
        ("o", "No. We know our own seams."),
    ]),
    Dialogue("en", "sales", 1, [
        ("v", "Hello, I gave the wrong address in my order an hour ago"),
        ("o", "No harm done, it has not left yet. What is the right one?"),
        ("v", "Same street, but number 14 instead of 41"),
        ("o", "Changed. It leaves tomorrow morning."),
        ("v", "You are a star"),
    ]),
    Dialogue("en", "sales", 0, [
        ("v", "How do I wash the blanket?"),
        ("o", "Rarely! Hang it outside on a damp day. If you must, wash it by hand in cold water."),
        ("v", "And the cat hair?"),
        ("o", "A wet rubber glove. Tested on two cats here."),
        ("v", "Haha, thanks"),
    ]),
    Dialogue("en", "sales", 0, [
        ("v", "Do you deliver to Finland?"),
        ("o", "Yes, in 3 to 6 days. It is free above 900 kr."),
        ("v", "Great"),
    ]),
    Dialogue("en", "service", 4, [
        ("v", "My lantern arrived with broken glass"),
        ("o", "Oh no. I am sending a new glass today; you need not send anything back."),
        ("v", "Thank you. Should I throw the old one away?"),
        ("o", "Keep the wick and the frame, they are fine. The glass goes to recycling."),
    ]),
    Dialogue("sv", "sales", 0, [
        ("v", "Hej! Hur mycket rymmer kåsan?"),
        ("o", "Hej! Två deciliter, alltså en lagom kopp."),
        ("v", "Tål den diskmaskin?"),
        ("o", "Nej, den vill sköljas för hand och få lite linolja någon gång om året."),
        ("v", "Toppen, tack!"),
    ]),
    Dialogue("sv", "service", 3, [
        ("v", "Skaftet på min yxa har spruckit"),
        ("o", "Så tråkigt. Skicka in huvudet så sätter vi på ett nytt skaft utan kostnad."),
        ("v", "Vad snällt! Hur lång tid tar det?"),
        ("o", "Ungefär två veckor. Du får en fraktsedel på mejl."),
        ("v", "Tack så mycket"),
    ]),
    Dialogue("sv", "sales", 1, [
        ("v", "Kan jag lägga till en lykta i beställningen jag gjorde i morse?"),
        ("o", "Ja, den är inte packad än. Samma leverans, ingen extra frakt."),
        ("v", "Perfekt"),
        ("o", "Då är det ordnat. Ha en fin dag!"),
    ]),
    Dialogue("sv", "sales", 0, [
        ("v", "Sticks tröjan?"),
        ("o", "Lite i början, det är grov ull. Efter några veckor är den mjuk. De flesta har en tunn skjorta under."),
        ("v", "Okej, då provar jag"),
        ("o", "Du har trettio dagar på dig att ångra dig."),
    ]),
    Dialogue("sv", "service", 2, [
        ("v", "Jag vill lämna tillbaka en pall"),
        ("o", "Det går bra. Är det något fel på den?"),
        ("v", "Nej, jag fick två i present :)"),
        ("o", "Vilket angenämt problem. Fraktsedeln ligger i din mejl om en minut."),
        ("v", "Tack!"),
    ]),
    Dialogue("sv", "sales", 0, [
        ("v", "Går det att hämta i verkstaden?"),
        ("o", "Absolut, vardagar 8–17. Vi bjuder på kaffe."),
        ("v", "Då kommer jag på fredag"),
    ]),
]  # fmt: skip

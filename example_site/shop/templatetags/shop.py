"""What the base template asks of the page tree."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from wagtail.models import Page, Site

register = template.Library()


@register.simple_tag(takes_context=True)
def menu(context: Context) -> dict[str, Any]:
    """Home, the pages of the menu and the same page in other languages, for the page that is shown."""
    page = context.get("page")
    request = context.get("request")
    site = Site.find_for_request(request) if request else None
    if site is None:
        return {"home": None, "items": [], "current": [], "languages": [], "site": None}
    home = site.root_page.localized
    languages: list[Page] = []
    if isinstance(page, Page) and page.pk:
        languages = list(
            page.get_translations(inclusive=True).live().select_related("locale").order_by("locale__language_code")
        )
    items = list(home.get_children().live().in_menu())
    path = page.path if isinstance(page, Page) else ""
    return {
        "home": home,
        "items": items,
        # The entry of the page itself or of the section that it is in.
        "current": [item.pk for item in items if path.startswith(item.path)],
        "languages": languages,
        "site": site,
    }


@register.filter
def kronor(amount: int) -> str:
    """A price as Swedes write it: 1 290 kr, with spaces that do not break."""
    return f"{amount:,}".replace(",", "\u00a0") + "\u00a0kr"


# A handful of words needs no message catalogue, and so no compiled files in a demo.
SWEDISH = {
    "Skip to content": "Hoppa till innehållet",
    "Menu": "Meny",
    "Language": "Språk",
    "See everything": "Se hela sortimentet",
    "See all": "Se alla",
    "From the workshop": "Ur verkstaden",
    "Our story": "Vår historia",
    "Material": "Material",
    "Size": "Mått",
    "Delivery": "Leverans",
    "2–4 days, climate-compensated": "2–4 dagar, klimatkompenserad",
    "In stock": "I lager",
    "Back in a few weeks": "Åter om några veckor",
    "Questions about this one? Open the chat down in the corner: real people, no scripts.": (
        "Frågor om den här? Öppna chatten nere i hörnet: riktiga människor, inga manus."
    ),
    "You may also like": "Du kanske också gillar",
    "E-mail": "E-post",
    "Telephone": "Telefon",
    "Workshop": "Verkstad",
    "Hours": "Öppettider",
    "Was": "Tidigare",
    "Good things for cabin and forest, made slowly.": "Goda saker för stuga och skog, gjorda i lugn takt.",
    "A demonstration shop. Nothing is for sale.": "En demobutik. Ingenting är till salu.",
    "For people who run the site": "För dem som sköter webbplatsen",
    "Sign in": "Logga in",
    "Lifetime repairs": "Reparation livet ut",
    "Send it back and we mend it, however old it is.": "Skicka tillbaka den så lagar vi den, hur gammal den än är.",
    "Northern wood and wool": "Virke och ull från norr",
    "Everything comes from within 300 kilometres.": "Allt kommer från trakter inom 30 mil.",
    "People who answer": "Människor som svarar",
    "Chat with somebody who has used what you ask about.": "Chatta med någon som själv har använt det du undrar över.",
}


@register.simple_tag(takes_context=True)
def say(context: Context, text: str) -> str:
    """The text in the language of the page."""
    request = context.get("request")
    language = getattr(request, "LANGUAGE_CODE", "en")
    return SWEDISH.get(text, text) if language == "sv" else text

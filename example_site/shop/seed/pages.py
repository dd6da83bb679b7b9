"""Sites, pages and pictures of the demo. Everything is looked for first, so seeding twice changes nothing."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from typing import Any

from django.core.files.images import ImageFile
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Locale, Page, Site

from example_site.shop.models import ContactPage, HomePage, ProductIndexPage, ProductPage, TextPage
from example_site.shop.seed import content, pictures

LANGUAGES = ("en", "sv")


def seed_pages(port: int) -> tuple[Site, Site]:
    """Both page trees in both languages; returns the shop's site and the outlet's."""
    english = Locale.objects.get_or_create(language_code="en")[0]
    swedish = Locale.objects.get_or_create(language_code="sv")[0]
    root = Page.objects.get(depth=1)
    # The page that Wagtail's first migration leaves has nothing to say here.
    Page.objects.filter(depth=2, slug="home", content_type__model="page").delete()
    root = Page.objects.get(pk=root.pk)

    shop = _home(root, english, "shop", content.HOME, "forest_cabin")
    outlet = _home(root, english, "outlet", content.OUTLET_HOME, "workshop")
    if not shop.get_children().exists():
        _fill(shop, content.PRODUCTS, everything=True)
        _fill(
            outlet,
            [product for product in content.PRODUCTS if product.picture in content.OUTLET_PRODUCTS],
            everything=False,
        )
        for home in (shop, outlet):
            _translate(home, swedish)

    first = _site("localhost", port, shop, "Norrgran", is_default=True)
    second = _site("127.0.0.1", port, outlet, "Norrgran Outlet", is_default=False)
    return first, second


def follow_port(port: int) -> None:
    """Full addresses lead to where the demo is served now."""
    Site.objects.exclude(port=port).update(port=port)
    Site.clear_site_root_paths_cache()


def _site(hostname: str, port: int, home: Page, name: str, *, is_default: bool) -> Site:
    site = (
        Site.objects.filter(root_page=home).first() or Site.objects.filter(is_default_site=is_default).first() or Site()
    )
    wanted = {
        "hostname": hostname, "port": port, "root_page_id": home.pk, "site_name": name, "is_default_site": is_default,
    }  # fmt: skip
    if any(getattr(site, field) != value for field, value in wanted.items()):
        for field, value in wanted.items():
            setattr(site, field, value)
        site.save()
    return site


def picture(name: str) -> AbstractImage:
    """The drawn picture of that name as a Wagtail image, made when it is not there."""
    return _image(name.replace("_", " ").capitalize(), f"{name}.svg", getattr(pictures, name))


def portrait(name: str, **colours: Any) -> AbstractImage:
    return _image(f"Portrait of {name}", f"portrait-{name.lower()}.png", partial(pictures.portrait, **colours))


def _image(title: str, file_name: str, draw: Callable[[], bytes]) -> AbstractImage:
    Image = get_image_model()
    if found := Image.objects.filter(title=title).first():
        return found
    drawn = draw()
    # Databases of tests share one media folder: the same picture is not to pile up in it under new names.
    stored = f"original_images/{file_name}"
    storage = Image._meta.get_field("file").storage
    if storage.exists(stored):
        with storage.open(stored) as file:
            if file.read() == drawn:
                return Image.objects.create(title=title, file=stored)
        storage.delete(stored)
    return Image.objects.create(title=title, file=ImageFile(io.BytesIO(drawn), name=file_name))


def _publish(page: Page) -> None:
    page.save_revision().publish()


def _home(root: Page, locale: Locale, slug: str, texts: dict[str, content.Text], scene: str) -> HomePage:
    found = HomePage.objects.filter(slug=slug, depth=2, locale=locale).first()
    if found:
        return found
    home = HomePage(
        slug=slug, locale=locale, title=texts["title"].en, headline=texts["headline"].en, intro=texts["intro"].en
    )
    home.picture = picture(scene)
    home.search_description = home.intro
    root.add_child(instance=home)
    _publish(home)
    return home


def _fill(home: HomePage, products: list[content.Product], *, everything: bool) -> None:
    locale = home.locale
    index = ProductIndexPage(
        title=content.INDEX["title"].en,
        slug="products",
        intro=content.INDEX["intro"].en,
        show_in_menus=True,
        locale=locale,
    )
    home.add_child(instance=index)
    _publish(index)
    for product in products:
        cheaper = (
            {"price": product.price * 2 // 3, "price_before": product.price}
            if not everything
            else {"price": product.price}
        )
        page = ProductPage(
            title=product.name.en, slug=product.slug, summary=product.summary.en, body=product.body.en,
            material=product.material.en, size=product.size, in_stock=product.in_stock or not everything,
            search_description=product.summary.en, picture=picture(product.picture), locale=locale, **cheaper,
        )  # fmt: skip
        index.add_child(instance=page)
        _publish(page)
    if everything:
        about = TextPage(
            title=content.ABOUT["title"].en, slug="about", intro=content.ABOUT["intro"].en, body=content.ABOUT["body"].en,
            picture=picture("workshop"), show_in_menus=True, locale=locale,
        )  # fmt: skip
        home.add_child(instance=about)
        _publish(about)
    delivery = TextPage(
        title=content.DELIVERY["title"].en, slug="delivery", intro=content.DELIVERY["intro"].en,
        body=content.DELIVERY["body"].en, show_in_menus=True, locale=locale,
    )  # fmt: skip
    home.add_child(instance=delivery)
    _publish(delivery)
    contact = ContactPage(
        title=content.CONTACT["title"].en, slug="contact", intro=content.CONTACT["intro"].en, hours=content.CONTACT["hours"].en,
        email=content.CONTACT["email"], phone=content.CONTACT["phone"], address=content.CONTACT["address"],
        show_in_menus=True, locale=locale,
    )  # fmt: skip
    home.add_child(instance=contact)
    _publish(contact)


def _translate(home: HomePage, locale: Locale) -> None:
    """The whole tree below `home` in Swedish, page by page, published."""
    by_slug: dict[str, dict[str, content.Text]] = {
        "shop": content.HOME,
        "outlet": content.OUTLET_HOME,
        "products": content.INDEX,
        "about": content.ABOUT,
        "delivery": content.DELIVERY,
        "contact": content.CONTACT,
    }
    for product in content.PRODUCTS:
        by_slug[product.slug] = {
            "title": product.name, "summary": product.summary, "body": product.body, "material": product.material,
        }  # fmt: skip
    for page in home.get_descendants(inclusive=True).specific():
        translated = page.copy_for_translation(locale)
        for field, text in by_slug[page.slug].items():
            if isinstance(text, content.Text):
                setattr(translated, field, text.sv)
        translated.search_description = getattr(translated, "summary", "") or getattr(translated, "intro", "")
        _publish(translated)

"""``{% livechat %}``: one script element, the same for every visitor."""

from __future__ import annotations

from typing import Any

from django import template
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from wagtail.models import Site

register = template.Library()


@register.simple_tag(takes_context=True)
def livechat(context: dict[str, Any]) -> SafeString | str:
    """The loader's script element, or nothing where it does not belong.

    Nothing is printed in Wagtail's previews, on a host that is no site, or where the URLs are not included (a system check
    says so). No query beyond Wagtail's own cached look-up of the site, no session, no CSRF token: whole pages stay cacheable.
    """
    request = context.get("request")
    if request is None or getattr(request, "is_preview", False):
        return ""
    site = Site.find_for_request(request)
    if site is None:
        return ""
    try:
        url = reverse("wagtail_livechat:boot")
    except NoReverseMatch:
        return ""
    page = getattr(context.get("page") or context.get("self"), "pk", None)
    asked = {"site": site.pk, "lang": get_language() or "", **({"page": page} if isinstance(page, int) else {})}
    return format_html(
        '<script async src="{}" data-livechat data-boot="{}?{}" data-page="{}"></script>',
        static("wagtail_livechat/loader.js"),
        url,
        urlencode(asked),
        asked.get("page", ""),
    )

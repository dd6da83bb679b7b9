"""A site that has conversations is not deleted with all of them in passing: whoever wants to is told what to do instead."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Site
from wagtail.sites.views import SiteViewSet

from ..models import Conversation
from ..permissions import may


def kept_sites(sites: QuerySet[Site]) -> QuerySet[Site]:
    """Those of ``sites`` that cannot be deleted, because conversations are kept of them."""
    return sites.filter(pk__in=Conversation.objects.order_by().values("site"))


def delete_site(request: HttpRequest, pk: str) -> HttpResponse:
    """Wagtail's own page, which asks whether to delete the site; for a site that is kept, what to do instead.

    Not decided by the address already: under ASGI an address is looked up where the database cannot be asked.
    """
    if not pk.isdecimal() or len(pk) > 18 or not kept_sites(Site.objects.filter(pk=int(pk))).exists():
        view: HttpResponse = SiteViewSet("wagtailsites", url_prefix="sites").delete_view(request, pk=pk)
        return view
    if not request.user.has_perm("wagtailcore.delete_site"):
        raise PermissionDenied
    site = get_object_or_404(Site, pk=pk)
    context = {
        "site": site,
        "conversations": Conversation.objects.filter(site=site).count(),
        "settings_url": _settings_url("livechatsettings", site) if may(request.user, "manage_settings") else "",
        "privacy_url": _settings_url("privacysettings", site) if may(request.user, "manage_privacy") else "",
        "back_url": reverse("wagtailsites:edit", args=[site.pk]),
    }
    return render(request, "wagtail_livechat/site_kept.html", context, status=409 if request.method == "POST" else 200)


def _settings_url(model: str, site: Site) -> str:
    return reverse("wagtailsettings:edit", args=["wagtail_livechat", model, site.pk])


# --------------------------------------------------------------------------------- a page that carries a site


def refuse_pages(request: HttpRequest, pages: list[Any]) -> HttpResponse | None:
    """If one of ``pages``, or one below it, is the root of such a site: say so and lead back. Else None."""
    for page in pages:
        site = kept_sites(Site.objects.filter(root_page__in=page.get_descendants(inclusive=True))).first()
        if site is not None:
            text = _(
                "“%(page)s” cannot be deleted: the live chat keeps conversations of the site %(site)s, which begins there. "
                "Give the site another root page, or see what can be done under Settings › Sites."
            )
            messages.error(request, text % {"page": page.get_admin_display_title(), "site": site})
            return HttpResponseRedirect(reverse("wagtailadmin_explore", args=[page.get_parent().pk]))
    return None

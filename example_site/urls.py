"""Addresses of the example site: English at /, Swedish at /sv/."""

import mimetypes

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls


def media(request: HttpRequest, path: str) -> HttpResponse:
    """An uploaded file. Whole, not streamed: streaming by Django's own view is blocking, which ASGI warns of."""
    if not default_storage.exists(path):
        raise Http404
    with default_storage.open(path) as file:
        return HttpResponse(
            file.read(),
            content_type=mimetypes.guess_type(path)[0] or "application/octet-stream",
            headers={"Cache-Control": "max-age=3600", "X-Content-Type-Options": "nosniff"},
        )


urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("livechat/", include("wagtail_livechat.urls")),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}shop/favicon.svg")),
    # A demo serves its own pictures; a real site leaves that to its web server.
    path("media/<path:path>", media),
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]

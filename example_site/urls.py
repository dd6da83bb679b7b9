"""Addresses of the example site: English at /, Swedish at /sv/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("livechat/", include("wagtail_livechat.urls")),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}shop/favicon.svg")),
    # A demo serves its own pictures; a real site leaves that to its web server.
    re_path(r"^media/(?P<path>.*)$", serve, {"document_root": settings.MEDIA_ROOT}),
    *i18n_patterns(path("", include(wagtail_urls)), prefix_default_language=False),
]

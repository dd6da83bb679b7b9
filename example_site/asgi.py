"""The example site with WebSockets; this is the file that the README asks a site to paste."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")

# Django is set up first: the chat's consumers import models.
django_application = get_asgi_application()

from wagtail_livechat.asgi import livechat_application  # noqa: E402

application = livechat_application(django_application)

"""The example site with WebSockets: what the README asks a site to paste, and one line more."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_site.settings")

# WhiteNoise hands files out by blocking iterators, a few static ones, which is what Django warns of.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# Django is set up first: the chat's consumers import models.
django_application = get_asgi_application()

from wagtail_livechat.asgi import livechat_application  # noqa: E402

application = livechat_application(django_application)

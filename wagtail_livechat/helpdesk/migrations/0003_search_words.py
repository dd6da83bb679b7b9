"""On PostgreSQL: Wagtail's search finds words of titles and texts by an index, in this app's search and in every other.

Wagtail's table has an index for titles and one for texts, but its search asks for both put together, for which there is none.
So PostgreSQL reads every entry, guesses that one of them matches, and compares each that does with every page. With an index
on what is asked for, it also knows how many will match. Nobody has to wait while it is made.
"""

from django.db import migrations

NAME, TABLE = "livechat_helpdesk_words", "wagtailsearch_indexentry"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        # What an interrupted try left behind is of no use.
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")
        schema_editor.execute(f"CREATE INDEX CONCURRENTLY {NAME} ON {TABLE} USING gin ((title || body))")
        # Where there are entries already, PostgreSQL is told at once what the words are like.
        schema_editor.execute(f"ANALYZE {TABLE}")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {NAME}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("wagtail_livechat_helpdesk", "0002_roles"),
        # Where the columns became what they are on PostgreSQL.
        ("wagtailsearch", "0006_customise_indexentry"),
    ]

    operations = [migrations.RunPython(make, remove)]

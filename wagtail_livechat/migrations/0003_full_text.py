"""On PostgreSQL: words of messages and of visitors' names are found by an index. Nobody has to wait while it is made."""

from django.db import migrations

# As wagtail_livechat.fulltext asks for it, letter by letter: otherwise PostgreSQL does not use the index.
WORDS = "to_tsvector('simple'::regconfig, translate({}, '@.-_/:+&;<>=?#~', '               '))"
INDEXES = {
    "livechat_entry_words": ("wagtail_livechat_entry", WORDS.format("body")),
    "livechat_visitor_words": ("wagtail_livechat_visitor", WORDS.format("name || ' ' || email")),
}


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, (table, words) in INDEXES.items():
            # What an interrupted try left behind is of no use.
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            # Without a list of what is still to be put in: each message costs 0.1 ms more, and none waits for the list.
            schema_editor.execute(
                f"CREATE INDEX CONCURRENTLY {name} ON {table} USING gin ({words}) WITH (fastupdate = off)"
            )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in INDEXES:
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("wagtail_livechat", "0002_roles")]

    operations = [migrations.RunPython(make, remove)]

"""Long lists of conversations are read from indexes; managers and administrators search, export and unban."""

from django.db import migrations, models

from wagtail_livechat.migrations._grants import grant

LOGS = [
    ("conversation", "view_logs", "Can search the logs of live chat conversations"),
    ("conversation", "export_conversation", "Can take live chat conversations out as files"),
]
# "Delete" is what letting somebody in again is called in the list of bans.
UNBAN = [("ban", f"{verb}_ban", f"Can {verb} ban") for verb in ("view", "delete")]


class Migration(migrations.Migration):
    dependencies = [("wagtail_livechat", "0016_launcher_pictures")]

    operations = [
        migrations.AlterModelOptions(
            name="conversation",
            options={
                "default_manager_name": "everything",
                "permissions": [
                    ("handle_conversation", "Can answer live chat conversations"),
                    ("view_history", "Can see the history of conversations"),
                    ("view_all_departments", "Can see the conversations of every department"),
                    ("view_logs", "Can search the logs of live chat conversations"),
                    ("export_conversation", "Can take live chat conversations out as files"),
                    ("see_masked", "Can see what masking hides, where the site's privacy settings allow it"),
                    ("reveal_masked", "Can reveal what masking hides, one message at a time"),
                    ("erase_visitor", "Can export and erase the data of a visitor"),
                ],
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
            },
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["department", "-created_at", "-id"], name="livechat_conv_department"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["wrap_up_reason", "-created_at", "-id"], name="livechat_conv_reason"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["site", "-created_at", "-id"], name="livechat_conv_site"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(archived_at__isnull=False),
                fields=["-created_at", "-id"],
                name="livechat_conv_archive",
            ),
        ),
        grant({"Live chat managers": [*LOGS, *UNBAN], "Live chat administrators": LOGS}),
    ]

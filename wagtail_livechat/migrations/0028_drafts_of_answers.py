"""Operators make drafts of answers; and visitors who asked are told of what was published."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_livechat", "0027_consent_as_read"),
    ]

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
                    ("draft_answer", "Can make drafts of FAQs and articles of answers"),
                    ("erase_visitor", "Can export and erase the data of a visitor"),
                ],
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
            },
        ),
        migrations.AlterField(
            model_name="outgoingmail",
            name="kind",
            field=models.CharField(
                choices=[
                    ("receipt", "Copy to the visitor"),
                    ("case", "Copy to those who answer"),
                    ("transcript", "Transcript"),
                    ("invitation", "Invitation of an operator"),
                    ("test", "Test letter"),
                    ("answer", "Published answer"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
    ]

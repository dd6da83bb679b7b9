import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


def nothing(apps, schema_editor):
    """No conversation was between colleagues before."""


def drop_internal(apps, schema_editor):
    """What colleagues wrote to each other has no place in the tables as they were."""
    conversation = apps.get_model("wagtail_livechat", "Conversation")
    conversation._base_manager.filter(state="internal").delete()
    if schema_editor.connection.vendor == "postgresql":
        # It alters no table while keys of what was deleted wait to be checked.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_livechat", "0004_desk_roles"),
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
                ],
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
            },
        ),
        migrations.AlterModelManagers(
            name="conversation",
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.AddField(
            model_name="conversation",
            name="direct",
            field=models.CharField(editable=False, max_length=41, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="conversation",
            name="left_by",
            field=models.CharField(blank=True, editable=False, max_length=255),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="case_number",
            field=models.CharField(editable=False, max_length=20, null=True, unique=True, verbose_name="case number"),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="site",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="wagtailcore.site",
                verbose_name="site",
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="visitor",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversations",
                to="wagtail_livechat.visitor",
                verbose_name="visitor",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("case_number", None),
                        ("direct__isnull", False),
                        ("site", None),
                        ("state", "internal"),
                        ("visitor", None),
                    ),
                    models.Q(
                        models.Q(("state", "internal"), _negated=True),
                        ("case_number__isnull", False),
                        ("direct", None),
                        ("site__isnull", False),
                        ("visitor__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="livechat_case_or_internal",
            ),
        ),
        migrations.RunPython(nothing, drop_internal),
    ]

"""What the chat is like on sections of the site; and auto-messages for chosen pages alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_livechat", "0021_statistics"),
    ]

    operations = [
        migrations.AddField(
            model_name="automessage",
            name="chosen_only",
            field=models.BooleanField(
                default=False,
                help_text="Pages choose it in their settings, and chat rules for whole sections.",
                verbose_name="only where a page chooses it",
            ),
        ),
        migrations.CreateModel(
            name="ChatRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "chat_visibility",
                    models.CharField(
                        blank=True,
                        choices=[("", "As above in the tree"), ("shown", "Shown"), ("hidden", "Hidden")],
                        default="",
                        help_text="Hidden: there is no launcher here. A conversation that is going on can still be continued, and a link or a button that opens the chat still does.",
                        max_length=6,
                        verbose_name="chat",
                    ),
                ),
                (
                    "chat_greeting",
                    models.TextField(
                        blank=True,
                        help_text="Shown before the first message, in place of the site's.",
                        max_length=500,
                        verbose_name="greeting",
                    ),
                ),
                ("page_types", models.JSONField(blank=True, default=list, verbose_name="types of pages")),
                ("sort_order", models.IntegerField(default=0, editable=False, verbose_name="order")),
                (
                    "chat_auto_message",
                    models.ForeignKey(
                        blank=True,
                        help_text="Said above the launcher here before any other, at the times that it has itself.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.automessage",
                        verbose_name="auto-message",
                    ),
                ),
                (
                    "chat_department",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who gets the conversations that begin here.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        help_text="The rule holds here and on all pages below. What a page says itself comes first.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.Page",
                        verbose_name="page",
                    ),
                ),
            ],
            options={
                "verbose_name": "chat rule",
                "verbose_name_plural": "chat rules",
                "ordering": ["sort_order", "pk"],
            },
        ),
    ]

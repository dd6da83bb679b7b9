import django.db.models.deletion
import wagtail.fields
from django.db import migrations, models

import wagtail_livechat.blocks


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtail_livechat", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
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
                ("intro", models.TextField(blank=True)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("address", models.TextField(blank=True)),
                ("hours", models.TextField(blank=True)),
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
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="HomePage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
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
                ("headline", models.CharField(max_length=120)),
                ("intro", models.TextField(blank=True)),
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
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="ProductIndexPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
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
                ("intro", models.TextField(blank=True)),
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
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="ProductPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
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
                ("summary", models.CharField(max_length=200)),
                ("body", wagtail.fields.RichTextField(blank=True)),
                ("price", models.PositiveIntegerField(help_text="In kronor.")),
                ("price_before", models.PositiveIntegerField(blank=True, null=True)),
                ("material", models.CharField(blank=True, max_length=120)),
                ("size", models.CharField(blank=True, max_length=120)),
                ("in_stock", models.BooleanField(default=True)),
                (
                    "extras",
                    wagtail.fields.StreamField(
                        [("chat", 4)],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"help_text": "What is to be pressed.", "label": "Text", "max_length": 100},
                            ),
                            1: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": wagtail_livechat.blocks.department_choices,
                                    "help_text": "Who gets the conversation. Empty: as on the page.",
                                    "label": "Department",
                                    "required": False,
                                },
                            ),
                            2: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Stands in the message field, for the visitor to go on with; it is not sent by itself. &lt;page&gt; becomes the title of the page.",
                                    "label": "First sentence",
                                    "max_length": 300,
                                    "required": False,
                                },
                            ),
                            3: (
                                "wagtail.blocks.PageChooserBlock",
                                (),
                                {
                                    "help_text": "Where it leads while there is no chat, and in browsers without JavaScript. Empty: then it is not shown.",
                                    "label": "Page without chat",
                                    "required": False,
                                },
                            ),
                            4: (
                                "wagtail.blocks.StructBlock",
                                [[("text", 0), ("department", 1), ("sentence", 2), ("page", 3)]],
                                {},
                            ),
                        },
                    ),
                ),
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
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="TextPage",
            fields=[
                (
                    "page_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
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
                ("intro", models.TextField(blank=True)),
                ("body", wagtail.fields.RichTextField(blank=True)),
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
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
            bases=("wagtailcore.page", models.Model),
        ),
    ]

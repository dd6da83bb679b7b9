import uuid

import django.core.validators
import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models

import wagtail_livechat.models.files
import wagtail_livechat.models.settings


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailimages", "0027_image_description"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseCounter",
            fields=[
                ("year", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("last", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Tag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=50, unique=True, verbose_name="name")),
            ],
            options={
                "verbose_name": "tag",
                "verbose_name_plural": "tags",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="WrapUpReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("sort_order", models.IntegerField(default=0, verbose_name="order")),
            ],
            options={
                "verbose_name": "wrap-up reason",
                "verbose_name_plural": "wrap-up reasons",
                "ordering": ["sort_order", "name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AutoMessage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="For yourselves. A conversation that begins with it is marked with it.",
                        max_length=100,
                        verbose_name="name",
                    ),
                ),
                ("content", models.TextField(max_length=300, verbose_name="content")),
                ("is_active", models.BooleanField(default=True, verbose_name="shown")),
                (
                    "frequency",
                    models.CharField(
                        choices=[("load", "On every page"), ("day", "Once a day")],
                        default="day",
                        help_text="Once a day needs the browser's storage, which is not used before a visitor has opened the chat.",
                        max_length=4,
                        verbose_name="how often",
                    ),
                ),
                (
                    "delay_seconds",
                    models.PositiveSmallIntegerField(
                        default=3,
                        validators=[django.core.validators.MaxValueValidator(3600)],
                        verbose_name="seconds before it is shown",
                    ),
                ),
                (
                    "shown_seconds",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="0: until it is closed.",
                        validators=[django.core.validators.MaxValueValidator(3600)],
                        verbose_name="seconds for which it is shown",
                    ),
                ),
                (
                    "address_contains",
                    models.CharField(
                        blank=True,
                        help_text="A part of the page's address, such as /products/. Empty means every page.",
                        max_length=255,
                        verbose_name="address contains",
                    ),
                ),
                ("when_offline", models.BooleanField(default=False, verbose_name="also while nobody is there")),
                (
                    "chosen_only",
                    models.BooleanField(
                        default=False,
                        help_text="Pages choose it in their settings, and chat rules for whole sections.",
                        verbose_name="only where a page chooses it",
                    ),
                ),
                ("monday", models.BooleanField(default=True, verbose_name="Monday")),
                ("tuesday", models.BooleanField(default=True, verbose_name="Tuesday")),
                ("wednesday", models.BooleanField(default=True, verbose_name="Wednesday")),
                ("thursday", models.BooleanField(default=True, verbose_name="Thursday")),
                ("friday", models.BooleanField(default=True, verbose_name="Friday")),
                ("saturday", models.BooleanField(default=True, verbose_name="Saturday")),
                ("sunday", models.BooleanField(default=True, verbose_name="Sunday")),
                ("sort_order", models.IntegerField(default=0, editable=False, verbose_name="order")),
                ("shown", models.PositiveIntegerField(default=0, editable=False, verbose_name="times shown")),
                ("clicked", models.PositiveIntegerField(default=0, editable=False, verbose_name="times clicked")),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty means all sites.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "auto-message",
                "verbose_name_plural": "auto-messages",
                "ordering": ["sort_order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="AutoMessageDay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("message", models.PositiveBigIntegerField()),
                ("day", models.DateField()),
                ("shown", models.PositiveIntegerField(default=0)),
                ("clicked", models.PositiveIntegerField(default=0)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["day"], name="livechat_auto_message_days")],
                "constraints": [models.UniqueConstraint(fields=("message", "day"), name="livechat_auto_message_day")],
            },
        ),
        migrations.CreateModel(
            name="AutoMessageTime",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("begins", models.TimeField(verbose_name="from")),
                ("ends", models.TimeField(help_text="Earlier than it begins: on the next day.", verbose_name="until")),
                (
                    "message",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="times",
                        to="wagtail_livechat.automessage",
                    ),
                ),
            ],
            options={
                "verbose_name": "time",
                "verbose_name_plural": "times",
                "ordering": ["begins", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "case_number",
                    models.CharField(editable=False, max_length=20, null=True, unique=True, verbose_name="case number"),
                ),
                ("direct", models.CharField(editable=False, max_length=41, null=True, unique=True)),
                ("left_by", models.CharField(blank=True, editable=False, max_length=255)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("active", "Open"),
                            ("ended", "Ended"),
                            ("offline", "Left while nobody was there"),
                        ],
                        default="queued",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language")),
                ("page_url", models.CharField(blank=True, max_length=2000, verbose_name="address")),
                ("page_title", models.CharField(blank=True, max_length=255, verbose_name="page title")),
                ("auto_message", models.CharField(blank=True, max_length=255, verbose_name="auto-message")),
                ("last_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("visitor_delivered_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("visitor_seen_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("operator_delivered_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("operator_seen_seq", models.PositiveIntegerField(default=0, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="started")),
                ("queued_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="waiting since")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered")),
                ("first_reply_at", models.DateTimeField(blank=True, null=True, verbose_name="first reply")),
                ("last_message_at", models.DateTimeField(blank=True, null=True, verbose_name="last message")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("visitor", "Visitor"),
                            ("operator", "Operator"),
                            ("system", "System"),
                            ("bot", "Bot"),
                        ],
                        max_length=8,
                        verbose_name="ended by",
                    ),
                ),
                ("wrap_up_note", models.TextField(blank=True, verbose_name="wrap-up note")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("consented_at", models.DateTimeField(blank=True, null=True, verbose_name="consented")),
                ("consent_text", models.TextField(blank=True, verbose_name="consented to")),
                (
                    "consent_language",
                    models.CharField(blank=True, max_length=35, verbose_name="language of the consent"),
                ),
                ("consent_version", models.CharField(blank=True, max_length=12, verbose_name="version of the consent")),
                ("rating", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rating")),
                ("rating_comment", models.TextField(blank=True, verbose_name="comment")),
                ("blocked", models.CharField(blank=True, editable=False, max_length=10)),
                ("queue_place", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="archived")),
                ("texts_removed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.page",
                        verbose_name="page",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
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
                "default_manager_name": "everything",
            },
            managers=[
                ("everything", django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=255, verbose_name="name")),
                ("content_type", models.CharField(max_length=100, verbose_name="type")),
                ("size", models.PositiveIntegerField(verbose_name="size")),
                (
                    "file",
                    models.FileField(
                        max_length=255,
                        storage=wagtail_livechat.models.files.private_storage,
                        upload_to=wagtail_livechat.models.files.file_path,
                        verbose_name="file",
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent")),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="wagtail_livechat.conversation",
                        verbose_name="conversation",
                    ),
                ),
            ],
            options={
                "verbose_name": "attachment",
                "verbose_name_plural": "attachments",
            },
        ),
        migrations.CreateModel(
            name="Department",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "handout",
                    models.CharField(
                        choices=[
                            ("open", "Open queue: everyone sees it and may take it"),
                            ("one", "One at a time: offered to the operator with the most room"),
                        ],
                        default="open",
                        max_length=8,
                        verbose_name="handing out",
                    ),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("sort_order", models.IntegerField(default=0, verbose_name="order")),
                (
                    "sites",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Sites that this department answers for. None chosen means all.",
                        related_name="livechat_departments",
                        to="wagtailcore.site",
                        verbose_name="sites",
                    ),
                ),
            ],
            options={
                "verbose_name": "department",
                "verbose_name_plural": "departments",
                "ordering": ["sort_order", "name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="department",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="conversations",
                to="wagtail_livechat.department",
                verbose_name="department",
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
                    "page",
                    models.ForeignKey(
                        help_text="The rule holds here and on all pages below. What a page says itself comes first.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.page",
                        verbose_name="page",
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
                "verbose_name": "chat rule",
                "verbose_name_plural": "chat rules",
                "ordering": ["sort_order", "pk"],
            },
        ),
        migrations.CreateModel(
            name="LiveChatSettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "enabled",
                    models.BooleanField(
                        default=True,
                        help_text="Off: nothing is drawn on any page of this site.",
                        verbose_name="show the chat",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("auto", "By itself: online while an operator is available"),
                            ("schedule", "By opening hours"),
                            ("on", "Always online"),
                            ("off", "Always offline"),
                        ],
                        default="auto",
                        help_text="When visitors are told that somebody is there. Operators may be at the desk at any time.",
                        max_length=8,
                        verbose_name="online",
                    ),
                ),
                ("admin_language", models.CharField(blank=True, max_length=35, verbose_name="language of the desk")),
                ("time_zone", models.CharField(blank=True, max_length=64, verbose_name="time zone")),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                (
                    "closed_on_holidays",
                    models.BooleanField(
                        default=False,
                        help_text="Of the country. An exception opens one of them.",
                        verbose_name="closed on public holidays",
                    ),
                ),
                (
                    "holiday_region",
                    models.CharField(
                        blank=True,
                        help_text="Where parts of the country have holidays of their own: its code, such as BY for Bavaria.",
                        max_length=10,
                        verbose_name="part of the country",
                    ),
                ),
                (
                    "offer_seconds",
                    models.PositiveSmallIntegerField(
                        default=30,
                        help_text="An operator who does not answer an offer in this time is marked as not answering, and it goes on to the next.",
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(600),
                        ],
                        verbose_name="seconds to answer an offer",
                    ),
                ),
                (
                    "wrap_up_required",
                    models.BooleanField(
                        default=False,
                        help_text="Operators choose one of the wrap-up reasons when they end a conversation. Without any reason under Live chat, nobody is asked.",
                        verbose_name="a reason is needed to end a conversation",
                    ),
                ),
                (
                    "prechat_name",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="name",
                    ),
                ),
                (
                    "prechat_email",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "prechat_phone",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="phone",
                    ),
                ),
                (
                    "prechat_reference",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="reference number",
                    ),
                ),
                (
                    "prechat_department",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="department",
                    ),
                ),
                (
                    "prechat_consent",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="consent",
                    ),
                ),
                (
                    "offline_form",
                    models.BooleanField(
                        default=True,
                        help_text="Visitors leave a message, which is a case that waits for an answer by e-mail. Off: what they write waits in the queue.",
                        verbose_name="a form while it is closed",
                    ),
                ),
                (
                    "offline_name",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="shown",
                        max_length=8,
                        verbose_name="name",
                    ),
                ),
                (
                    "offline_email",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="required",
                        max_length=8,
                        verbose_name="e-mail",
                    ),
                ),
                (
                    "offline_phone",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="phone",
                    ),
                ),
                (
                    "offline_reference",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="reference number",
                    ),
                ),
                (
                    "offline_department",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="department",
                    ),
                ),
                (
                    "offline_consent",
                    models.CharField(
                        choices=[("off", "Off"), ("shown", "Shown"), ("required", "Required")],
                        default="off",
                        max_length=8,
                        verbose_name="consent",
                    ),
                ),
                (
                    "consent_text",
                    models.TextField(
                        blank=True,
                        help_text="What visitors agree to. Empty means a standard sentence.",
                        max_length=500,
                        verbose_name="consent",
                    ),
                ),
                (
                    "no_answer_seconds",
                    models.PositiveSmallIntegerField(
                        default=120,
                        help_text="A visitor who has waited this long may leave an e-mail address and go. 0: they are not asked.",
                        validators=[django.core.validators.MaxValueValidator(3600)],
                        verbose_name="seconds until an address is asked for",
                    ),
                ),
                (
                    "attachment_types",
                    models.CharField(
                        blank=True,
                        default="jpg jpeg png gif webp pdf txt",
                        help_text="Endings with spaces between, such as: jpg png pdf. Empty: no files can be sent.",
                        max_length=200,
                        validators=[wagtail_livechat.models.settings.known_endings],
                        verbose_name="files that may be sent",
                    ),
                ),
                (
                    "attachment_megabytes",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="The largest that is taken, 1 to 50.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(50),
                        ],
                        verbose_name="megabytes of a file",
                    ),
                ),
                (
                    "support_email",
                    models.EmailField(
                        blank=True,
                        help_text="Gets a copy of what visitors leave while nobody is there, and answers to our letters.",
                        max_length=254,
                        verbose_name="support mailbox",
                    ),
                ),
                (
                    "receipt_text",
                    models.TextField(
                        blank=True,
                        help_text="Stands above the copy of a message. <name>, <case> and <company> are filled in. Empty means a standard text.",
                        max_length=2000,
                        verbose_name="letter to the visitor",
                    ),
                ),
                (
                    "transcript_text",
                    models.TextField(
                        blank=True,
                        help_text="Stands above the transcript. <name>, <case> and <company> are filled in. Empty means a standard text.",
                        max_length=2000,
                        verbose_name="letter with the transcript",
                    ),
                ),
                (
                    "company_name",
                    models.CharField(
                        blank=True,
                        help_text="Empty means the name of the site.",
                        max_length=100,
                        verbose_name="company name",
                    ),
                ),
                (
                    "greeting",
                    models.TextField(
                        blank=True,
                        help_text="Shown before the first message. Empty means a standard sentence.",
                        max_length=500,
                        verbose_name="greeting",
                    ),
                ),
                (
                    "color",
                    models.CharField(
                        default="#0b5c6b",
                        help_text="As # and six hexadecimal digits. The text on it becomes black or white, whichever reads better.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^#[0-9a-fA-F]{6}$", "Write a colour as # and six hexadecimal digits, e.g. #0b5c6b."
                            )
                        ],
                        verbose_name="colour",
                    ),
                ),
                (
                    "corner",
                    models.CharField(
                        choices=[
                            ("end", "Where lines end (right in English)"),
                            ("start", "Where lines begin (left in English)"),
                        ],
                        default="end",
                        help_text="Where the launcher stands, at the bottom of the page.",
                        max_length=5,
                        verbose_name="corner",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="A language code such as sv. Empty means the language of the page.",
                        max_length=35,
                        verbose_name="language",
                    ),
                ),
                (
                    "label",
                    models.CharField(
                        blank=True,
                        help_text="Empty means a standard text in the visitor's language.",
                        max_length=60,
                        verbose_name="text on the launcher",
                    ),
                ),
                (
                    "embed_origins",
                    models.TextField(
                        blank=True,
                        help_text="Their origins, a line each, such as https://shop.example: scheme and host, exactly. Pages of this site need not be listed.",
                        max_length=2000,
                        verbose_name="pages elsewhere that may show the chat",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who gets the conversations of this site.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        help_text="In the head of the window. It is cut to a square.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="logo",
                    ),
                ),
                (
                    "offline_picture",
                    models.ForeignKey(
                        blank=True,
                        help_text="The same while nobody is there.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="picture while offline",
                    ),
                ),
                (
                    "online_picture",
                    models.ForeignKey(
                        blank=True,
                        help_text="In place of the launcher's own look, with its text in it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="picture while online",
                    ),
                ),
                (
                    "site",
                    models.OneToOneField(
                        editable=False, on_delete=django.db.models.deletion.CASCADE, to="wagtailcore.site"
                    ),
                ),
                (
                    "support_picture",
                    models.ForeignKey(
                        blank=True,
                        help_text="A face beside the greeting. Empty means the logo.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="support picture",
                    ),
                ),
            ],
            options={
                "verbose_name": "live chat settings",
                "permissions": [("administer_livechatsettings", "Can change every live chat setting")],
            },
        ),
        migrations.CreateModel(
            name="OpeningException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "date",
                    models.DateField(
                        help_text="Several rows of one date are several times on that day.", verbose_name="date"
                    ),
                ),
                (
                    "opens",
                    models.TimeField(blank=True, help_text="Empty: closed all day.", null=True, verbose_name="opens"),
                ),
                ("closes", models.TimeField(blank=True, null=True, verbose_name="closes")),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="For yourselves, such as “Stocktaking”.",
                        max_length=100,
                        verbose_name="note",
                    ),
                ),
                (
                    "settings",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_exceptions",
                        to="wagtail_livechat.livechatsettings",
                    ),
                ),
            ],
            options={
                "verbose_name": "exception from the opening hours",
                "verbose_name_plural": "exceptions from the opening hours",
                "ordering": ["date", "opens", "pk"],
            },
        ),
        migrations.CreateModel(
            name="OpeningHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                            (7, "Monday to Friday"),
                            (8, "Saturday and Sunday"),
                            (9, "Every day"),
                        ],
                        default=7,
                        verbose_name="days",
                    ),
                ),
                ("opens", models.TimeField(help_text="In the site's time zone, such as 09:00.", verbose_name="opens")),
                (
                    "closes",
                    models.TimeField(
                        help_text="Earlier than it opens: on the next day. The same time: 24 hours later.",
                        verbose_name="closes",
                    ),
                ),
                (
                    "settings",
                    modelcluster.fields.ParentalKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opening_hours",
                        to="wagtail_livechat.livechatsettings",
                    ),
                ),
            ],
            options={
                "verbose_name": "opening hours",
                "verbose_name_plural": "opening hours",
                "ordering": ["days", "opens", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "display_name",
                    models.CharField(
                        blank=True,
                        help_text="What visitors see. Empty means the user's own name.",
                        max_length=100,
                        verbose_name="display name",
                    ),
                ),
                ("picture_url", models.CharField(blank=True, editable=False, max_length=500)),
                (
                    "languages",
                    models.CharField(
                        blank=True,
                        help_text="Language codes with spaces between, such as: sv en. Empty means any.",
                        max_length=200,
                        verbose_name="languages",
                    ),
                ),
                (
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=5,
                        help_text="With so many open, nothing more is offered.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="conversations at once",
                    ),
                ),
                (
                    "takes_offline_messages",
                    models.BooleanField(
                        default=True,
                        help_text="Gets a letter about each message that is left while nobody is there.",
                        verbose_name="takes offline messages",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True, help_text="Off: they may not answer, whatever their role.", verbose_name="active"
                    ),
                ),
                ("plays_sound", models.BooleanField(default=True, verbose_name="sound")),
                ("notifies", models.BooleanField(default=False, verbose_name="desktop notifications")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("available", "Available"),
                            ("away", "Away"),
                            ("offline", "Offline"),
                            ("rona", "Did not answer"),
                        ],
                        default="offline",
                        max_length=12,
                        verbose_name="status",
                    ),
                ),
                ("status_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="status since")),
                ("last_seen", models.DateTimeField(blank=True, null=True, verbose_name="last seen")),
                ("is_present", models.BooleanField(default=False, editable=False)),
                ("idle_since", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                (
                    "departments",
                    models.ManyToManyField(
                        blank=True,
                        help_text="None chosen means all.",
                        related_name="operators",
                        to="wagtail_livechat.department",
                        verbose_name="departments",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        help_text="Shown to visitors beside what this operator says.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="picture",
                    ),
                ),
                (
                    "sites",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Only conversations of these sites are seen and offered, whatever the role. None chosen means all.",
                        related_name="livechat_operators",
                        to="wagtailcore.site",
                        verbose_name="sites",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="livechat_operator",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "operator",
                "verbose_name_plural": "operators",
                "ordering": ["display_name", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Offer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("new", "New conversation"), ("transfer", "Transfer"), ("conference", "Conference")],
                        default="new",
                        max_length=10,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Waiting for an answer"),
                            ("accepted", "Accepted"),
                            ("declined", "Declined"),
                            ("expired", "Not answered"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        default="pending",
                        max_length=10,
                    ),
                ),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("deadline", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="wagtail_livechat.conversation",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.department",
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.operator",
                    ),
                ),
                (
                    "from_operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.operator",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="offers",
                        to="wagtail_livechat.operator",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("origin", models.CharField(max_length=300)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("serial", models.PositiveSmallIntegerField(default=1)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("sent_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("accepted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitation",
                        to="wagtail_livechat.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("client_id", models.UUIDField(blank=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("text", "Message"),
                            ("attachment", "Attachment"),
                            ("note", "Internal note"),
                            ("system", "Event"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "audience",
                    models.CharField(
                        choices=[("operators", "Operators only"), ("everyone", "Visitor and operators")],
                        default="operators",
                        max_length=9,
                    ),
                ),
                (
                    "author",
                    models.CharField(
                        choices=[
                            ("visitor", "Visitor"),
                            ("operator", "Operator"),
                            ("system", "System"),
                            ("bot", "Bot"),
                        ],
                        max_length=8,
                    ),
                ),
                ("author_name", models.CharField(blank=True, max_length=255)),
                ("body", models.TextField(blank=True)),
                ("data", models.JSONField(blank=True, default=dict)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="entries",
                        to="wagtail_livechat.conversation",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "ordering": ["conversation_id", "seq"],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="operator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="conversations",
                to="wagtail_livechat.operator",
                verbose_name="operator",
            ),
        ),
        migrations.CreateModel(
            name="OperatorTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "Day"), ("gone", "Day, of what was erased"), ("month", "Month")], max_length=5
                    ),
                ),
                ("start", models.DateField()),
                ("department", models.PositiveBigIntegerField(default=0)),
                ("started", models.PositiveIntegerField(default=0)),
                ("accepted", models.PositiveIntegerField(default=0)),
                ("missed", models.PositiveIntegerField(default=0)),
                ("offline", models.PositiveIntegerField(default=0)),
                ("ended", models.PositiveIntegerField(default=0)),
                ("proactive", models.PositiveIntegerField(default=0)),
                ("rated_1", models.PositiveIntegerField(default=0)),
                ("rated_2", models.PositiveIntegerField(default=0)),
                ("rated_3", models.PositiveIntegerField(default=0)),
                ("rated_4", models.PositiveIntegerField(default=0)),
                ("rated_5", models.PositiveIntegerField(default=0)),
                ("waiting", models.BinaryField(default=bytes)),
                ("first_answer", models.BinaryField(default=bytes)),
                ("length", models.BinaryField(default=bytes)),
                ("gave_up", models.BinaryField(default=bytes)),
                ("hours", models.BinaryField(default=bytes)),
                ("operator", models.PositiveBigIntegerField()),
                ("unanswered", models.PositiveIntegerField(default=0)),
                ("declined", models.PositiveIntegerField(default=0)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OutgoingMail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
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
                ("recipient", models.CharField(max_length=254, verbose_name="recipient")),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language")),
                ("occasion", models.CharField(blank=True, editable=False, max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sending", "Being sent"),
                            ("sent", "Sent"),
                            ("failed", "Not sent"),
                        ],
                        default="waiting",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("error", models.TextField(blank=True, verbose_name="what went wrong")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="written")),
                ("due_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="next attempt")),
                ("claimed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent")),
                (
                    "conversation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="wagtail_livechat.conversation",
                        verbose_name="conversation",
                    ),
                ),
                (
                    "invitation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mails",
                        to="wagtail_livechat.invitation",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter",
                "verbose_name_plural": "letters",
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="PageTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "Day"), ("gone", "Day, of what was erased"), ("month", "Month")], max_length=5
                    ),
                ),
                ("start", models.DateField()),
                ("department", models.PositiveBigIntegerField(default=0)),
                ("page", models.PositiveBigIntegerField(default=0)),
                ("started", models.PositiveIntegerField(default=0)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[("requested", "Asked"), ("joined", "Taking part"), ("left", "Left")], max_length=10
                    ),
                ),
                ("is_listed", models.BooleanField(default=True)),
                ("delivered_seq", models.PositiveIntegerField(default=0)),
                ("seen_seq", models.PositiveIntegerField(default=0)),
                ("joined_at", models.DateTimeField(blank=True, null=True)),
                ("left_at", models.DateTimeField(blank=True, null=True)),
                (
                    "conversation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="wagtail_livechat.conversation",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="wagtail_livechat.operator",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrivacyLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254)),
                ("origin", models.CharField(max_length=300)),
                ("language", models.CharField(blank=True, max_length=35)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires_at", models.DateTimeField(db_index=True)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.site"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PrivacySettings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "masking",
                    models.CharField(
                        choices=[
                            ("off", "Off: operators see what visitors write"),
                            ("mask", "Hidden from operators: what is stored is whole"),
                            ("redact", "Removed before it is stored: nobody can see it again"),
                        ],
                        default="off",
                        max_length=8,
                        verbose_name="personal numbers",
                    ),
                ),
                ("mask_cards", models.BooleanField(default=True, verbose_name="payment cards")),
                ("mask_ibans", models.BooleanField(default=True, verbose_name="bank accounts (IBAN)")),
                (
                    "mask_national_ids",
                    models.BooleanField(
                        default=True,
                        help_text="Of the US, Sweden, Denmark, Norway, Finland, the Netherlands and Germany.",
                        verbose_name="national ids",
                    ),
                ),
                ("mask_emails", models.BooleanField(default=True, verbose_name="e-mail addresses")),
                ("mask_phones", models.BooleanField(default=True, verbose_name="phone numbers")),
                (
                    "countries",
                    models.CharField(
                        blank=True,
                        help_text="Whose phone numbers are known without a country code, such as: SE, DK. Empty means the countries of the languages of this site's content.",
                        max_length=200,
                        verbose_name="countries",
                    ),
                ),
                (
                    "exempt",
                    models.CharField(
                        choices=[
                            ("nobody", "Nobody: it is revealed message by message, with a reason"),
                            ("right", "Whoever has the right “Can see what masking hides”"),
                        ],
                        default="nobody",
                        max_length=8,
                        verbose_name="who sees all",
                    ),
                ),
                (
                    "keep_conversations_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Days after the end; then the conversation is deleted. Empty means for ever.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="conversations",
                    ),
                ),
                (
                    "keep_archived_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Days after the end. Empty means for ever.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="conversations in the archive",
                    ),
                ),
                (
                    "keep_texts_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Days after the end; then messages and the visitor's details go, times and counts stay for the statistics.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="what was written",
                    ),
                ),
                (
                    "keep_visits_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Days; also for visitors who never wrote anything.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="pages that were seen",
                    ),
                ),
                (
                    "keep_addresses_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Days; then their last part is cut off.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="full IP addresses",
                    ),
                ),
                (
                    "site",
                    models.OneToOneField(
                        editable=False, on_delete=django.db.models.deletion.CASCADE, to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "live chat privacy",
            },
        ),
        migrations.CreateModel(
            name="QuickReply",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "shortcut",
                    models.CharField(
                        blank=True,
                        help_text="What is typed after / to find it.",
                        max_length=30,
                        validators=[
                            django.core.validators.RegexValidator("^[\\w-]*$", "Letters, digits, - and _ only.")
                        ],
                        verbose_name="shortcut",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        help_text="<name>, <case>, <operator> and <company> are filled in. Line breaks are kept.",
                        max_length=5000,
                        verbose_name="text",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="A language code such as sv. Empty means any.",
                        max_length=35,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="shown")),
                ("sort_order", models.IntegerField(default=0, editable=False, verbose_name="order")),
                ("used", models.PositiveIntegerField(default=0, editable=False, verbose_name="times used")),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty means all departments.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.department",
                        verbose_name="department",
                    ),
                ),
            ],
            options={
                "verbose_name": "quick reply",
                "verbose_name_plural": "quick replies",
                "ordering": ["sort_order", "name", "pk"],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="tags",
            field=models.ManyToManyField(
                blank=True, related_name="conversations", to="wagtail_livechat.tag", verbose_name="tags"
            ),
        ),
        migrations.CreateModel(
            name="TextOverride",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=35)),
                ("key", models.CharField(max_length=64)),
                ("text", models.TextField()),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "verbose_name": "text of one's own",
                "verbose_name_plural": "texts of one's own",
            },
        ),
        migrations.CreateModel(
            name="Visitor",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("name", models.CharField(blank=True, max_length=255, verbose_name="name")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=64, verbose_name="phone")),
                ("reference", models.CharField(blank=True, max_length=255, verbose_name="reference number")),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language")),
                ("user_agent", models.CharField(blank=True, max_length=512, verbose_name="browser")),
                ("ip_address", models.GenericIPAddressField(blank=True, null=True, verbose_name="IP address")),
                ("address_shortened", models.BooleanField(default=False, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="first seen")),
                ("last_seen", models.DateTimeField(default=django.utils.timezone.now, verbose_name="last seen")),
                ("is_present", models.BooleanField(default=False, editable=False)),
                ("revoked_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("page_url", models.CharField(blank=True, max_length=2000, verbose_name="page")),
                ("page_title", models.CharField(blank=True, max_length=255, verbose_name="page title")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.site",
                        verbose_name="site",
                    ),
                ),
            ],
            options={
                "verbose_name": "visitor",
                "verbose_name_plural": "visitors",
            },
        ),
        migrations.CreateModel(
            name="PageVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=2000, verbose_name="address")),
                ("title", models.CharField(blank=True, max_length=255, verbose_name="title")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="when")),
                (
                    "visitor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="wagtail_livechat.visitor",
                    ),
                ),
            ],
            options={
                "verbose_name": "page visit",
                "verbose_name_plural": "page visits",
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.AddField(
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
        migrations.CreateModel(
            name="Ban",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "network",
                    models.CharField(
                        blank=True,
                        help_text="IPv4, IPv6 or a range such as 192.0.2.0/24. A single IPv6 address stands for its /64.",
                        max_length=50,
                        verbose_name="address",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=255, verbose_name="reason")),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="since")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="until")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "visitor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bans",
                        to="wagtail_livechat.visitor",
                        verbose_name="visitor",
                    ),
                ),
            ],
            options={
                "verbose_name": "ban",
                "verbose_name_plural": "bans",
                "ordering": ["-created_at", "-pk"],
                "permissions": [("ban_visitor", "Can ban visitors of the live chat")],
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="wrap_up_reason",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="wagtail_livechat.wrapupreason",
                verbose_name="wrap-up reason",
            ),
        ),
        migrations.CreateModel(
            name="Counted",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "Day"), ("gone", "Day, of what was erased"), ("month", "Month")], max_length=5
                    ),
                ),
                ("start", models.DateField()),
                ("zone", models.CharField(max_length=64)),
                ("is_stale", models.BooleanField(default=True)),
                ("open_ones", models.PositiveIntegerField(default=0)),
                ("counted_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "permissions": [("view_statistics", "Can see the statistics of the live chat")],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("site", "span", "start"), name="livechat_counted_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="DepartmentTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "Day"), ("gone", "Day, of what was erased"), ("month", "Month")], max_length=5
                    ),
                ),
                ("start", models.DateField()),
                ("department", models.PositiveBigIntegerField(default=0)),
                ("started", models.PositiveIntegerField(default=0)),
                ("accepted", models.PositiveIntegerField(default=0)),
                ("missed", models.PositiveIntegerField(default=0)),
                ("offline", models.PositiveIntegerField(default=0)),
                ("ended", models.PositiveIntegerField(default=0)),
                ("proactive", models.PositiveIntegerField(default=0)),
                ("rated_1", models.PositiveIntegerField(default=0)),
                ("rated_2", models.PositiveIntegerField(default=0)),
                ("rated_3", models.PositiveIntegerField(default=0)),
                ("rated_4", models.PositiveIntegerField(default=0)),
                ("rated_5", models.PositiveIntegerField(default=0)),
                ("waiting", models.BinaryField(default=bytes)),
                ("first_answer", models.BinaryField(default=bytes)),
                ("length", models.BinaryField(default=bytes)),
                ("gave_up", models.BinaryField(default=bytes)),
                ("hours", models.BinaryField(default=bytes)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "span", "start", "department"), name="livechat_tally_department"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="KeyTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "span",
                    models.CharField(
                        choices=[("day", "Day"), ("gone", "Day, of what was erased"), ("month", "Month")], max_length=5
                    ),
                ),
                ("start", models.DateField()),
                ("key", models.CharField(max_length=20)),
                ("total", models.PositiveIntegerField(default=0)),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.site"
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("site", "span", "start", "key"), name="livechat_tally_key")
                ],
            },
        ),
        migrations.CreateModel(
            name="OfferDecline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "offer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="declines",
                        to="wagtail_livechat.offer",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtail_livechat.operator"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("offer", "operator"), name="livechat_decline_once")],
            },
        ),
        migrations.AddIndex(
            model_name="offer",
            index=models.Index(fields=["state", "deadline"], name="livechat_offer_due"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("conversation", "seq"), name="livechat_entry_seq"),
        ),
        migrations.AddConstraint(
            model_name="entry",
            constraint=models.UniqueConstraint(fields=("conversation", "client_id"), name="livechat_entry_client_id"),
        ),
        migrations.AddConstraint(
            model_name="operatortally",
            constraint=models.UniqueConstraint(
                fields=("site", "span", "start", "department", "operator"), name="livechat_tally_operator"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmail",
            index=models.Index(fields=["state", "due_at"], name="livechat_mail_due"),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.UniqueConstraint(
                fields=("conversation", "kind", "recipient", "occasion"), name="livechat_mail_once_per_recipient"
            ),
        ),
        migrations.AddConstraint(
            model_name="outgoingmail",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["receipt", "case", "transcript"]), _negated=True),
                    ("conversation__isnull", False),
                    _connector="OR",
                ),
                name="livechat_mail_about_a_conversation",
            ),
        ),
        migrations.AddConstraint(
            model_name="pagetally",
            constraint=models.UniqueConstraint(
                fields=("site", "span", "start", "department", "page"), name="livechat_tally_page"
            ),
        ),
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["operator", "state", "is_listed"], name="livechat_part_mine"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(fields=("conversation", "operator"), name="livechat_participation_once"),
        ),
        migrations.AddConstraint(
            model_name="textoverride",
            constraint=models.UniqueConstraint(fields=("site", "language", "key"), name="livechat_text_once"),
        ),
        migrations.AddIndex(
            model_name="pagevisit",
            index=models.Index(fields=["visitor", "-at"], name="livechat_visit_recent"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["state", "queued_at"], name="livechat_conv_queue"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["-created_at", "-id"], name="livechat_conv_history"),
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
                condition=models.Q(("archived_at__isnull", False)),
                fields=["-created_at", "-id"],
                name="livechat_conv_archive",
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
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("queued", "active"))),
                fields=("visitor",),
                name="livechat_one_open_per_visitor",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(("rating__isnull", True), ("rating__range", (1, 5)), _connector="OR"),
                name="livechat_rating_1_to_5",
            ),
        ),
    ]

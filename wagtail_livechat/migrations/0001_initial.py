import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


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
        migrations.CreateModel(
            name="Conversation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "case_number",
                    models.CharField(editable=False, max_length=20, unique=True, verbose_name="case number"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("queued", "Waiting"), ("active", "Open"), ("ended", "Ended")],
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
                ("rating", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rating")),
                ("rating_comment", models.TextField(blank=True, verbose_name="comment")),
                ("archived_at", models.DateTimeField(blank=True, null=True, verbose_name="archived")),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.site",
                        verbose_name="site",
                    ),
                ),
                (
                    "department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="conversations",
                        to="wagtail_livechat.department",
                        verbose_name="department",
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
                ],
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
                            ("on", "Always online"),
                            ("off", "Always offline"),
                        ],
                        default="auto",
                        max_length=8,
                        verbose_name="online",
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
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="logo",
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
                "verbose_name": "live chat settings",
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
                    "capacity",
                    models.PositiveSmallIntegerField(
                        default=5,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="conversations at once",
                    ),
                ),
                ("takes_offline_messages", models.BooleanField(default=True, verbose_name="takes offline messages")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
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
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailimages.image",
                        verbose_name="picture",
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
        migrations.AddField(
            model_name="conversation",
            name="visitor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conversations",
                to="wagtail_livechat.visitor",
                verbose_name="visitor",
            ),
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
        migrations.AddIndex(
            model_name="participation",
            index=models.Index(fields=["operator", "state", "is_listed"], name="livechat_part_mine"),
        ),
        migrations.AddConstraint(
            model_name="participation",
            constraint=models.UniqueConstraint(fields=("conversation", "operator"), name="livechat_participation_once"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["state", "queued_at"], name="livechat_conv_queue"),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(fields=["-created_at", "-id"], name="livechat_conv_history"),
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

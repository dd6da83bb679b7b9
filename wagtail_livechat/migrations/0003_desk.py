import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_livechat", "0002_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
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
        migrations.AddField(
            model_name="conversation",
            name="blocked",
            field=models.CharField(blank=True, editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="conversation",
            name="queue_place",
            field=models.PositiveIntegerField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="livechatsettings",
            name="offer_seconds",
            field=models.PositiveSmallIntegerField(
                default=30,
                help_text="An operator who does not answer an offer in this time is marked as not answering, and it goes on to the next.",
                validators=[django.core.validators.MinValueValidator(5), django.core.validators.MaxValueValidator(600)],
                verbose_name="seconds to answer an offer",
            ),
        ),
        migrations.AddField(
            model_name="livechatsettings",
            name="wrap_up_required",
            field=models.BooleanField(
                default=False,
                help_text="Operators choose one of the wrap-up reasons when they end a conversation.",
                verbose_name="a reason is needed to end a conversation",
            ),
        ),
        migrations.AddField(
            model_name="operator",
            name="languages",
            field=models.CharField(
                blank=True,
                help_text="Language codes with spaces between, such as: sv en. Empty means any.",
                max_length=200,
                verbose_name="languages",
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
                "indexes": [models.Index(fields=["visitor", "-at"], name="livechat_visit_recent")],
            },
        ),
    ]

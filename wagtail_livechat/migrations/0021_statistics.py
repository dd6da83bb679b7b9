"""The daily rollup of the statistics; managers and administrators may see them."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from wagtail_livechat.migrations._grants import grant

SEES = [("counted", "view_statistics", "Can see the statistics of the live chat")]
GRANTS = {"Live chat managers": SEES, "Live chat administrators": SEES}


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_livechat", "0020_embed_origins"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "span", "start", "department", "operator"), name="livechat_tally_operator"
                    )
                ],
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("site", "span", "start", "department", "page"), name="livechat_tally_page"
                    )
                ],
            },
        ),
        grant(GRANTS),
    ]

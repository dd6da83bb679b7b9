import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("wagtail_livechat", "0005_team"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="conversation",
            options={
                "permissions": [
                    ("handle_conversation", "Can answer live chat conversations"),
                    ("view_history", "Can see the history of conversations"),
                    ("view_all_departments", "Can see the conversations of every department"),
                    ("see_masked", "Can see what masking hides, where the site's privacy settings allow it"),
                    ("reveal_masked", "Can reveal what masking hides, one message at a time"),
                    ("erase_visitor", "Can export and erase the data of a visitor"),
                ],
                "verbose_name": "conversation",
                "verbose_name_plural": "conversations",
            },
        ),
        migrations.AddField(
            model_name="conversation",
            name="texts_removed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="visitor",
            name="address_shortened",
            field=models.BooleanField(default=False, editable=False),
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
    ]

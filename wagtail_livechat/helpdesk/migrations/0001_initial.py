import uuid

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import modelsearch.index
import wagtail.fields
import wagtail.models.preview
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("wagtail_livechat", "0001_initial"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
        ("wagtailimages", "0027_image_description"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HelpdeskCategoryPage",
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
                ("introduction", models.TextField(blank=True, max_length=500, verbose_name="introduction")),
                ("icon", models.CharField(default="question", max_length=30, verbose_name="icon")),
                (
                    "color",
                    models.CharField(
                        default="#2e4a62",
                        help_text="What is written on it is black or white, whichever is easier to read.",
                        max_length=7,
                        validators=[
                            django.core.validators.RegexValidator("^#[0-9a-fA-F]{6}\\Z", "Write a colour as #rrggbb.")
                        ],
                        verbose_name="colour",
                    ),
                ),
            ],
            options={
                "verbose_name": "helpdesk category",
                "verbose_name_plural": "helpdesk categories",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="HelpdeskIndexPage",
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
                ("introduction", models.TextField(blank=True, max_length=500, verbose_name="introduction")),
            ],
            options={
                "verbose_name": "helpdesk",
                "verbose_name_plural": "helpdesks",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="Author",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                (
                    "role",
                    models.CharField(
                        blank=True, help_text="Such as: Head of repairs.", max_length=100, verbose_name="role"
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
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
            ],
            options={
                "verbose_name": "author",
                "verbose_name_plural": "authors",
                "ordering": ["name"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="Faq",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("translation_key", models.UUIDField(default=uuid.uuid4, editable=False)),
                ("live", models.BooleanField(default=True, editable=False, verbose_name="live")),
                (
                    "has_unpublished_changes",
                    models.BooleanField(default=False, editable=False, verbose_name="has unpublished changes"),
                ),
                (
                    "first_published_at",
                    models.DateTimeField(blank=True, db_index=True, null=True, verbose_name="first published at"),
                ),
                (
                    "last_published_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="last published at"),
                ),
                ("go_live_at", models.DateTimeField(blank=True, null=True, verbose_name="go live date/time")),
                ("expire_at", models.DateTimeField(blank=True, null=True, verbose_name="expiry date/time")),
                ("expired", models.BooleanField(default=False, editable=False, verbose_name="expired")),
                ("locked", models.BooleanField(default=False, editable=False, verbose_name="locked")),
                ("locked_at", models.DateTimeField(editable=False, null=True, verbose_name="locked at")),
                ("question", models.CharField(max_length=255, verbose_name="question")),
                ("answer", wagtail.fields.RichTextField(verbose_name="answer")),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        help_text="Questions of one category stand together. Choose one that there is, or write a new one.",
                        max_length=100,
                        verbose_name="category",
                    ),
                ),
                ("sort_order", models.IntegerField(editable=False, null=True, verbose_name="order")),
                (
                    "latest_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="latest revision",
                    ),
                ),
                (
                    "live_revision",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtailcore.revision",
                        verbose_name="live revision",
                    ),
                ),
                (
                    "locale",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="wagtailcore.locale",
                        verbose_name="locale",
                    ),
                ),
                (
                    "locked_by",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="locked_%(class)ss",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="locked by",
                    ),
                ),
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
                "verbose_name": "FAQ",
                "verbose_name_plural": "FAQs",
                "ordering": ["sort_order", "pk"],
                "abstract": False,
                "unique_together": {("translation_key", "locale")},
            },
            bases=(wagtail.models.preview.PreviewableMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name="HelpdeskArticlePage",
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
                    "summary",
                    models.CharField(
                        blank=True,
                        help_text="One sentence, shown in lists and in the widget.",
                        max_length=255,
                        verbose_name="summary",
                    ),
                ),
                (
                    "body",
                    wagtail.fields.StreamField(
                        [
                            ("text", 0),
                            ("picture", 4),
                            ("video", 7),
                            ("embed", 10),
                            ("code", 13),
                            ("callout", 16),
                            ("steps", 21),
                        ],
                        blank=True,
                        block_lookup={
                            0: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": [
                                        "h2",
                                        "h3",
                                        "h4",
                                        "bold",
                                        "italic",
                                        "ol",
                                        "ul",
                                        "hr",
                                        "link",
                                        "document-link",
                                        "image",
                                        "code",
                                        "blockquote",
                                    ],
                                    "icon": "pilcrow",
                                    "label": "Text",
                                    "template": "wagtail_livechat_helpdesk/blocks/text.html",
                                },
                            ),
                            1: ("wagtail.images.blocks.ImageChooserBlock", (), {"label": "image"}),
                            2: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "For people who cannot see it. Empty if it shows nothing that the text does not say.",
                                    "label": "what it shows",
                                    "max_length": 255,
                                    "required": False,
                                },
                            ),
                            3: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "caption", "max_length": 255, "required": False},
                            ),
                            4: ("wagtail.blocks.StructBlock", [[("image", 1), ("alt", 2), ("caption", 3)]], {}),
                            5: (
                                "wagtail.documents.blocks.DocumentChooserBlock",
                                (),
                                {"help_text": "A document of the type mp4, m4v, webm or ogv.", "label": "film"},
                            ),
                            6: (
                                "wagtail.images.blocks.ImageChooserBlock",
                                (),
                                {"label": "picture before it plays", "required": False},
                            ),
                            7: ("wagtail.blocks.StructBlock", [[("document", 5), ("poster", 6), ("caption", 3)]], {}),
                            8: ("wagtail.blocks.URLBlock", (), {"label": "address", "max_length": 500}),
                            9: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {
                                    "help_text": "Empty: what the other site calls it.",
                                    "label": "title",
                                    "max_length": 255,
                                    "required": False,
                                },
                            ),
                            10: ("wagtail.blocks.StructBlock", [[("url", 8), ("title", 9)]], {}),
                            11: (
                                "wagtail.blocks.CharBlock",
                                (),
                                {"label": "language", "max_length": 30, "required": False},
                            ),
                            12: ("wagtail.blocks.TextBlock", (), {"label": "code"}),
                            13: ("wagtail.blocks.StructBlock", [[("language", 11), ("code", 12)]], {}),
                            14: (
                                "wagtail.blocks.ChoiceBlock",
                                [],
                                {
                                    "choices": [("info", "Good to know"), ("tip", "Tip"), ("warning", "Warning")],
                                    "label": "kind",
                                },
                            ),
                            15: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "link", "document-link", "ul", "ol", "code"],
                                    "label": "text",
                                },
                            ),
                            16: ("wagtail.blocks.StructBlock", [[("kind", 14), ("text", 15)]], {}),
                            17: ("wagtail.blocks.CharBlock", (), {"label": "what to do", "max_length": 255}),
                            18: (
                                "wagtail.blocks.RichTextBlock",
                                (),
                                {
                                    "features": ["bold", "italic", "link", "document-link", "image", "code"],
                                    "label": "more about it",
                                    "required": False,
                                },
                            ),
                            19: ("wagtail.blocks.StructBlock", [[("title", 17), ("text", 18)]], {}),
                            20: ("wagtail.blocks.ListBlock", (19,), {"label": "steps", "min_num": 1}),
                            21: ("wagtail.blocks.StructBlock", [[("steps", 20)]], {}),
                        },
                        verbose_name="body",
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat_helpdesk.author",
                        verbose_name="author",
                    ),
                ),
            ],
            options={
                "verbose_name": "helpdesk article",
                "verbose_name_plural": "helpdesk articles",
            },
            bases=("wagtailcore.page", models.Model),
        ),
        migrations.CreateModel(
            name="AnswerDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seqs", models.JSONField(default=list)),
                ("made_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("tell", models.BooleanField(default=False)),
                ("told_at", models.DateTimeField(null=True)),
                (
                    "article",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="wagtailcore.page"
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="wagtail_livechat.conversation",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="made by",
                    ),
                ),
                (
                    "faq",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drafts",
                        to="wagtail_livechat_helpdesk.faq",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("article", None), ("faq__isnull", False)),
                            models.Q(("article__isnull", False), ("faq", None)),
                            _connector="OR",
                        ),
                        name="livechat_draft_of_one_thing",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20, verbose_name="version")),
                ("helpful", models.BooleanField(verbose_name="helped")),
                ("comment", models.TextField(blank=True, max_length=1000, verbose_name="comment")),
                ("voter", models.CharField(editable=False, max_length=64, unique=True)),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
                (
                    "faq",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtail_livechat_helpdesk.faq",
                        verbose_name="FAQ",
                    ),
                ),
                (
                    "page",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="wagtailcore.page",
                        verbose_name="article",
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
            ],
            options={
                "verbose_name": "feedback on an article",
                "verbose_name_plural": "feedback on articles",
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["site", "at"], name="livechat_feedback_at")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("faq__isnull", True), ("page__isnull", False)),
                            models.Q(("faq__isnull", False), ("page__isnull", True)),
                            _connector="OR",
                        ),
                        name="livechat_feedback_about_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lookup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(blank=True, max_length=35, verbose_name="language")),
                ("query", models.CharField(max_length=200, verbose_name="looked for")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("nothing", "Nothing found"),
                            ("answered", "This answered it"),
                            ("asked", "Asked all the same"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True, choices=[("faq", "FAQ"), ("article", "Article")], max_length=7, verbose_name="kind"
                    ),
                ),
                ("object_id", models.PositiveIntegerField(blank=True, null=True, verbose_name="what answered it")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="at")),
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
            ],
            options={
                "verbose_name": "search of visitors",
                "verbose_name_plural": "searches of visitors",
                "ordering": ["-at", "-pk"],
                "indexes": [models.Index(fields=["site", "outcome", "at"], name="livechat_lookup_outcome")],
            },
        ),
    ]

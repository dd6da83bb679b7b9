"""What the body of an article is made of."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from .nodes import safe_address
from .richtext import FEATURES, expand

TEMPLATES = "wagtail_livechat_helpdesk/blocks"
VIDEO_ENDINGS = ("mp4", "m4v", "webm", "ogv")


class PictureBlock(blocks.StructBlock):
    image = ImageChooserBlock(label=_("image"))
    alt = blocks.CharBlock(
        label=_("what it shows"),
        required=False,
        max_length=255,
        help_text=_("For people who cannot see it. Empty if it shows nothing that the text does not say."),
    )
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=255)

    class Meta:
        icon = "image"
        label = _("Image")
        template = f"{TEMPLATES}/picture.html"


class VideoBlock(blocks.StructBlock):
    """A film of the site's own, from its documents."""

    document = DocumentChooserBlock(label=_("film"), help_text=_("A document of the type mp4, m4v, webm or ogv."))
    poster = ImageChooserBlock(label=_("picture before it plays"), required=False)
    caption = blocks.CharBlock(label=_("caption"), required=False, max_length=255)

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        ending = cleaned["document"].filename.rpartition(".")[2].lower()
        if ending not in VIDEO_ENDINGS:
            raise blocks.StructBlockValidationError(
                {"document": ValidationError(_("Choose a document of the type mp4, m4v, webm or ogv."))}
            )
        return cleaned

    class Meta:
        icon = "media"
        label = _("Video file")
        template = f"{TEMPLATES}/video.html"


class EmbedBlock(blocks.StructBlock):
    """A film elsewhere. Readers are given a link to it: a frame would tell the other host of every one of them."""

    url = blocks.URLBlock(label=_("address"), max_length=500)
    title = blocks.CharBlock(
        label=_("title"), required=False, max_length=255, help_text=_("Empty: what the other site calls it.")
    )

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if safe_address(cleaned["url"], frozenset({"http", "https"})) is None:
            raise blocks.StructBlockValidationError({"url": ValidationError(_("Enter a valid URL."))})
        if not cleaned["title"]:
            cleaned["title"] = _title_elsewhere(cleaned["url"])
        return cleaned

    class Meta:
        icon = "media"
        label = _("Video elsewhere")
        template = f"{TEMPLATES}/embed.html"


def _title_elsewhere(url: str) -> str:
    """What the other site calls it, asked once, when an editor saves; empty where it does not say."""
    from wagtail.embeds.embeds import get_embed

    try:
        return str(get_embed(url).title or "")[:255]
    except Exception:  # the other host is somebody else's, and anything may come back
        return ""


class CodeBlock(blocks.StructBlock):
    language = blocks.CharBlock(label=_("language"), required=False, max_length=30)
    code = blocks.TextBlock(label=_("code"))

    class Meta:
        icon = "code"
        label = _("Code")
        template = f"{TEMPLATES}/code.html"


class CalloutBlock(blocks.StructBlock):
    kind = blocks.ChoiceBlock(
        label=_("kind"),
        choices=[("info", _("Good to know")), ("tip", _("Tip")), ("warning", _("Warning"))],
        default="info",
    )
    text = blocks.RichTextBlock(
        label=_("text"), features=["bold", "italic", "link", "document-link", "ul", "ol", "code"]
    )

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        labels = dict(self.child_blocks["kind"].field.choices)
        context = super().get_context(value, parent_context=parent_context)
        return {**context, "label": labels.get(value["kind"], ""), "html": expand(value["text"].source)}

    class Meta:
        icon = "info-circle"
        label = _("Call-out")
        template = f"{TEMPLATES}/callout.html"


class StepBlock(blocks.StructBlock):
    title = blocks.CharBlock(label=_("what to do"), max_length=255)
    text = blocks.RichTextBlock(
        label=_("more about it"), required=False, features=["bold", "italic", "link", "document-link", "image", "code"]
    )

    class Meta:
        icon = "list-ol"
        label = _("Step")


class StepsBlock(blocks.StructBlock):
    steps = blocks.ListBlock(StepBlock(), label=_("steps"), min_num=1)

    def get_context(self, value: Any, parent_context: Any = None) -> dict[str, Any]:
        steps = [{"title": step["title"], "html": expand(step["text"].source)} for step in value["steps"]]
        return {**super().get_context(value, parent_context=parent_context), "steps": steps}

    class Meta:
        icon = "list-ol"
        label = _("Steps")
        template = f"{TEMPLATES}/steps.html"


class BodyBlock(blocks.StreamBlock):
    # Wagtail's own block, so that the migration names no class of ours; the template is what differs.
    text = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", features=FEATURES, template=f"{TEMPLATES}/text.html")
    picture = PictureBlock()
    video = VideoBlock()
    embed = EmbedBlock()
    code = CodeBlock()
    callout = CalloutBlock()
    steps = StepsBlock()

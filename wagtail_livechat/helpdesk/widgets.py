"""Form fields of our own in the admin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.apps import apps

from . import icons


class KnownTexts(forms.TextInput):
    """A text that suggests those that there are already (a browser's own datalist)."""

    template_name = "wagtail_livechat_helpdesk/widgets/known_texts.html"

    def __init__(self, model: str, field: str, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.model, self.field = model, field

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        listed = f"{context['widget']['attrs'].get('id', name)}-known"
        context["widget"]["attrs"]["list"] = listed
        texts = apps.get_model(self.model)._default_manager.exclude(**{self.field: ""})
        known = texts.order_by(self.field).values_list(self.field, flat=True).distinct()
        context["widget"] |= {"list_id": listed, "known": list(known[:200])}
        return context


class ColorInput(forms.TextInput):
    """The browser's own colour picker; what it sends is always #rrggbb."""

    input_type = "color"


class IconChooser(forms.RadioSelect):
    """The gallery: every icon is shown, and one of them chosen by mouse or arrow keys."""

    template_name = "wagtail_livechat_helpdesk/widgets/icon_chooser.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=icons.choices())

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        chosen = str(value or icons.DEFAULT)
        context["gallery"] = [
            {
                "icon": one,
                "checked": one.name == chosen,
                "id": f"{context['widget']['attrs'].get('id', name)}-{one.name}",
            }
            for one in icons.GALLERY.values()
        ]
        return context

    class Media:
        css = {"all": ["wagtail_livechat_helpdesk/admin.css"]}

from .drafts import AnswerDraft
from .faqs import Faq
from .feedback import Feedback
from .lookups import Lookup
from .pages import (
    HelpdeskArticleMixin,
    HelpdeskArticlePage,
    HelpdeskCategoryMixin,
    HelpdeskCategoryPage,
    HelpdeskIndexMixin,
    HelpdeskIndexPage,
)
from .people import Author

__all__ = [
    "AnswerDraft",
    "Author",
    "Faq",
    "Feedback",
    "HelpdeskArticleMixin",
    "HelpdeskArticlePage",
    "HelpdeskCategoryMixin",
    "HelpdeskCategoryPage",
    "HelpdeskIndexMixin",
    "HelpdeskIndexPage",
    "Lookup",
]

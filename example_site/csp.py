"""Which Content-Security-Policy a page gets.

Public pages and the chat's desk are as strict as it goes. The rest of Wagtail's admin writes inline
styles and scripts of its own, so it cannot be; and the userbar, which editors have on public pages,
writes HTML without Trusted Types.
"""

from csp.constants import NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

STRICT = {
    "default-src": [SELF],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "data:"],
    # 'self' covers the WebSocket of the same host too (CSP level 3).
    "connect-src": [SELF],
    "object-src": [NONE],
    "base-uri": [NONE],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
    "require-trusted-types-for": ["'script'"],
}

ADMIN = {
    "default-src": [SELF],
    "script-src": [SELF, UNSAFE_INLINE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": [SELF, "data:", "blob:"],
    "connect-src": [SELF],
    "frame-src": [SELF],
    "object-src": [NONE],
    "base-uri": [SELF],
    "frame-ancestors": [SELF],
    "form-action": [SELF],
}

EDITOR = {name: sources for name, sources in STRICT.items() if name != "require-trusted-types-for"}

ADMIN_PATH = "/admin/"
DESK_PATH = "/admin/livechat/desk/"


class AreaCSPMiddleware(CSPMiddleware):
    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and parts.config is None:
            parts.config = self.policy_for(request)
        return parts

    def policy_for(self, request: HttpRequest) -> dict[str, list[str]]:
        if request.path.startswith(DESK_PATH):
            return STRICT
        if request.path.startswith(ADMIN_PATH):
            return ADMIN
        # The cookie is enough of a hint: to ask for request.user would make every page depend on the session.
        return EDITOR if settings.SESSION_COOKIE_NAME in request.COOKIES else STRICT

"""The page that a letter of invitation leads to: choose a password, once, and go to the desk."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.cache import patch_cache_control

from .. import notices
from ..actions import invitations
from ..exceptions import LiveChatError


class AcceptView(auth.PasswordResetConfirmView):
    """Django's, which takes the token out of the address before anything is shown, with tokens of our own."""

    token_generator = notices.tokens
    template_name = "wagtail_livechat/accept.html"

    def dispatch(self, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(*args, **kwargs)
        # Not "no-referrer": the form would be posted with an Origin of null, which Django refuses.
        response["Referrer-Policy"] = "same-origin"
        patch_cache_control(response, no_store=True)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if self.validlink and self.user is not None:
            context["login"] = self.user.get_username()
        return context

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            invitations.accept(self.user)
        except LiveChatError:
            return redirect("wagtailadmin_login")
        user = form.save()
        del self.request.session[auth.INTERNAL_RESET_SESSION_TOKEN]
        login(self.request, user, backend="django.contrib.auth.backends.ModelBackend")
        return redirect("wagtail_livechat_desk:desk")


accept = AcceptView.as_view()

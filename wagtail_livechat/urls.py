"""What a project includes: ``path("livechat/", include("wagtail_livechat.urls"))``."""

from django.urls import include, path

from . import extensions
from .views import embed, files, invitations, own_data, visitor

app_name = "wagtail_livechat"

urlpatterns = [
    path("boot/", visitor.boot, name="boot"),
    path("config/", visitor.config, name="config"),
    path("picture/", visitor.picture, name="picture"),
    path("embed.js", embed.script, name="embed"),
    path("frame/", embed.frame, name="frame"),
    path("auto/", visitor.auto, name="auto"),
    path("session/", visitor.session, name="session"),
    path("commands/", visitor.commands, name="commands"),
    path("events/", visitor.events, name="events"),
    path("my-data/", own_data.ask, name="own_data"),
    path("my-data/<str:token>/", own_data.link, name="own_data_link"),
    path("invitation/<uidb64>/<token>/", invitations.accept, name="invitation"),
    path("files/", files.visitor_upload, name="upload"),
    path("files/<uuid:file>/", files.visitor_file, name="file"),
    path("ws/visitor/", visitor.socket_here, name="ws_visitor"),
    path("ws/operator/", visitor.socket_here, name="ws_operator"),
    *(path("", include(module)) for module in extensions.paths("livechat_urls")),
]

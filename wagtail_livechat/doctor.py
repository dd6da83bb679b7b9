"""What is wrong with the installation: each thing looked at once, said in a plain sentence, with what to do about it.

The Installation page and ``manage.py livechat_doctor`` show the same results. What only a browser can see (whether sockets get
through, which static files it is given) the page's own script adds.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import async_to_sync
from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.core.mail import get_connection
from django.http.request import validate_host
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Site

from . import broadcast, layers
from .addresses import origin_of
from .conf import conf
from .models import LiveChatSettings, Operator, OutgoingMail

OK, WARNING, PROBLEM, UNKNOWN = "ok", "warning", "problem", "unknown"
LATE = timedelta(minutes=15)
"""A letter that waits for so long without an attempt waits for nobody."""
MAIL_SECONDS = 4
PACKAGE = Path(__file__).parent / "static" / "wagtail_livechat"
BUNDLES = ("loader.js", "widget.js", "forms.js", "desk.js", "presence.js")
KEPT_BACKENDS = {"console", "dummy", "filebased", "locmem"}
"""Mail backends of Django's that send nothing to anybody."""


@dataclass(frozen=True, slots=True)
class Result:
    """One thing that was looked at."""

    key: str
    title: str
    state: str
    sentence: str
    remedy: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def examine(now: datetime | None = None) -> list[Result]:
    """All that can be seen from the server, in the order of the page. A look that fails itself is a problem, not an error."""
    now = now or timezone.now()
    looks: list[tuple[str, str, Callable[[], Result]]] = [
        ("asgi", _("WebSockets on the server"), asgi),
        ("urls", _("Addresses"), urls),
        ("layer", _("Channel layer"), layer),
        ("worker", _("Background work"), worker),
        ("outbox", _("Letters"), lambda: outbox(now)),
        ("mail", _("Mail server"), mail),
        ("static", _("Static files"), static_files),
        ("hosts", _("Hosts of the sites"), hosts),
        ("origins", _("Pages elsewhere"), origins),
        ("page", _("Tag on the front page"), page),
        ("csp", _("Content-Security-Policy"), csp),
        ("database", _("Database"), database),
        ("proxy", _("Proxies"), proxy),
        ("operators", _("Operators"), operators),
    ]
    return [_guarded(key, title, look) for key, title, look in looks]


def worst(results: list[Result]) -> str:
    return next((state for state in (PROBLEM, WARNING) if any(r.state == state for r in results)), OK)


def _guarded(key: str, title: str, look: Callable[[], Result]) -> Result:
    try:
        return look()
    except Exception as error:
        sentence = _("This could not be looked at: %(error)s") % {"error": f"{type(error).__name__}: {error}"[:300]}
        return Result(key, title, PROBLEM, sentence, _("The server's log tells more."))


# ------------------------------------------------------------------------------------- what system checks know


def _checked(key: str, title: str, ids: tuple[str, ...], fine: str) -> Result:
    """What Django's system checks of ours say, those that the project silenced left out."""
    found = [m for m in checks.run_checks() if m.id in ids and not m.is_silenced()]
    if not found:
        return Result(key, title, OK, fine)
    state = PROBLEM if any(message.level >= checks.ERROR for message in found) else WARNING
    return Result(
        key, title, state, " ".join(str(m.msg) for m in found), " ".join(str(m.hint) for m in found if m.hint)
    )


def _id(number: str) -> str:
    return f"wagtail_livechat.{number}"


def asgi() -> Result:
    return _checked("asgi", _("WebSockets on the server"), (_id("E001"),), _("The ASGI application serves the chat's sockets."))  # fmt: skip


def urls() -> Result:
    return _checked("urls", _("Addresses"), (_id("E004"),), _("The chat's addresses are in the project's URLs."))


def database() -> Result:
    return _checked("database", _("Database"), (_id("W005"), _id("W006")), _("The database is set up for several who write."))  # fmt: skip


def proxy() -> Result:
    return _checked("proxy", _("Proxies"), (_id("W007"),), _("Nothing speaks against how visitors' addresses are found."))  # fmt: skip


# ------------------------------------------------------------------------------------------- what is tried out


def layer() -> Result:
    title = _("Channel layer")
    try:
        seconds = async_to_sync(broadcast.probe)()
    except Exception as error:
        sentence = _("A message that was sent by it did not come back: %(error)s") % {"error": f"{type(error).__name__}: {error}"[:200]}  # fmt: skip
        remedy = _("See that Redis runs and that CHANNEL_LAYERS has its address. Until then, what is new is seen late.")
        return Result("layer", title, PROBLEM, sentence, remedy)
    known = _checked("layer", title, (_id("W002"), _id("E003")), "")
    if known.state != OK:
        return known
    took = {"ms": f"{seconds * 1000:.1f}"}
    if type(layers.configured()).__name__ == "InMemoryChannelLayer":
        return Result("layer", title, OK, _("A message came back in %(ms)s ms. It reaches this one server process and no other.") % took)  # fmt: skip
    return Result("layer", title, OK, _("A message came back in %(ms)s ms, by way of the server that all processes share.") % took)  # fmt: skip


def worker() -> Result:
    title, queue = _("Background work"), conf.RQ_QUEUE
    if not queue:
        return Result("worker", title, OK, _("A thread of the web process does it."))
    remedy = _("Start one: manage.py rqworker %(queue)s. Or leave RQ_QUEUE empty.") % {"queue": queue}
    try:
        import django_rq
        from rq import Worker

        found = django_rq.get_queue(queue)
        workers = Worker.count(queue=found)
    except Exception as error:
        sentence = _("The queue “%(queue)s” cannot be asked: %(error)s") % {"queue": queue, "error": f"{type(error).__name__}: {error}"[:200]}  # fmt: skip
        return Result("worker", title, PROBLEM, sentence, _("See that django-rq is installed, that RQ_QUEUES names the queue, and that Redis runs."))  # fmt: skip
    if not workers:
        return Result("worker", title, PROBLEM, _("No worker takes work from the queue “%(queue)s”.") % {"queue": queue}, remedy)  # fmt: skip
    sentence = ngettext("%(count)d worker takes work from the queue “%(queue)s”.", "%(count)d workers take work from the queue “%(queue)s”.", workers)  # fmt: skip
    return Result("worker", title, OK, sentence % {"count": workers, "queue": queue})


def outbox(now: datetime) -> Result:
    title, State = _("Letters"), OutgoingMail.State
    failed = OutgoingMail.objects.filter(state=State.FAILED).count()
    if failed:
        sentence = ngettext("%(count)d letter could not be sent.", "%(count)d letters could not be sent.", failed)
        return Result("outbox", title, PROBLEM, sentence % {"count": failed}, _("Look under Live chat › Letters for why, and send them again."))  # fmt: skip
    late = OutgoingMail.objects.filter(state=State.WAITING, due_at__lt=now - LATE).count()
    if late:
        sentence = ngettext("%(count)d letter waits and nobody sends it.", "%(count)d letters wait and nobody sends them.", late)  # fmt: skip
        return Result("outbox", title, PROBLEM, sentence % {"count": late}, _("Letters are sent by the sweep: have a web process with sockets run, or manage.py livechat_sweep every minute."))  # fmt: skip
    waiting = OutgoingMail.objects.filter(state=State.WAITING, attempts__gt=0).count()
    if waiting:
        sentence = ngettext("%(count)d letter was refused and is tried again.", "%(count)d letters were refused and are tried again.", waiting)  # fmt: skip
        return Result("outbox", title, WARNING, sentence % {"count": waiting}, _("Look under Live chat › Letters for why."))  # fmt: skip
    return Result("outbox", title, OK, _("No letter is stuck."))


def mail() -> Result:
    title = _("Mail server")
    kind = settings.EMAIL_BACKEND.split(".")[-2] if "." in settings.EMAIL_BACKEND else ""
    if kind in KEPT_BACKENDS:
        return Result("mail", title, WARNING, _("Letters leave for nobody: the mail backend is “%(kind)s”.") % {"kind": kind}, _("Set EMAIL_BACKEND and the settings of your mail server."))  # fmt: skip
    remedy = _("Check EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER and the rest of the mail server's settings.")
    try:
        connection = get_connection(timeout=MAIL_SECONDS)
        connection.open()
        connection.close()
    except Exception as error:
        sentence = _("The mail server cannot be reached: %(error)s") % {"error": f"{type(error).__name__}: {error}"[:200]}  # fmt: skip
        return Result("mail", title, PROBLEM, sentence, remedy)
    if settings.DEFAULT_FROM_EMAIL == "webmaster@localhost":
        return Result("mail", title, WARNING, _("Letters come from webmaster@localhost, which many servers refuse."), _("Set DEFAULT_FROM_EMAIL to an address of yours."))  # fmt: skip
    return Result("mail", title, OK, _("The mail server answers. A test letter shows whether letters arrive."))


def fingerprint(content: bytes) -> str:
    """Short and the same in every place where the content is."""
    return hashlib.sha256(content).hexdigest()[:16]


def expected_files() -> list[dict[str, str]]:
    """Address and fingerprint of each bundle, for whoever fetches them."""
    return [
        {"name": name, "url": staticfiles_storage.url(f"wagtail_livechat/{name}"), "print": fingerprint((PACKAGE / name).read_bytes())}
        for name in BUNDLES
    ]  # fmt: skip


def static_files() -> Result:
    title = _("Static files")
    collect = _("Run manage.py collectstatic, now and after every upgrade.")
    try:
        expected_files()
    except ValueError as error:
        return Result("static", title, PROBLEM, _("A file has no address: %(error)s") % {"error": str(error)[:200]}, collect)  # fmt: skip
    stale = []
    for name in BUNDLES:
        path = f"wagtail_livechat/{name}"
        try:
            collected = staticfiles_storage.exists(path)
        except Exception:
            collected = False
        if collected:
            with staticfiles_storage.open(path) as file:
                stale += [name] if fingerprint(file.read()) != fingerprint((PACKAGE / name).read_bytes()) else []
        elif finders.find(path) is None:
            return Result(
                "static", title, PROBLEM, _("%(name)s is not among the static files.") % {"name": name}, collect
            )
    if stale:
        return Result("static", title, PROBLEM, _("Of another version than the package: %(names)s.") % {"names": ", ".join(stale)}, collect)  # fmt: skip
    return Result(
        "static",
        title,
        OK,
        _("The server has the files of this version. Below, your browser says whether it gets them."),
    )


def hosts() -> Result:
    title = _("Hosts of the sites")
    sites = list(Site.objects.order_by("-is_default_site", "hostname"))
    allowed = settings.ALLOWED_HOSTS or ([".localhost", "127.0.0.1", "[::1]"] if settings.DEBUG else [])
    refused = [site.hostname for site in sites if not validate_host(site.hostname.lower(), allowed)]
    if not sites:
        return Result("hosts", title, PROBLEM, _("There is no site."), _("Make one under Settings › Sites."))
    if refused:
        return Result("hosts", title, PROBLEM, _("Not among ALLOWED_HOSTS: %(hosts)s. Sockets and pages of these are refused.") % {"hosts": ", ".join(refused)}, _("Add them to ALLOWED_HOSTS, or correct the hostname under Settings › Sites."))  # fmt: skip
    return Result("hosts", title, OK, _("All are allowed: %(hosts)s.") % {"hosts": ", ".join(site.hostname for site in sites)})  # fmt: skip


def origins() -> Result:
    title = _("Pages elsewhere")
    wrong = [one for one in conf.ALLOWED_ORIGINS if origin_of(one) is None]
    if wrong:
        return Result("origins", title, PROBLEM, _("No origins: %(wrong)s.") % {"wrong": ", ".join(map(str, wrong))}, _("Write those of ALLOWED_ORIGINS as https://shop.example, without a path."))  # fmt: skip
    if not conf.ALLOWED_ORIGINS:
        return Result("origins", title, OK, _("Sockets are opened by the sites' own pages alone."))
    return Result("origins", title, OK, _("These may open sockets too: %(origins)s.") % {"origins": ", ".join(conf.ALLOWED_ORIGINS)})  # fmt: skip


# ----------------------------------------------------------------------------------- what a visitor's page says


def _front_page() -> Any:
    """The answer to a visitor who asks for the default site's front page, through all of the project's middleware."""
    site = Site.objects.order_by("-is_default_site", "pk").first()
    if site is None:
        raise LookupError("There is no site.")
    parts = urlsplit(site.root_url)
    environ = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/",
        "SERVER_NAME": site.hostname,
        "SERVER_PORT": str(parts.port or (443 if parts.scheme == "https" else 80)),
        "HTTP_HOST": parts.netloc,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_X_FORWARDED_PROTO": parts.scheme,
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(),
        "REMOTE_ADDR": "127.0.0.1",
    }
    # That middleware speaks the visitor's language and time; whoever asked goes on in their own.
    with translation.override(translation.get_language()), timezone.override(timezone.get_current_timezone()):
        return WSGIHandler().get_response(WSGIRequest(environ))


def page() -> Result:
    title = _("Tag on the front page")
    response = _front_page()
    if response.status_code != 200:
        return Result("page", title, UNKNOWN, _("The front page answers %(status)s here.") % {"status": response.status_code}, _("Open a page of the site and look for the launcher."))  # fmt: skip
    if response.streaming or b"data-livechat" not in response.content:
        return Result("page", title, PROBLEM, _("The front page does not carry the chat."), _("Put {% load livechat %} and {% livechat %} before </body> in the base template."))  # fmt: skip
    return Result("page", title, OK, _("The front page carries the chat."))


def csp() -> Result:
    title = _("Content-Security-Policy")
    response = _front_page()
    policy = response.headers.get("Content-Security-Policy", "")
    if not policy:
        return Result("csp", title, OK, _("The front page has none, so nothing of the chat is held up."))
    lacks = list(csp_lacks(policy, settings.STATIC_URL or ""))
    if lacks:
        return Result("csp", title, PROBLEM, _("It holds the chat up: %(lacks)s.") % {"lacks": ", ".join(lacks)}, _("Allow these in the policy of the site's pages; the guide on Content-Security-Policy has a whole one."))  # fmt: skip
    return Result("csp", title, OK, _("It lets everything in that the chat needs."))


def csp_lacks(policy: str, static_url: str) -> Iterator[str]:
    """What a policy would have to allow for the launcher and the window, as ``directive source``."""
    rules: dict[str, list[str]] = {}
    for part in policy.split(";"):
        words = part.lower().split()
        if words:
            # Of a directive that is given twice the first counts.
            rules.setdefault(words[0], words[1:])
    parts = urlsplit(static_url)
    files = f"{parts.scheme or 'https'}://{parts.netloc}".lower() if parts.netloc else "'self'"
    for directives, wanted in (
        (("script-src-elem", "script-src", "default-src"), files),
        (("connect-src", "default-src"), "'self'"),
        (("img-src", "default-src"), "'self'"),
    ):
        sources = next((rules[name] for name in directives if name in rules), None)
        if sources is None:
            continue
        # With strict-dynamic, hosts and 'self' count for nothing, and a tag without a nonce is not run.
        dynamic = "'strict-dynamic'" in sources and directives[0].startswith("script")
        if dynamic or not _allows(sources, wanted):
            name = next(name for name in directives if name in rules)
            yield f"{name} {wanted}"


def _allows(sources: list[str], wanted: str) -> bool:
    if "*" in sources or wanted in sources:
        return True
    if wanted == "'self'":
        return False
    scheme, host = wanted.split("://", 1)
    tails = [source.split("://")[-1] for source in sources if "." in source]
    return f"{scheme}:" in sources or any(host == tail or (tail.startswith("*.") and host.endswith(tail[1:])) for tail in tails)  # fmt: skip


def operators() -> Result:
    title = _("Operators")
    able = [o for o in Operator.objects.filter(is_active=True, user__is_active=True).select_related("user") if o.user.has_perm("wagtail_livechat.handle_conversation")]  # fmt: skip
    if not able:
        return Result("operators", title, PROBLEM, _("Nobody can answer."), _("Add or invite an operator under Live chat › Operators, or give somebody the role and have them open the desk."))  # fmt: skip
    hidden = LiveChatSettings.objects.filter(enabled=False).count()
    if hidden:
        return Result("operators", title, WARNING, _("Somebody can answer, but on some sites the chat is not shown."), _("Switch it on under Live chat › Settings when you are ready; try it in the preview before."))  # fmt: skip
    sentence = ngettext("%(count)d operator can answer.", "%(count)d operators can answer.", len(able))
    return Result("operators", title, OK, sentence % {"count": len(able)})


def socket_address() -> str:
    try:
        return reverse("wagtail_livechat:ws_operator")
    except NoReverseMatch:
        return ""

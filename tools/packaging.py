"""Build the package, install the wheel into a fresh project, follow the README's steps, look at the result.

    python -m tools.packaging FOLDER

The project is what `wagtail start` makes; what is done to it is what the README asks a person to do.
"""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.services.process import Service

ROOT = Path(__file__).resolve().parent.parent

ASGI = """import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")
django_application = get_asgi_application()

from wagtail_livechat.asgi import livechat_application

application = livechat_application(django_application)
"""

SETTINGS = """
INSTALLED_APPS = ["wagtail_livechat", "wagtail_modeladmin", "wagtail.contrib.settings", *INSTALLED_APPS]
ASGI_APPLICATION = "mysite.asgi.application"
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["OPTIONS"] = {
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
}
"""


class FreshSite(Service):
    name = "fresh-site"

    def __init__(self, python: Path, project: Path) -> None:
        super().__init__()
        self.python, self.project = python, project

    def command(self) -> list[str | Path]:
        return [
            self.python,
            "-m",
            "uvicorn",
            "--app-dir",
            self.project,
            "--host",
            "127.0.0.1",
            "--port",
            str(self.port),
            "mysite.asgi:application",
        ]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "PYTHONPATH": str(self.project), "DJANGO_SETTINGS_MODULE": "mysite.settings.dev"}


def main(folder: Path) -> int:
    wheel = build(folder)
    look_into(wheel)
    python = fresh_environment(folder, wheel)
    project = fresh_project(folder, python)
    follow_the_readme(project)
    run([python, "manage.py", "migrate", "--verbosity=0"], cwd=project)
    run([python, "manage.py", "check"], cwd=project)
    run([python, "manage.py", "makemigrations", "--check", "--dry-run", "wagtail_livechat"], cwd=project)
    with FreshSite(python, project) as site:
        home = ask(site.port, "/")
        assert "wagtail_livechat/" in home and "<script" in home, "the tag drew nothing on the home page"
        boot = json.loads(ask(site.port, boot_path(home)))
        assert boot, "the boot endpoint answers nothing"
        ask(site.port, script_path(home))
        ask(site.port, "/admin/login/")
    print("The wheel works in a fresh project.")
    return 0


def build(folder: Path) -> Path:
    tools = folder / "build-tools"
    run([sys.executable, "-m", "venv", tools])
    run([tools / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "build", "twine"])
    dist = folder / "dist"
    run([tools / "bin" / "python", "-m", "build", "--outdir", dist, ROOT])
    run([tools / "bin" / "python", "-m", "twine", "check", "--strict", *sorted(dist.iterdir())])
    return next(dist.glob("*.whl"))


def look_into(wheel: Path) -> None:
    """What a site needs is in it; what only we need is not."""
    names = zipfile.ZipFile(wheel).namelist()
    for needed in ("/static/wagtail_livechat/", "/templates/wagtail_livechat/", "/migrations/0001"):
        assert any(f"wagtail_livechat{needed}" in name for name in names), f"the wheel lacks {needed}"
    for foreign in ("wagtail_livechat/client/", "tests/", "example_site/", "benchmarks/", "tools/", "node_modules"):
        found = [name for name in names if name.startswith(foreign) or "node_modules" in name]
        assert not found, f"the wheel carries {found[:3]}"


def fresh_environment(folder: Path, wheel: Path) -> Path:
    place = folder / "fresh"
    run([sys.executable, "-m", "venv", place])
    python = place / "bin" / "python"
    run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel, "uvicorn[standard]"])
    return python


def fresh_project(folder: Path, python: Path) -> Path:
    project = folder / "project"
    project.mkdir()
    run([python.parent / "wagtail", "start", "mysite", project], cwd=folder)
    return project


def follow_the_readme(project: Path) -> None:
    """Step 1, pip install, is done; 2 settings, 3 addresses, 4 asgi.py, 5 the tag; then migrate."""
    base = project / "mysite" / "settings" / "base.py"
    base.write_text(base.read_text() + SETTINGS)

    urls = project / "mysite" / "urls.py"
    text = urls.read_text()
    assert "urlpatterns = [" in text
    urls.write_text(
        text.replace("urlpatterns = [", 'urlpatterns = [\n    path("livechat/", include("wagtail_livechat.urls")),', 1)
    )

    (project / "mysite" / "asgi.py").write_text(ASGI)

    template = project / "mysite" / "templates" / "base.html"
    text = template.read_text()
    assert "</body>" in text
    template.write_text(text.replace("</body>", "{% load livechat %}{% livechat %}\n    </body>", 1))


def boot_path(home: str) -> str:
    """The address of the boot endpoint, as the tag's data attributes give it."""
    import re

    found = re.search(r'data-boot="([^"]+)"', home)
    return found[1].replace("&amp;", "&") if found else "/livechat/boot/"


def script_path(home: str) -> str:
    import re

    found = re.search(r'<script[^>]+src="([^"]*wagtail_livechat/[^"]+)"', home)
    assert found, "the tag names no script"
    return found[1]


def ask(port: int, path: str) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{port}"})
        response = connection.getresponse()
        body = response.read().decode()
    finally:
        connection.close()
    assert response.status == 200, f"{path} answers {response.status}: {body[:500]}"
    return body


def run(command: list[object], cwd: Path = ROOT) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=cwd, env={**os.environ, "PYTHONPATH": ""})


if __name__ == "__main__":
    try:
        sys.exit(main(Path(sys.argv[1])))
    except subprocess.CalledProcessError as error:
        print(f"Failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        sys.exit(1)

"""Build the package, install the wheel into a fresh project, follow the README's steps, look at the result.

    python -m tools.packaging FOLDER

The project is what `wagtail start` makes; what is done to it is what the README asks a person to do.
"""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

from tests.services.process import Service

ROOT = Path(__file__).resolve().parent.parent
WHAT_WAS_THERE = "# … what was there"


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
    for needed in ("static/wagtail_livechat_helpdesk/", "templates/wagtail_livechat_helpdesk/", "migrations/0001"):
        assert any(f"wagtail_livechat/helpdesk/{needed}" in name for name in names), f"the wheel lacks {needed}"
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
    """Do what its five steps say, with the very text that a person would paste. Step 1, pip install, is done."""
    settings, addresses, asgi, tag = readme_steps()
    base = project / "mysite" / "settings" / "base.py"
    base.write_text(f"{base.read_text()}\n{settings.replace(WHAT_WAS_THERE, '*INSTALLED_APPS,')}")

    urls = project / "mysite" / "urls.py"
    line = next(line.strip() for line in addresses.splitlines() if line.strip().startswith("path("))
    replace_once(urls, "urlpatterns = [", f"urlpatterns = [\n    {line}")

    (project / "mysite" / "asgi.py").write_text(asgi)

    replace_once(project / "mysite" / "templates" / "base.html", "</body>", f"{tag.strip()}\n    </body>")


def readme_steps() -> list[str]:
    """The code of the steps 2 to 5 of "Install it into your own site"."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    steps = re.split(r"^\*\*(\d)\. ", text, flags=re.MULTILINE)
    numbered = dict(zip(steps[1::2], steps[2::2], strict=True))
    found = []
    for number in "2345":
        block = re.search(r"```[^\n]*\n(.*?)```", numbered[number], re.DOTALL)
        assert block, f"step {number} of the README has no code"
        found.append(block[1])
    assert WHAT_WAS_THERE in found[0], "step 2 of the README does not say where the other apps go"
    return found


def replace_once(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"{path.name} has no {old}"
    path.write_text(text.replace(old, new, 1))


def boot_path(home: str) -> str:
    """The address of the boot endpoint, as the tag's data attributes give it."""
    found = re.search(r'data-boot="([^"]+)"', home)
    return found[1].replace("&amp;", "&") if found else "/livechat/boot/"


def script_path(home: str) -> str:
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

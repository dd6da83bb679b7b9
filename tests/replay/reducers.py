"""The client's real TypeScript reducers, run by node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.test_client_ts import CLIENT

Json = dict[str, Any]
DRIVER = Path(__file__).parent / "driver.ts"


class Reducers:
    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        """Bundle the driver with the reducers into ``folder``. ``environment``: that of the fixture ``node``."""
        bundle = folder / "driver.mjs"
        subprocess.run(
            [
                str(CLIENT / "node_modules" / ".bin" / "esbuild"),
                str(DRIVER),
                "--bundle",
                "--platform=node",
                "--format=esm",
                "--log-level=warning",
                f"--alias:@client={CLIENT}",
                f"--outfile={bundle}",
            ],
            env=environment,
            cwd=folder,
            check=True,
            timeout=60,
        )
        self._command = ["node", str(bundle)]
        self._environment = environment

    def states(self, side: str, streams: list[list[Json]]) -> list[Json]:
        """The state that each stream of events leads to, from nothing."""
        asked = "".join(json.dumps({"side": side, "events": events}) + "\n" for events in streams)
        done = subprocess.run(
            self._command, input=asked, env=self._environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        answers = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(answers) == len(streams)
        return answers

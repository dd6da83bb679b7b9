"""One child process that is certain to end, and the waiting that goes with it."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

REPOSITORY = Path(__file__).resolve().parents[2]

_PR_SET_PDEATHSIG = 1
# Loaded before any fork: a child between fork and exec must not import.
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


class MissingServer(RuntimeError):
    """A program that the tests need is not on this machine; the message says what to install."""


class ServiceFailed(RuntimeError):
    """A service did not come up, or died; the message carries the end of its log."""


def free_port() -> int:
    """A port of 127.0.0.1 that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(
    condition: Callable[[], object], *, timeout: float = 15.0, interval: float = 0.02, what: str = ""
) -> object:
    """Call `condition` until it returns something true, and return that.

    Raises TimeoutError after `timeout` seconds. An exception of the condition counts as "not yet" and is
    the cause of that TimeoutError.
    """
    deadline = time.monotonic() + timeout
    trouble: Exception | None = None
    while True:
        try:
            if result := condition():
                return result
            trouble = None
        except Exception as error:  # any failure means that it is not there yet
            trouble = error
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {timeout:g} s for {what or 'a condition'}.") from trouble
        time.sleep(interval)


def scratch_folder(name: str) -> Path:
    """A new temporary folder whose name says whose it is: `livechat-<name>-<pid>-…`."""
    sweep_scratch_folders()
    return Path(tempfile.mkdtemp(prefix=f"livechat-{name}-{os.getpid()}-"))


@functools.cache
def sweep_scratch_folders() -> None:
    """Remove what processes left that were killed before they could tidy up; once a process is enough."""
    for folder in Path(tempfile.gettempdir()).glob("livechat-*-*-*"):
        pid = folder.name.split("-")[-2]
        if pid.isdigit() and not _is_alive(int(pid)):
            shutil.rmtree(folder, ignore_errors=True)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _die_with_parent() -> None:
    # The kernel watches the *thread* that started the child: start services from one that lives on.
    if _libc is not None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Service:
    """A server process with a folder of its own. Subclasses say how to start it and how to see that it answers."""

    name = "service"
    start_timeout = 30.0
    stop_timeout = 10.0
    stop_signal = signal.SIGTERM

    def __init__(self, *, port: int | None = None) -> None:
        self.port = port or free_port()
        self.folder = scratch_folder(self.name)
        self.log_path = self.folder / "log.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self._owner = os.getpid()
        atexit.register(self._at_exit)

    # What a subclass gives.

    def command(self) -> Sequence[str | os.PathLike[str]]:
        raise NotImplementedError

    def environment(self) -> Mapping[str, str]:
        return os.environ

    def run_as(self) -> str | None:
        """The user to run as, where it must not be root."""
        return None

    def prepare(self) -> None:
        """Make what the server needs in its folder, once."""

    def is_answering(self) -> bool:
        with socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True

    # What everyone calls.

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        if self.process is None:
            raise ServiceFailed(f"{self.name} was not started.")
        return self.process.pid

    def start(self) -> Self:
        """Start, and return when it answers. Raises ServiceFailed with the end of the log."""
        if self.is_running:
            return self
        self.prepare()
        deadline = time.monotonic() + self.start_timeout
        while True:
            self._spawn()
            try:
                wait_until(
                    self._ready_or_dead, timeout=max(0.1, deadline - time.monotonic()), what=f"{self.name} to answer"
                )
            except TimeoutError as error:
                self.kill()
                raise ServiceFailed(f"{error}\n{self.log_tail()}") from error
            if self.is_running:
                return self
            # After a kill, the port or a lock file can still be held for a moment: try again until the deadline.
            if time.monotonic() > deadline or not self.may_retry():
                raise ServiceFailed(
                    f"{self.name} ended with {self.process and self.process.returncode}.\n{self.log_tail()}"
                )
            time.sleep(0.2)

    def may_retry(self) -> bool:
        """Whether the end of the log names something that passes by itself."""
        tail = self.log_tail(10).lower()
        return any(word in tail for word in ("in use", "address already", "lock file", "shared memory"))

    def stop(self) -> None:
        """End politely, by force if it takes too long, and remove the folder."""
        self.terminate()
        shutil.rmtree(self.folder, ignore_errors=True)
        atexit.unregister(self._at_exit)

    def terminate(self) -> None:
        """Ask it to end (SIGTERM) and wait; data and port are kept."""
        self._end(self.stop_signal)

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL); data and port are kept."""
        self._end(signal.SIGKILL)

    def restart(self) -> Self:
        """Start again on the same port and data, ending it politely first if it runs."""
        self.terminate()
        return self.start()

    def pause(self) -> None:
        """Freeze the process (SIGSTOP): its sockets stay open and nothing answers."""
        os.kill(self.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.kill(self.pid, signal.SIGCONT)

    def log_tail(self, lines: int = 40) -> str:
        try:
            return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.stop()

    # How it is done.

    def _spawn(self) -> None:
        user = self.run_as()
        # Popen drops the rights before it calls preexec_fn, and a change of rights would clear the death signal.
        identity = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [os.fspath(part) for part in self.command()],
                cwd=REPOSITORY if user is None else self.folder,
                env=dict(self.environment()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with_parent if _libc is not None else None,
                **identity,
            )

    def _ready_or_dead(self) -> bool:
        if not self.is_running:
            return True
        return self.is_answering()

    def _end(self, signum: signal.Signals) -> None:
        process = self.process
        if process is None:
            return
        if process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGCONT)  # a paused process hears nothing else
                os.kill(process.pid, signum)
            try:
                process.wait(self.stop_timeout)
            except subprocess.TimeoutExpired:
                pass
        # Its children too: the group is the service's own.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def _at_exit(self) -> None:
        # A forked child (pytest-xdist, multiprocessing) inherits the list of exit functions, not the service.
        if os.getpid() == self._owner:
            self.stop()

"""Keeps PostgreSQL and Valkey for one data folder, for as long as somebody uses them.

A user (a command, `make run`, a test run) holds a shared lock on `users.lock`. Whoever finds no
keeper starts one. The keeper holds `keeper.lock`, owns both servers as its children, brings back
the one that dies, and stops both when no user is left. docs/adr/0001 says why.
"""

import fcntl
import hashlib
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

CHECKOUT = Path(__file__).resolve().parent.parent
# The kernel's limit for a socket's address, less PostgreSQL's longest name in the folder.
LONGEST_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
READY = "ready"


class Unavailable(RuntimeError):
    """The servers did not come up; the message says where to look."""


def data_folder() -> Path:
    """KAM_DATA, or `.data` in the checkout."""
    return Path(os.environ.get("KAM_DATA") or CHECKOUT / ".data").resolve()


def wanted() -> bool:
    """Whether this installation lives on its own servers and not on those of somebody else."""
    given = os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")
    return not given and os.environ.get("KAM_ENV") != "production"


def sockets(data: Path) -> Path:
    """The 0700 folder of both servers' sockets; short enough for a socket's address."""
    folder = data / "s"
    # libpq reads a comma as the start of a second host.
    if len(os.fsencode(folder)) <= LONGEST_FOLDER and "," not in str(folder):
        return folder
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    # Not TMPDIR: two users of one data folder may differ in it.
    return Path("/tmp") / f"kam-{name}"  # noqa: S108


def valkey_url(data: Path) -> str:
    """The broker's address as Celery spells it."""
    return f"redis+socket://{quote(str(sockets(data) / 'valkey'))}"


@contextmanager
def servers(data: Path, *settings: str):
    """Hold both servers of `data` up. The last user out returns when they have stopped.

    `settings` go to PostgreSQL (`fsync=off`) if it is started here.
    """
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (data / "users.lock").open("w") as users:
        # Waits while a keeper or a last user is on the way out.
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            ensure(data, *settings)
            yield
        finally:
            leave(data, users)


def ensure(data: Path, *settings: str, patience: float = 90):
    """Start a keeper where there is none and wait until both servers answer."""
    end, tries = time.monotonic() + patience, 5
    while (state := state_of(data)) is None or READY not in state:
        if state is None:
            tries -= 1
            keep = [sys.executable, "-m", "kam_crm.servers", str(data), *settings]
            started = subprocess.run(keep, cwd=CHECKOUT, stdin=subprocess.DEVNULL, check=False)  # noqa: S603
            if started.returncode or not tries:
                raise Unavailable(f"The servers did not start: see {data / 'servers.log'}")
        if time.monotonic() > end:
            raise Unavailable(f"The servers do not answer: see {data / 'servers.log'}")
        time.sleep(0.02)


def leave(data: Path, users):
    """Let go of the servers; as the last user have them stopped and wait for it."""
    try:
        # A newcomer waits for this lock, so that "the last one" stays true.
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    while (state := state_of(data)) is not None:
        with suppress(IndexError, ProcessLookupError):
            os.kill(int(state.split()[0]), signal.SIGTERM)
        time.sleep(0.03)


def state_of(data: Path):
    """None without a keeper, else what it wrote: its process id, and READY when both answer."""
    with (data / "keeper.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            return lock.read()
    return None

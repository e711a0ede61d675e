import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

import psycopg
import pytest

from kam_crm import keeper
from tests.house.conftest import CHECKOUT, leave, processes, until


def test_users_share_the_servers_and_the_last_one_out_waits_for_their_end(home):
    first, second = home.user(), home.user()

    assert len(processes("kam_crm.servers", str(home.data))) == 1
    leave(first)
    assert home.sql("SELECT 1") == [(1,)]
    leave(second)

    assert home.servers() == []


@pytest.mark.parametrize("name", ["with, comma", 'with "quotes"', "100% weiß", "x" * 120])
def test_any_folder_will_do(home_in, tmp_path, name):
    home = home_in(tmp_path / name)

    user = home.user()

    assert home.sql("SELECT 1") == [(1,)]
    leave(user)
    elsewhere = keeper.sockets(home.data)
    assert elsewhere.parent == home.data or not elsewhere.exists()


def test_two_folders_have_nothing_in_common(home, home_in, tmp_path):
    other = home_in(tmp_path / "other")
    home.user()
    user = other.user()

    other.sql("CREATE TABLE mine ()")
    leave(user)

    with pytest.raises(psycopg.errors.UndefinedTable):
        home.sql("SELECT FROM mine")


def test_the_cluster_folds_the_case_of_every_script(home):
    home.user()

    home.sql("CREATE EXTENSION pg_trgm")

    assert home.sql("SELECT lower('ЖЁÜ'), similarity('Газпром', 'газпром') = 1") == [("жёü", True)]


def test_the_folder_and_its_key_are_ours_alone(home):
    home.user()

    assert home.data.stat().st_mode & 0o077 == 0
    assert keeper.sockets(home.data).stat().st_mode & 0o077 == 0
    assert (home.data / "secret_key").stat().st_mode & 0o077 == 0
    assert len((home.data / "secret_key").read_text()) > 50


def test_the_servers_listen_on_no_port(home):
    home.user()

    ours = {
        str(door.readlink())
        for pid in home.servers()
        for door in Path(f"/proc/{pid}/fd").iterdir()
    }

    assert not {f"socket:[{inode}]" for inode in listening()} & ours


def listening():
    """The inodes of TCP sockets on which somebody listens."""
    tables = [Path(f"/proc/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    lines = [line.split() for table in tables for line in table]
    return [line[9] for line in lines if line[3] == "0A"]


def test_a_killed_postgres_comes_back_with_what_was_committed(home):
    home.user()
    home.sql("CREATE TABLE kept AS SELECT 1 AS one")
    killed = home.postmaster()

    os.kill(killed, signal.SIGKILL)

    until(lambda: is_back(home, killed))
    assert home.sql("SELECT one FROM kept") == [(1,)]


def is_back(home, killed):
    ready = keeper.READY in (keeper.state_of(home.data) or "")
    return ready and home.postmaster() != killed


def test_a_killed_postgres_comes_back_although_a_statement_of_it_still_runs(home):
    home.user()
    busy = [sys.executable, "-c", BUSY, str(keeper.sockets(home.data))]
    home.start(*busy, stderr=subprocess.DEVNULL)
    until(lambda: home.sql(SPINS))
    killed = home.postmaster()

    os.kill(killed, signal.SIGKILL)

    until(lambda: is_back(home, killed))


SPINS = "SELECT 1 FROM pg_stat_activity WHERE query LIKE '%AS spin%' AND pid <> pg_backend_pid()"
BUSY = """
import sys, psycopg
with psycopg.connect(host=sys.argv[1], port=5432, user="kam", dbname="kam") as connection:
    connection.execute("SELECT count(*) AS spin FROM generate_series(1, 1000000000000) AS a")
"""


def test_a_killed_valkey_comes_back(home):
    home.user()
    killed = home.valkey()

    os.kill(killed, signal.SIGKILL)

    until(lambda: processes("valkey-server", str(home.data)) not in ([], [killed]))
    keeper.ensure(home.data)


def test_the_servers_die_with_their_keeper_and_the_next_user_gets_others(home):
    first = home.user()
    killed, before = home.keeper(), home.postmaster()

    os.kill(killed, signal.SIGKILL)
    home.user()

    assert home.keeper() != killed
    assert home.postmaster() != before
    assert home.sql("SELECT 1") == [(1,)]
    assert first.poll() is None


def test_the_servers_stop_when_their_only_user_is_killed(home):
    user = home.user()

    user.kill()

    until(lambda: not home.servers())


def test_everything_killed_at_once_is_no_obstacle(home):
    user = home.user()
    home.sql("CREATE TABLE kept AS SELECT 1 AS one")

    user.kill()
    for pid in home.servers():
        os.kill(pid, signal.SIGKILL)
    home.user()

    assert home.sql("SELECT one FROM kept") == [(1,)]


def test_a_process_that_got_the_id_of_a_killed_postgres_is_no_obstacle(home):
    leave(home.user())
    stale = home.data / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{home.data / 'postgres'}\n")

    home.user()

    assert home.sql("SELECT 1") == [(1,)]


def test_a_cluster_that_was_never_finished_is_made_anew(home):
    (home.data / "postgres.new").mkdir(parents=True)
    (home.data / "postgres.new" / "PG_VERSION").write_text("18\n")

    home.user()

    assert home.sql("SELECT 1") == [(1,)]


def test_a_server_that_cannot_start_is_told_in_one_sentence(home):
    home.data.mkdir()
    (home.data / "postgres").mkdir()

    with pytest.raises(keeper.Unavailable, match=r"servers\.log"):
        keeper.ensure(home.data, patience=1)


@pytest.mark.skipif(os.geteuid() != 0, reason="then every test here is this one")
def test_an_ordinary_user_can_do_it_too(home):
    home.data.mkdir()
    os.chown(home.data, 65534, 65534)
    # pytest's folders are root's alone; an ordinary user's home is not.
    for folder in home.data.parents:
        if folder.stat().st_mode & 0o011 == 0:
            folder.chmod(0o711)
    packages = {"PYTHONPATH": f"{CHECKOUT}:{sysconfig.get_path('purelib')}"}
    become = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

    user = home.user(*become, python="/usr/bin/python3", env=packages)

    assert home.sql("SELECT 1") == [(1,)]
    assert Path(f"/proc/{home.postmaster()}").stat().st_uid == 65534
    leave(user)

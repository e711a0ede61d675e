"""Real commands on the test's database, and their end by `kill -9`."""

import os
import signal
import subprocess
import sys
import time
from urllib.parse import quote

from django.db import connection

from tests.ledgers import ROOT


def start(*command):
    """Start a `manage.py` command on the database of this test."""
    return subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database_url()},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(process):
    """End it as a power cut would, and wait until the database has noticed."""
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until(lambda: not running(""))


def database_url():
    given = connection.settings_dict
    return f"postgres://{given['USER']}@{quote(given['HOST'], safe='')}/{given['NAME']}"


def running(statement):
    """Backends of our database that are in the middle of `statement`."""
    with connection.cursor() as cursor:
        # Within a transaction the first look would be the last.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE %s",
            [f"%{statement}%"],
        )
        return cursor.fetchone()[0]


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)

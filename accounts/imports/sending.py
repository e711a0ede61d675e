"""Ledgers that programs send: received once for each key, and taken in by a worker."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from contextlib import closing
from typing import Any, BinaryIO

from django.conf import settings
from django.db import transaction

from accounts.imports.actions import receive, start
from accounts.models import LedgerImport, SendingKey
from firm.models import User

BLOCK = 1 << 16


class KeyReused(Exception):
    """The key came with another body, or with other choices, before."""


class TooLarge(Exception):
    """The body is larger than an upload may be."""


def kept(stream) -> tuple[BinaryIO, str]:
    """A body in an unnamed file, at its beginning, and its SHA-256. Raises TooLarge."""
    file, digest = tempfile.TemporaryFile(), hashlib.sha256()  # noqa: SIM115 - the caller's
    size = 0
    while block := stream.read(BLOCK):
        size += len(block)
        if size > settings.IMPORT_UPLOAD_BYTES:
            file.close()
            raise TooLarge
        digest.update(block)
        file.write(block)
    file.seek(0)
    return file, digest.hexdigest()


@transaction.atomic
def send(
    body: BinaryIO,
    *,
    digest: str,
    key: str,
    source: str,
    file_name: str,
    reading: dict[str, Any],
    strict: bool,
    by: User,
    turn: Callable[[BinaryIO], BinaryIO] | None = None,
) -> LedgerImport:
    """Receive a body and have a worker take it in; with a `key` that `by` used before for the
    same, give that import. `turn` makes a table of a body that is none.

    Rejected rows hold up nothing, unless `strict`: then nothing is stored and the import asks.
    Raises KeyReused and CannotRead.
    """
    sending = None
    if key:
        said = json.dumps([digest, source, reading, strict], sort_keys=True)
        whole = hashlib.sha256(said.encode()).hexdigest()
        # The constraint makes a second one wait here until the first is through.
        sending, is_new = SendingKey.objects.get_or_create(
            by=by, key=key, defaults={"digest": whole}
        )
        if sending.digest != whole:
            raise KeyReused
        if not is_new:
            return sending.imported
    with closing(turn(body) if turn else body) as table:
        imported = receive(
            stream=table, file_name=file_name, source=source, by=by, reading=reading
        )
    if sending:
        sending.imported = imported
        sending.save(update_fields=["imported"])
    start(imported, by=by, accept_rejected=not strict)
    return imported

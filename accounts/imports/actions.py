"""Receives files, has a worker take them in, and lets go of them."""

import csv
from io import BytesIO, StringIO
from typing import Any, BinaryIO

from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.importers.files import CannotRead
from accounts.importers.reading import Reading
from accounts.imports.targets import targets
from accounts.models import LedgerImport, Source
from firm.jobs import add_job, wake
from firm.models import Job, User

TAKE_IN = "import"
State = LedgerImport.State
STARTABLE = (State.DRAFT, State.ASKING, State.FAILED)


class WrongState(Exception):
    """The import is no longer where this could be asked of it."""


class Upload(File):
    """A stream on its way to the storage, no longer than an upload may be."""

    def __init__(self, stream: BinaryIO):
        super().__init__(stream)
        self.taken = 0

    def chunks(self, chunk_size=None):
        while block := self.file.read(1 << 16):
            self.taken += len(block)
            if self.taken > settings.IMPORT_UPLOAD_BYTES:
                raise CannotRead(
                    _("The file is larger than %(size)d MB: send it gzipped, or in parts.")
                    % {"size": settings.IMPORT_UPLOAD_BYTES >> 20}
                )
            yield block


@transaction.atomic
def receive(
    *,
    stream: BinaryIO,
    file_name: str,
    source: str,
    target: str = "ledger",
    by: User,
    reading: dict[str, Any] | None = None,
) -> LedgerImport:
    """Keep an upload under a name of our own, as a draft. `reading` empty is the form of the
    commands. Raises CannotRead where it is too large, ValueError where nobody takes such a
    target or reading."""
    if target not in targets():
        raise ValueError(target)
    chosen = Reading.of(reading or {})
    imported = LedgerImport(
        source=Source.objects.get_or_create(name=source)[0],
        target=target,
        state=State.DRAFT,
        file_name=plain_name(file_name),
        by=by,
        whole_documents=chosen.whole_documents,
        reading=reading or {},
    )
    field = imported.file
    name = field.field.generate_filename(imported, "upload")
    try:
        field.name = field.storage.save(name, Upload(stream))
        imported.save()
    except BaseException:
        # No file without its row.
        field.storage.delete(name)
        raise
    return imported


def plain_name(sent: str) -> str:
    """The sender's name of a file, for people to read: without folders and control characters."""
    last = sent.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable()).strip()[:255] or "-"


def lock(imported: LedgerImport, states: tuple[str, ...]) -> LedgerImport:
    """The import, held. A worker holds its row for as long as it takes it in: nobody waits for
    that, as the state says it before. Raises WrongState."""
    here = LedgerImport.objects.filter(pk=imported.pk, state__in=states)
    locked = here.select_for_update().first() if here.exists() else None
    if locked is None:
        raise WrongState(imported.pk)
    return locked


@transaction.atomic
def start(
    imported: LedgerImport, *, by: User, accept_rejected: bool = False, dry_run: bool = False
) -> Job:
    """Have a worker take the import in; give its job.

    Where rows are rejected nothing is stored and the import asks, unless `accept_rejected`.
    `dry_run` tells what would be stored, and leaves the draft. Raises WrongState.
    """
    # One whose worker died each time waits for nobody any more.
    last = newest_job(imported)
    is_dead = last is not None and last.state == Job.State.DEAD
    locked = lock(imported, (*STARTABLE, State.WAITING) if is_dead else STARTABLE)
    job, _is_new = add_job(
        TAKE_IN,
        f"{locked.pk} {jobs_of(locked).count() + 1}",
        {
            "import": locked.pk,
            "by": by.pk,
            "accept_rejected": accept_rejected,
            "dry_run": dry_run,
        },
    )
    locked.state, locked.error = State.WAITING, ""
    locked.save(update_fields=["state", "error"])
    imported.state, imported.error = locked.state, locked.error
    wake()
    return job


def jobs_of(imported: LedgerImport):
    return Job.objects.filter(topic=TAKE_IN, payload__import=imported.pk).order_by("-pk")


def newest_job(imported: LedgerImport) -> Job | None:
    """The job that takes the import in, or took it in last."""
    return jobs_of(imported).first()


@transaction.atomic
def save_reading(imported: LedgerImport, reading: Reading, *, header: list[str]) -> None:
    """Keep how the file is to be read; what an earlier reading gave holds no longer.

    Raises WrongState.
    """
    locked = lock(imported, STARTABLE)
    chosen = reading.as_dict()
    if locked.reading != chosen:
        locked.state, locked.report, locked.error = State.DRAFT, {}, ""
        locked.rejected_rows.all().delete()
    locked.reading, locked.header = chosen, header
    locked.whole_documents = reading.whole_documents
    locked.save()
    imported.refresh_from_db()


@transaction.atomic
def send_again(
    imported: LedgerImport, mended: dict[int, dict[str, str]], *, by: User
) -> LedgerImport:
    """Send rejected rows again, with the cells of `mended` (by the row's key and the file's own
    columns), as an import of their own that starts at once. Raises WrongState."""
    lock(imported, (State.DONE,))
    open_rows = imported.rejected_rows.filter(pk__in=mended, sent_again=None)
    rows = list(open_rows.select_for_update().order_by("row"))
    if not rows:
        raise WrongState(imported.pk)
    header = imported.header or sorted({name for row in rows for name in row.values})
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(header)
    for row in rows:
        cells = row.values | mended[row.pk]
        writer.writerow([cells.get(name, "") for name in header])
    # A part of a document voids nothing of the rest.
    form = {"encoding": "utf-8-sig", "separator": ",", "whole_documents": False}
    again = receive(
        stream=BytesIO(file.getvalue().encode()),
        file_name=_("%(name)s, mended rows") % {"name": imported.file_name},
        source=imported.source.name,
        target=imported.target,
        by=by,
        reading=imported.reading | form,
    )
    open_rows.filter(pk__in=[row.pk for row in rows]).update(sent_again=again)
    start(again, by=by)
    return again


@transaction.atomic
def discard(imported: LedgerImport) -> None:
    """Let go of a file of which nothing is stored. Raises WrongState."""
    locked = lock(imported, STARTABLE)
    storage, name = locked.file.storage, locked.file.name
    locked.delete()
    transaction.on_commit(lambda: storage.delete(name), robust=True)

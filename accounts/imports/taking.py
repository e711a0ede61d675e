"""What a worker does with an import: the whole of it in the job's transaction, or nothing."""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.feeds.settling import settled
from accounts.importers.files import CannotRead, read_table
from accounts.importers.reading import Reading
from accounts.importers.staging import Way, raw_row
from accounts.imports.targets import targets
from accounts.models import LedgerImport
from firm.models import Job, Notification, User

State = LedgerImport.State
# So long a word of progress is believed.
FRESH = 300
NEWS: dict[str, str] = {
    State.DRAFT: gettext_noop("The dry run of %(file)s is ready: nothing was stored."),
    State.ASKING: gettext_noop("%(file)s has rows that cannot be taken: it asks what to do."),
    State.DONE: gettext_noop("%(file)s was taken in."),
    State.FAILED: gettext_noop("%(file)s could not be read."),
}


def take_in(job: Job) -> None:
    """Take in the import of a job. What cannot be read fails with its reason and is not tried
    again; anything else is raised, and the job repeats."""
    held = LedgerImport.objects.select_for_update()
    imported = held.filter(pk=job.payload["import"], state=State.WAITING).first()
    if imported is None:
        return
    by = User.objects.filter(pk=job.payload["by"]).first()
    with translation.override((by and by.language) or settings.LANGUAGE_CODE):
        try:
            with transaction.atomic():
                settle(imported, job)
        except CannotRead as error:
            imported.state, imported.error = State.FAILED, str(error)
    imported.finished_at = timezone.now()
    imported.save()
    if by:
        tell_of(imported, job, by)


def settle(imported: LedgerImport, job: Job) -> None:
    """Run the engine, and keep what it reports with the state that follows."""
    dry_run, accepted = job.payload["dry_run"], job.payload["accept_rejected"]
    imported.started_at = timezone.now()
    reading = Reading.of(imported.reading)
    with opened(imported) as stream:
        way = Way(
            strict=not accepted,
            dry_run=dry_run,
            tell=teller(imported, stream),
            reread=lambda numbers: rows_of(imported, reading, numbers),
        )
        imported.header = header_of(imported, reading)
        report = targets()[imported.target].take(stream, imported, reading, way)
    asks = report.rejected and not accepted
    imported.report = report.as_dict() | {"dry_run": dry_run}
    if not report.rejected:
        imported.rejected_rows.all().delete()
    imported.state = State.DRAFT if dry_run else State.ASKING if asks else State.DONE
    settled(imported, report, imported.header)


def opened(imported: LedgerImport):
    """The file of an import, from its beginning. Raises CannotRead where it is gone."""
    try:
        return imported.file.storage.open(imported.file.name, "rb").file
    except (FileNotFoundError, ValueError) as error:
        raise CannotRead(_("The file is no longer kept: send it again.")) from error


def header_of(imported: LedgerImport, reading: Reading) -> list[str]:
    """The file's own names of its columns. Raises CannotRead."""
    with opened(imported) as stream:
        return read_table(stream, reading).header


def rows_of(imported: LedgerImport, reading: Reading, numbers: set[int]):
    """The rows of the file with these numbers, whole, by its own names."""
    with opened(imported) as stream:
        table = read_table(stream, reading)
        for n, row in enumerate(table.rows, start=2):
            if n in numbers:
                yield n, raw_row(table.header, row)


def tell_of(imported: LedgerImport, job: Job, by: User) -> None:
    """Tell the one who asked how it ended."""
    Notification.objects.get_or_create(
        recipient=by,
        key=f"import:{job.key}",
        defaults={
            "text": NEWS[imported.state],
            "params": {"file": imported.file_name},
            "link": reverse("imports:import", args=[imported.pk]),
        },
    )


def progress_key(imported: LedgerImport) -> str:
    return f"import-{imported.pk}"


def teller(imported: LedgerImport, stream):
    """Puts how far an import has come where a page may read it: it is no truth, only a word."""
    size = imported.file.size or 1

    def tell(step: str, rows: int) -> None:
        # Of a compressed file too: what was read of it as it lies there.
        told = {"step": step, "rows": rows, "percent": min(100, 100 * stream.tell() // size)}
        # A cache that is away holds up no import.
        with suppress(Exception):
            cache.set(progress_key(imported), told, FRESH)

    return tell


def forget_progress(imported: LedgerImport) -> None:
    """An import that starts again has come nowhere yet."""
    with suppress(Exception):
        cache.delete(progress_key(imported))


def progress(imported: LedgerImport) -> dict:
    """How far an import has come, as far as anybody said."""
    with suppress(Exception):
        return cache.get(progress_key(imported)) or {}
    return {}

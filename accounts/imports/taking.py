"""What a worker does with an import: the whole of it in the job's transaction, or nothing."""

from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.importers.files import CannotRead
from accounts.importers.reading import Reading
from accounts.imports.targets import targets
from accounts.models import LedgerImport
from firm.models import Job, User

State = LedgerImport.State
# So long a word of progress is believed.
FRESH = 300


def take_in(job: Job) -> None:
    """Take in the import of a job. What cannot be read fails with its reason and is not tried
    again; anything else is raised, and the job repeats."""
    imported = LedgerImport.objects.select_for_update().get(pk=job.payload["import"])
    if imported.state != State.WAITING:
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


def settle(imported: LedgerImport, job: Job) -> None:
    """Run the engine, and keep what it reports with the state that follows."""
    dry_run, accepted = job.payload["dry_run"], job.payload["accept_rejected"]
    imported.started_at = timezone.now()
    try:
        stream = imported.file.open("rb").file
    except (FileNotFoundError, ValueError) as error:
        raise CannotRead(_("The file is no longer kept: send it again.")) from error
    with stream:
        report = targets()[imported.target].take(
            stream,
            imported,
            Reading.of(imported.reading),
            strict=not accepted,
            dry_run=dry_run,
            tell=teller(imported, stream),
        )
    asks = report.rejected and not accepted
    imported.report = report.as_dict() | {"dry_run": dry_run}
    if not report.rejected:
        imported.rejected_rows.all().delete()
    imported.state = State.DRAFT if dry_run else State.ASKING if asks else State.DONE


def progress_key(imported: LedgerImport) -> str:
    return f"import-{imported.pk}"


def teller(imported: LedgerImport, stream):
    """Puts how far an import has come where a page may read it: it is no truth, only a word."""
    size = imported.file.size or 1

    def tell(step: str, rows: int) -> None:
        told = {"step": step, "rows": rows, "percent": min(100, 100 * stream.tell() // size)}
        # A cache that is away holds up no import.
        with suppress(Exception):
            cache.set(progress_key(imported), told, FRESH)

    return tell


def progress(imported: LedgerImport) -> dict:
    """How far an import has come, as far as anybody said."""
    with suppress(Exception):
        return cache.get(progress_key(imported)) or {}
    return {}

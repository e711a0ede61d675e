"""What follows from a file that was read: what is odd about it, and what it makes good."""

from typing import Any

from django.urls import reverse

from accounts.feeds import telling, watching
from accounts.feeds.drift import Oddity, look_at
from accounts.feeds.totals import ask_to_reconcile
from accounts.models import LedgerImport

Target = LedgerImport.Target


def settled(imported: LedgerImport, report: Any, columns: list[str]) -> list[Oddity]:
    """Compare a file that the engine has read with those before it; where it is taken in, see
    to all that waited for it. In the import's transaction, once its state is known. Gives what
    is odd."""
    # Mended rows are a part of a file that was compared when it came.
    oddities = [] if imported.mended_rows.exists() else look_at(imported, report, columns)
    if imported.state == LedgerImport.State.DONE:
        taken_in(imported, oddities)
    return oddities


def taken_in(imported: LedgerImport, oddities: list[Oddity]) -> None:
    if imported.target != Target.CONTROL_TOTALS and not imported.mended_rows.exists():
        watching.came(imported)
        tell_of(imported, oddities)
    if imported.target in (Target.LEDGER, Target.CONTROL_TOTALS):
        ask_to_reconcile(imported.source, f"import {imported.pk}")


def tell_of(imported: LedgerImport, oddities: list[Oddity]) -> None:
    """Tell those who feed the ledger of each oddity; of what may make figures wrong at once."""
    for n, oddity in enumerate(oddities, start=1):
        telling.tell(
            imported.source,
            f"feed:{imported.source_id}:odd:{imported.pk}:{n}",
            oddity.text,
            oddity.facts,
            channel=telling.NOW if oddity.is_grave else telling.DIGEST,
            link=reverse("imports:import", args=[imported.pk]),
        )

"""What the page of an import shows: its reading, its progress, its report."""

from accounts.importers.files import CannotRead
from accounts.importers.reading import Reading
from accounts.importers.staging import READING
from accounts.imports import actions
from accounts.imports.forms import ReadingForm
from accounts.imports.preview import preview_of
from accounts.imports.sniffing import is_workbook
from accounts.imports.taking import progress
from accounts.imports.targets import targets
from accounts.models import LedgerImport
from firm.jobs import MAX_ATTEMPTS
from firm.models import Job

FIRST_REJECTED = 10
DIFFERENCES = 50
State = LedgerImport.State


def about(imported, form=None):
    """All that the page needs, by the import's state; `form` is one that was sent and is wrong."""
    target = targets()[imported.target]
    context = {
        "imported": imported,
        "target": target,
        "counts": counts_of(imported, target),
        "is_dry_run": imported.report.get("dry_run", False),
    }
    if imported.state == State.WAITING:
        context |= waiting(imported)
    if imported.state in actions.STARTABLE and imported.file:
        context |= desk(imported, target, form)
    if imported.report:
        context["different"] = imported.report.get("different", [])[:DIFFERENCES]
        first = imported.rejected_rows.order_by("row")[:FIRST_REJECTED]
        context["first_rejected"] = [(row, problems_of(row, target)) for row in first]
        context["open_rejected"] = imported.rejected_rows.filter(sent_again=None).count()
    return context


def problems_of(row, target):
    """What is wrong with a rejected row, by the labels of our columns."""
    labels = {column.name: column.label for column in target.columns}
    return [
        {**problem, "label": labels.get(problem.get("field"), problem.get("field", ""))}
        for problem in row.problems
    ]


def counts_of(imported, target):
    """The numbers of the report; those that are 0 only where a reader would miss them."""
    always = {"lines", "rows", "created", "rejected"}
    return [
        {"name": name, "label": label, "value": imported.report.get(name, 0)}
        for name, label in target.counts.items()
        if imported.report and (name in always or imported.report.get(name))
    ]


def desk(imported, target, form=None):
    """How the file is read, with its first rows as they are understood."""
    chosen = Reading.of(imported.reading)
    preview = preview_of(imported, chosen, target)
    form = form or ReadingForm(
        target=target, header=preview.header, reading=chosen, is_workbook=workbook(imported)
    )
    return {"form": form, "preview": preview}


def workbook(imported):
    try:
        return is_workbook(imported)
    except CannotRead:
        return False


def waiting(imported):
    job = actions.newest_job(imported)
    is_dead = job is None or job.state == Job.State.DEAD
    told = progress(imported)
    rows, percent = told.get("rows", 0), told.get("percent", 0)
    return {
        "job": job,
        "is_dead": is_dead,
        "most": MAX_ATTEMPTS,
        "trouble": job.error.strip().rpartition("\n")[2] if job else "",
        "told": told,
        "is_reading": told.get("step") == READING,
        "about": round(rows * 100 / percent, -2) if percent and percent < 100 else 0,
    }

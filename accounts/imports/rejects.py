"""Rejected rows as a file, and as a form to mend them in."""

import re

from accounts.export import csv_text, neutral
from accounts.models import LedgerImport
from firm.models import Export

CHUNK = 2000
CELL = re.compile(r"cell-(\d+)-(\d+)")


def rejected_csv(imported: LedgerImport, *, by):
    """Every rejected row with all its columns, its number and the reason, line by line."""
    kept = Export.objects.create(
        by=by,
        subject="rejected rows",
        file_format=Export.Format.CSV,
        query=f"import={imported.pk}",
    )
    names = header_of(imported)
    headings = [neutral(name) for name in (*names, "row", "reason")]
    return csv_text(headings, lines(imported, names, kept))


def header_of(imported: LedgerImport) -> list[str]:
    """The file's own columns; of an import of a command, those that its first row names."""
    first = imported.rejected_rows.first()
    return imported.header or (list(first.values) if first else [])


def lines(imported, names, kept):
    count = 0
    for row in imported.rejected_rows.order_by("row").iterator(CHUNK):
        reason = "; ".join(sentence(problem) for problem in row.problems)
        beyond = [row.values[name] for name in row.values if name not in names]
        cells = [row.values.get(name, "") for name in names]
        told = f"{reason} (+ {', '.join(map(str, beyond))})" if beyond else reason
        yield [neutral(cell) for cell in (*cells, row.row, told)]
        count += 1
    Export.objects.filter(pk=kept.pk).update(rows=count)


def sentence(problem: dict) -> str:
    parts = (problem.get("field", ""), problem.get("value", ""), problem.get("message", ""))
    return " ".join(filter(None, map(str, parts)))


def form_rows(imported: LedgerImport, page):
    """Rejected rows with a cell for each column that is read, what is wrong beside its cell."""
    columns = imported.reading.get("columns") or {name: name for name in header_of(imported)}
    places = {name: at for at, name in enumerate(header_of(imported))}
    for row in page:
        why: dict[str, list[str]] = {}
        for problem in row.problems:
            why.setdefault(problem.get("field", ""), []).append(problem.get("message", ""))
        cells = [
            {
                "name": f"cell-{row.pk}-{places[theirs]}",
                "label": theirs,
                "value": row.values.get(theirs, ""),
                "problem": " ".join(why.pop(ours, [])),
            }
            for ours, theirs in sorted(columns.items(), key=lambda pair: places.get(pair[1], 0))
            if theirs in places
        ]
        rest = [message for messages in why.values() for message in messages]
        yield {"row": row, "cells": cells, "problem": " ".join(rest)}


def mended(imported: LedgerImport, posted) -> dict[int, dict[str, str]]:
    """The cells that somebody changed, by the row's key and the file's own column."""
    names = header_of(imported)
    sent: dict[int, dict[str, str]] = {}
    for key, value in posted.items():
        if (found := CELL.fullmatch(key)) and int(found[2]) < len(names):
            sent.setdefault(int(found[1]), {})[names[int(found[2])]] = value
    stored = dict(imported.rejected_rows.filter(pk__in=sent).values_list("pk", "values"))
    return {
        pk: cells
        for pk, cells in sent.items()
        if pk in stored and any(value != stored[pk].get(name, "") for name, value in cells.items())
    }

"""The first rows of a file as they would be understood."""

from dataclasses import dataclass, field

from accounts.importers.files import CannotRead
from accounts.importers.reading import Reading
from accounts.importers.staging import turned, width_problem
from accounts.imports.sniffing import dates_of, first_rows, is_open
from accounts.imports.targets import Column, Target
from accounts.models import LedgerImport
from firm.templatetags.figures import full_day, plain

SHOWN = 12


@dataclass
class Cell:
    """A value as understood, what stood in the file, and why it cannot be taken."""

    kind: str
    text: str
    sent: str
    problem: str = ""


@dataclass
class Preview:
    """The header, the first rows by our columns, and what keeps the file from being read."""

    header: list[str] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    missing: list[Column] = field(default_factory=list)
    rows: list[dict] = field(default_factory=list)
    error: str = ""
    days_are_open: bool = False

    @property
    def is_ready(self) -> bool:
        return not self.error and not self.missing


def preview_of(imported: LedgerImport, reading: Reading, target: Target) -> Preview:
    """Read the beginning of the file as the engine would."""
    try:
        header, rows = first_rows(imported, reading, SHOWN)
    except CannotRead as error:
        return Preview(error=str(error))
    found = Preview(header=header)
    places = {}
    for column in target.columns:
        theirs = reading.columns.get(column.name) or ""
        if theirs in header:
            places[column.name] = header.index(theirs)
            found.columns.append(column)
        elif column.is_required:
            found.missing.append(column)
    if not found.missing:
        reader = RowReader(target, reading, found, places)
        found.rows = [reader.read(n, row) for n, row in enumerate(rows, start=2)]
        days = [places[column.name] for column in found.columns if column.kind == "day"]
        sent = [row[place] for row in rows for place in days if place < len(row)]
        found.days_are_open = is_open(sent) and not dates_of(sent)
    return found


class RowReader:
    """Reads rows as staging does: turns their values, and checks them."""

    def __init__(self, target: Target, reading: Reading, preview: Preview, places: dict[str, int]):
        # In the order in which the engine names its columns.
        self.names = tuple(column.name for column in preview.columns)
        self.columns, self.places, self.width = preview.columns, places, len(preview.header)
        turns = reading.turns(target.kinds)
        self.turns = [(at, turns[name]) for at, name in enumerate(self.names) if name in turns]
        self.check = target.check(self.names)

    def read(self, n: int, row: list[str]) -> dict:
        if len(row) != self.width:
            return {"n": n, "cells": [], "problem": width_problem(row, self.width)["message"]}
        sent = [row[self.places[name]].strip() for name in self.names]
        values = list(sent)
        problems = turned(values, self.turns, self.names, self.check)
        why = {problem["field"]: problem["message"] for problem in problems}
        cells = [
            Cell(
                column.kind,
                told(column.kind, value, why.get(column.name)),
                was,
                why.get(column.name, ""),
            )
            for column, value, was in zip(self.columns, values, sent, strict=True)
        ]
        rest = [text for name, text in why.items() if name not in self.names]
        return {"n": n, "cells": cells, "problem": " ".join(rest)}


def told(kind: str, value: str, problem: str | None) -> str:
    """A value in words that leave nothing open: a day with the name of its month."""
    if problem or not value:
        return value
    if kind == "day":
        return full_day(value)
    return plain(value, "free") if kind in ("amount", "whole") else value

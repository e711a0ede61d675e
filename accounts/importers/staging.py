"""Rows of a file on their way to a temporary table: checked one by one, copied in blocks."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.importers import bounds, shapes
from accounts.importers.files import Table
from accounts.models import LedgerImport, RejectedRow
from accounts.sql import run_file

BLOCK = 1 << 18
LISTED = 1000
LISTED_SIZE = 1 << 24

Problems = list[dict[str, str]]
Check = Callable[[list[str]], Problems]
# Hears of the step that an import has come to, and of the rows that are read.
Tell = Callable[[str, int], None]
READING, STORING = "reading", "storing"


def nobody(step: str, rows: int) -> None:
    """Who hears of an import that nobody watches."""


@dataclass(frozen=True)
class Way:
    """How an import goes: `strict` stores nothing where a row is rejected, `dry_run` stores
    nothing at all, `tell` hears how far it came. `reread` gives rows of the file by their
    numbers, whole."""

    strict: bool = False
    dry_run: bool = False
    tell: Tell = nobody
    reread: Callable[[set[int]], Iterator[tuple[int, dict[str, str]]]] | None = None

    def stores_nothing(self, rejected: int) -> bool:
        return self.dry_run or bool(self.strict and rejected)


def stage(
    cursor,
    table: Table,
    columns: tuple[str, ...],
    check: Callable[[tuple[str, ...]], Check],
    *,
    kept: tuple[str, ...] = (),
    tell: Tell = nobody,
) -> None:
    """Copy `table` into the temporary table `stage`, whose columns are n, `columns`,
    problems and raw.

    `check` makes, for those of `columns` that the file has, a function that gives what is wrong
    with a row's values in that order. Of a row with problems only the values of `kept` are
    staged, and the whole of it as raw JSON. `tell` hears how many rows are read.
    """
    present = tuple(name for name in columns if name in table.positions)
    with cursor.copy(
        "COPY stage (n, {}, problems, raw) FROM STDIN (NULL '')".format(", ".join(present))
    ) as copy:
        for block, rows in blocks(table, present, check(present), kept):
            copy.write(block)
            tell(READING, rows)
    cursor.execute("ANALYZE stage")


def blocks(table, columns, check, kept) -> Iterator[tuple[str, int]]:
    """The rows as text for COPY, in pieces of bounded size, and how many were read so far.

    The hot loop of every import.
    """
    width = len(table.header)
    places = [table.positions[name] for name in columns]
    turns = [(at, table.turns[name]) for at, name in enumerate(columns) if name in table.turns]
    tabs = len(columns) + 2
    held: list[str] = []
    size = n = 0
    for n, row in enumerate(table.rows, start=2):
        if not any(row):
            continue
        if len(row) == width:
            values = [row[place].strip() for place in places]
            problems = turned(values, turns, columns, check) if turns else check(values)
        else:
            values, problems = [""] * len(columns), [width_problem(row, width)]
        if problems:
            raw = raw_row(table.header, row)
            line = rejected(n, columns, values, kept, problems, raw)
        else:
            line = f"{n}\t" + "\t".join(values) + "\t\t\n"
            if "\\" in line or "\r" in line or line.count("\t") != tabs or line.count("\n") > 1:
                line = f"{n}\t" + "\t".join(map(escaped, values)) + "\t\t\n"
        held.append(line)
        size += len(line)
        if size > BLOCK:
            yield "".join(held), n - 1
            held, size = [], 0
    yield "".join(held), max(n - 1, 0)


def turned(values: list[str], turns, columns: tuple[str, ...], check: Check) -> Problems:
    """Bring `values` into the engine's form, in place; say what is wrong with them."""
    problems = []
    for at, turn in turns:
        try:
            values[at] = turn(values[at])
        except ValueError as error:
            problems.append(shapes.problem(columns[at], values[at], str(error)))
    told = {problem["field"] for problem in problems}
    return [*problems, *(problem for problem in check(values) if problem["field"] not in told)]


def raw_row(header: list[str], row: list[str]) -> dict[str, str]:
    """All that a row holds, by the file's own names; what stands beyond them by its place, as
    far as tables go."""
    raw = dict(zip(header, row, strict=False))
    for place in range(len(header), min(len(row), bounds.COLUMNS)):
        raw[f"({place + 1})"] = row[place]
    return raw


def escaped(text: str) -> str:
    for raw, code in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, code)
    return text


def rejected(n, columns, values, kept, problems: Problems, raw: dict[str, str]) -> str:
    staged = [
        value[:64] if name in kept else "" for name, value in zip(columns, values, strict=True)
    ]
    told = [json.dumps(part).replace("\\u0000", " ") for part in (problems, raw)]
    return "\t".join([str(n), *map(escaped, [*staged, *told])]).replace("\0", "") + "\n"


def width_problem(row: list[str], width: int) -> dict[str, str]:
    return shapes.problem(
        "",
        str(len(row)),
        _("the row has %(here)d fields, the header %(width)d: check quotes and separators")
        % {"here": len(row), "width": width},
    )


def complete_rejected(cursor, way: Way) -> None:
    """Give rows that were rejected after they were staged all that the file says of them."""
    cursor.execute("SELECT n FROM stage WHERE problems IS NOT NULL AND raw IS NULL")
    judged = {n for (n,) in cursor}
    if judged and way.reread:
        cursor.execute("CREATE TEMP TABLE whole_row (n integer, raw text) ON COMMIT DROP")
        with cursor.copy("COPY whole_row (n, raw) FROM STDIN") as copy:
            for n, raw in way.reread(judged):
                copy.write_row((n, json.dumps(raw).replace("\\u0000", " ")))
    if judged:
        run_file(cursor, "accounts/rejected.sql", {"own": ["n", "problems", "raw", "is_changed"]})


def keep_rejected(cursor, imported: LedgerImport) -> None:
    """Store the rejected rows of the stage with their reasons."""
    RejectedRow.objects.filter(imported=imported).delete()
    cursor.execute(
        f"INSERT INTO {RejectedRow._meta.db_table} (imported_id, row, values, problems) "  # noqa: S608
        "SELECT %s, n, coalesce(raw, '{}'), problems FROM stage WHERE problems IS NOT NULL",
        [imported.pk],
    )


def rejected_rows(cursor) -> list[dict[str, Any]]:
    """The first rejected rows, as reports list them: so many, and no more than memory bears."""
    cursor.execute(
        """SELECT n, problems, raw
             FROM (
               SELECT n, problems, raw, sum(length(raw || problems)) OVER (ORDER BY n) AS size
                 FROM (
                   SELECT n, problems::text AS problems, coalesce(raw, '{}')::text AS raw
                     FROM stage
                    WHERE problems IS NOT NULL
                    ORDER BY n
                    LIMIT %s
                 ) AS first
             ) AS listed
            WHERE size <= %s
            ORDER BY n""",
        [LISTED, LISTED_SIZE],
    )
    return [
        {"row": n, "problems": json.loads(problems), "values": json.loads(raw)}
        for n, problems, raw in cursor
    ]

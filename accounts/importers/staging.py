"""Rows of a file on their way to a temporary table: checked one by one, copied in blocks."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.importers import shapes
from accounts.importers.files import Table

BLOCK = 1 << 18
LISTED = 1000

Problems = list[dict[str, str]]
Check = Callable[[list[str]], Problems]


def stage(
    cursor,
    table: Table,
    columns: tuple[str, ...],
    check: Callable[[tuple[str, ...]], Check],
    *,
    kept: tuple[str, ...] = (),
) -> None:
    """Copy `table` into the temporary table `stage`, whose columns are n, `columns`,
    problems and raw.

    `check` makes, for those of `columns` that the file has, a function that gives what is wrong
    with a row's values in that order. Of a row with problems only the values of `kept` are
    staged, and the whole of it as raw JSON.
    """
    present = tuple(name for name in columns if name in table.positions)
    with cursor.copy(
        "COPY stage (n, {}, problems, raw) FROM STDIN (NULL '')".format(", ".join(present))
    ) as copy:
        for block in blocks(table, present, check(present), kept):
            copy.write(block)
    cursor.execute("ANALYZE stage")


def blocks(table, columns, check, kept) -> Iterator[str]:
    """The rows as text for COPY, in pieces of bounded size. The hot loop of every import."""
    width = len(table.header)
    places = [table.positions[name] for name in columns]
    tabs = len(columns) + 2
    held: list[str] = []
    size = 0
    for n, row in enumerate(table.rows, start=2):
        if not any(row):
            continue
        if len(row) == width:
            values = [row[place].strip() for place in places]
            problems = check(values)
        else:
            values, problems = [""] * len(columns), [width_problem(row, width)]
        if problems:
            raw = dict(zip(table.header, row, strict=False))
            line = rejected(n, columns, values, kept, problems, raw)
        else:
            line = f"{n}\t" + "\t".join(values) + "\t\t\n"
            if "\\" in line or "\r" in line or line.count("\t") != tabs or line.count("\n") > 1:
                line = f"{n}\t" + "\t".join(map(escaped, values)) + "\t\t\n"
        held.append(line)
        size += len(line)
        if size > BLOCK:
            yield "".join(held)
            held, size = [], 0
    yield "".join(held)


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


def rejected_rows(cursor) -> list[dict[str, Any]]:
    """The first rejected rows, as reports list them."""
    cursor.execute(
        "SELECT n, problems::text, coalesce(raw, '{}')::text FROM stage "
        "WHERE problems IS NOT NULL ORDER BY n LIMIT %s",
        [LISTED],
    )
    return [
        {"row": n, "problems": json.loads(problems), "values": json.loads(raw)}
        for n, problems, raw in cursor
    ]

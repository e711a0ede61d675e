"""Turns lines of JSON into the table that the engine reads."""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.importers import bounds
from accounts.importers.bounds import CannotRead

Row = dict[str, Any]


def as_csv(stream: BinaryIO) -> BinaryIO:
    """The objects of `stream`, one a line, as CSV in an unnamed file, at its beginning.

    The columns are all names that any object has; numbers stay as they were written. The first
    object is row 2, as in a CSV. Raises CannotRead with the line that is no flat object.
    """
    names: dict[str, None] = {}
    for row in rows(stream):
        names |= dict.fromkeys(row)
        if len(names) > bounds.COLUMNS:
            raise CannotRead(_("The lines have more different names than any table has columns."))
    if not names:
        raise CannotRead(_("The body holds no line."))
    stream.seek(0)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - it is the caller's
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(names)
    for row in rows(stream):
        writer.writerow([cell(row.get(name)) for name in names])
        if file.tell() > settings.IMPORT_UNPACKED_BYTES:
            raise bounds.too_large()
    text.detach()
    file.seek(0)
    return file


def rows(stream: BinaryIO) -> Iterator[Row]:
    number = 0
    while line := stream.readline(bounds.ROW + 1):
        number += 1
        if len(line) > bounds.ROW:
            raise bounds.row_too_long()
        if line.strip():
            yield row_of(line, number)


def row_of(line: bytes, number: int) -> Row:
    try:
        row = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        row = None
    if not isinstance(row, dict) or any(isinstance(value, list | dict) for value in row.values()):
        raise CannotRead(
            _("Line %(number)d is no JSON object with plain values.") % {"number": number}
        )
    return row


def cell(value: Any) -> str:
    """A value as a CSV holds it; text that UTF-8 cannot hold is marked, and then judged."""
    if value is None:
        return ""
    return str(value).encode("utf-8", "replace").decode()

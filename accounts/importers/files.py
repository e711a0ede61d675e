"""Reads tables: CSV with comma, semicolon or tab, the same gzipped, and XLSX."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

import python_calamine
from django.utils.translation import gettext as _

csv.field_size_limit(1 << 20)


class CannotRead(Exception):
    """The file as a whole cannot be taken; the message says why and what to do."""


@dataclass
class Table:
    """A header, the position of each known column, and the rows beneath as lists of text."""

    header: list[str]
    rows: Iterator[list[str]]
    positions: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    def settle(self, known: tuple[str, ...], required: tuple[str, ...]) -> "Table":
        """Find the known columns. Raises CannotRead where one is missing or stands twice."""
        names = [name.strip().lower() for name in self.header]
        for name in known:
            if names.count(name) > 1:
                raise CannotRead(_("The column %(name)s stands twice.") % {"name": name})
            if name in names:
                self.positions[name] = names.index(name)
        missing = [name for name in required if name not in names]
        if missing:
            raise CannotRead(
                _("The file lacks the columns %(missing)s. It has: %(header)s.")
                % {"missing": ", ".join(missing), "header": ", ".join(self.header)}
            )
        self.ignored = [name for name in self.header if name.strip().lower() not in known]
        return self


def read_table(stream: BinaryIO) -> Table:
    """A table from an open binary stream; its kind is told by its first bytes.

    Raises CannotRead for a file that is empty, not UTF-8 or not a table.
    """
    rows = readable(stream)
    header = next(rows, None)
    if not header:
        raise CannotRead(_("The file is empty: its first line names the columns."))
    return Table(header, rows)


def readable(stream: BinaryIO) -> Iterator[list[str]]:
    """The rows of `stream`, with every way in which reading can fail told in words."""
    try:
        yield from any_rows(stream)
    except UnicodeDecodeError as error:
        raise CannotRead(_("The file is not UTF-8: save it as CSV UTF-8.")) from error
    except csv.Error as error:
        raise CannotRead(_("The file is no CSV: %(reason)s.") % {"reason": error}) from error
    except (EOFError, OSError, zlib.error) as error:
        raise CannotRead(_("The file is cut short or damaged: send it again.")) from error


def any_rows(stream):
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)
    start = buffered.peek(4)[:4]
    if start[:2] == b"\x1f\x8b":
        yield from any_rows(gzip.GzipFile(fileobj=buffered))
    elif start == b"PK\x03\x04":
        yield from xlsx_rows(buffered)
    else:
        yield from csv_rows(buffered)


def csv_rows(stream):
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
    try:
        first = text.readline()
        separator = max(",;\t", key=first.count)
        yield from csv.reader([first], delimiter=separator)
        yield from csv.reader(text, delimiter=separator)
    finally:
        # The stream is the caller's to close.
        text.detach()


def xlsx_rows(stream):
    try:
        book = python_calamine.load_workbook(io.BytesIO(stream.read()))
    except (python_calamine.CalamineError, ValueError) as error:
        raise CannotRead(_("The file is no readable XLSX workbook.")) from error
    for row in book.get_sheet_by_index(0).to_python(skip_empty_area=True):
        yield [cell_text(cell) for cell in row]


def cell_text(cell) -> str:
    """A workbook's cell as the text that a CSV would hold: 1.0 is `1`, a date is ISO."""
    if isinstance(cell, float):
        # A workbook keeps 15 digits; what stands behind them is the machine's, not the sender's.
        return f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)

"""Reads tables: CSV with comma, semicolon or tab, the same gzipped, and XLSX."""

import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

import python_calamine
from django.utils.translation import gettext as _

from accounts.importers import bounds
from accounts.importers.bounds import CannotRead
from accounts.importers.reading import Reading, Turn

__all__ = ["CannotRead", "Table", "read_table"]

csv.field_size_limit(bounds.CELL)
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


@dataclass
class Table:
    """A header, the position of each known column, and the rows beneath as lists of text."""

    header: list[str]
    rows: Iterator[list[str]]
    reading: Reading | None = None
    positions: dict[str, int] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    turns: dict[str, Turn] = field(default_factory=dict)

    def settle(
        self,
        known: tuple[str, ...],
        required: tuple[str, ...],
        kinds: dict[str, str] | None = None,
    ) -> "Table":
        """Find the known columns. Raises CannotRead where one is missing or stands twice."""
        if self.reading:
            self.turns = self.reading.turns(kinds or {})
        if self.reading and self.reading.columns:
            self.map_columns(known)
        else:
            self.find_columns(known)
        missing = [name for name in required if name not in self.positions]
        if missing:
            raise CannotRead(
                _("The file lacks the columns %(missing)s. It has: %(header)s.")
                % {"missing": ", ".join(missing), "header": shortened(self.header)}
            )
        return self

    def find_columns(self, known: tuple[str, ...]) -> None:
        names = [name.strip().lower() for name in self.header]
        for name in known:
            if names.count(name) > 1:
                raise CannotRead(_("The column %(name)s stands twice.") % {"name": name})
            if name in names:
                self.positions[name] = names.index(name)
        self.ignored = [name for name in self.header if name.strip().lower() not in known]

    def map_columns(self, known: tuple[str, ...]) -> None:
        chosen = {ours: theirs for ours, theirs in self.reading.columns.items() if theirs}
        for ours, theirs in chosen.items():
            if ours in known and theirs in self.header:
                self.positions[ours] = self.header.index(theirs)
        taken = set(chosen.values())
        self.ignored = [name for name in self.header if name not in taken]


def shortened(header: list[str]) -> str:
    """The names of a header, as many as a sentence bears."""
    text = ", ".join(header[:50])
    return text if len(text) <= 500 else f"{text[:500]}…"


def read_table(stream: BinaryIO, reading: Reading | None = None) -> Table:
    """A table from an open binary stream; its kind is told by its first bytes.

    Raises CannotRead for a file that is empty, in another encoding or not a table.
    """
    rows = readable(stream, reading or Reading())
    header = next(rows, None)
    if not header:
        raise CannotRead(_("The file is empty: its first line names the columns."))
    if len(header) > bounds.COLUMNS:
        raise CannotRead(_("The file has more columns than any table: check the separator."))
    if reading:
        header = single(header)
    return Table(header, rows, reading)


def single(header: list[str]) -> list[str]:
    """The header with each name once: a mapping speaks of columns by their names."""
    found: list[str] = []
    for place, name in enumerate(header, start=1):
        plain = " ".join(name.replace("\0", " ").split()) or f"({place})"
        found.append(f"{plain} ({place})" if plain in found else plain)
    return found


def readable(stream: BinaryIO, reading: Reading) -> Iterator[list[str]]:
    """The rows of `stream`, with every way in which reading can fail told in words."""
    try:
        yield from any_rows(stream, reading)
    except UnicodeError as error:
        if reading.encoding == "utf-8-sig":
            raise CannotRead(_("The file is not UTF-8: save it as CSV UTF-8.")) from error
        raise CannotRead(
            _("The file is not written in %(encoding)s: choose another encoding.")
            % {"encoding": reading.encoding}
        ) from error
    except csv.Error as error:
        raise CannotRead(_("The file is no CSV: %(reason)s.") % {"reason": error}) from error
    except (EOFError, OSError, zlib.error) as error:
        raise CannotRead(_("The file is cut short or damaged: send it again.")) from error


def any_rows(stream, reading):
    # The stream is the caller's to close: what stands on it here never does.
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(bounds.Bounded(stream))
    start = buffered.peek(4)[:4]
    if start[:2] == b"\x1f\x8b":
        buffered = io.BufferedReader(bounds.Bounded(gzip.GzipFile(fileobj=buffered)), 1 << 16)
        start = buffered.peek(4)[:4]
    if start == b"PK\x03\x04":
        yield from xlsx_rows(buffered, reading)
    elif start == OLD_WORKBOOK:
        raise CannotRead(_("This is an old Excel workbook: save it as XLSX or CSV."))
    else:
        yield from csv_rows(buffered, reading)


def csv_rows(stream, reading):
    bounded = bounds.Bounded(stream, is_table=True)
    text = io.TextIOWrapper(
        io.BufferedReader(bounded, 1 << 16), encoding=reading.encoding, newline=""
    )
    first = text.readline()
    if "\0" in first:
        raise CannotRead(_("The file is no table: send CSV, the same gzipped, or XLSX."))
    separator = reading.separator or separator_of(first)
    yield next(csv.reader([first], delimiter=separator), None)
    for row in csv.reader(text, delimiter=separator):
        bounded.mark = bounded.taken
        yield row


def separator_of(line: str) -> str:
    return max(",;\t", key=line.count)


def xlsx_rows(stream, reading):
    content = bounds.check_workbook(stream)
    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheet = book.get_sheet_by_index(0)
    except (python_calamine.CalamineError, ValueError, IndexError) as error:
        raise CannotRead(_("The file is no readable XLSX workbook.")) from error
    # A table may stand lower on its sheet.
    above = sheet.start[0] if sheet.start else 0
    for row in itertools.islice(sheet.iter_rows(), above, None):
        yield [cell_text(cell, reading.decimal) for cell in row]


def cell_text(cell, decimal: str = "") -> str:
    """A workbook's cell as the text that a CSV would hold: 1.0 is `1`, a date is ISO."""
    if isinstance(cell, float):
        # A workbook keeps 15 digits; what stands behind them is the machine's, not the sender's.
        text = f"{cell:.15g}"
        return text.replace(".", ",") if decimal == "," else text
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)

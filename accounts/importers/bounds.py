"""What no honest file is: bounds that keep a hostile one from filling the memory."""

import io
import re
import zipfile
import zlib

from django.conf import settings
from django.utils.translation import gettext as _

# One row of a CSV, however many lines its quotes span; and the columns of a header.
ROW = 1 << 22
CELL = 1 << 20
COLUMNS = 1000
# A workbook is read whole: its parts unpacked, and the cells between its first and its last.
PACKED = 1 << 26
UNPACKED = 1 << 28
CELLS = 4_000_000
TAGS = 8_000_000
PARTS = 10_000

ELEMENT = re.compile(rb"<(?:\w+:)?(row|c)(?=[\s/>])([^>]*)>")
PLACE = re.compile(rb"\br\s*=\s*[\"']\s*([A-Za-z]*)(\d+)")


class CannotRead(Exception):
    """The file as a whole cannot be taken; the message says why and what to do."""


def too_large() -> CannotRead:
    return CannotRead(_("The file is too large unpacked: send it in parts."))


def row_too_long() -> CannotRead:
    return CannotRead(
        _("A row is longer than any row of a table: check quotes, separator and encoding.")
    )


class Bounded(io.RawIOBase):
    """Reads on, and refuses a stream that is endless.

    Where `is_table`, whoever takes rows from it marks each; one that goes on and on, whether in
    one line or over many, is refused too.
    """

    def __init__(self, stream, *, is_table=False):
        self.stream, self.is_table = stream, is_table
        self.taken = self.mark = 0

    def readable(self):
        return True

    def readinto(self, buffer):
        block = self.stream.read(len(buffer))
        self.taken += len(block)
        if self.taken > settings.IMPORT_UNPACKED_BYTES:
            raise too_large()
        if self.is_table and self.taken - self.mark > ROW:
            raise row_too_long()
        buffer[: len(block)] = block
        return len(block)


def check_workbook(stream: io.BufferedIOBase) -> bytes:
    """The bytes of a workbook that is safe to be read whole.

    What its directory declares is not trusted: every part is unpacked once and thrown away.
    """
    content = stream.read(PACKED + 1)
    if len(content) > PACKED:
        raise CannotRead(_("The workbook is too large: save it as CSV."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = book.infolist()
            declared = sum(part.file_size for part in parts)
            if len(parts) > PARTS or declared > UNPACKED:
                raise CannotRead(_("The workbook is too large unpacked: save it as CSV."))
            left = UNPACKED
            for part in parts:
                left -= unpacked(book, part, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
        raise CannotRead(_("The file is no readable XLSX workbook.")) from error
    return content


def unpacked(book: zipfile.ZipFile, part: zipfile.ZipInfo, left: int) -> int:
    """The true size of a part. Raises CannotRead where it, or a sheet's area, is too large."""
    is_sheet = "sheet" in part.filename.lower() and part.filename.lower().endswith(".xml")
    area, size, tags, tail = Area(), 0, 0, b""
    # The stream ends where it ends, not where the directory says.
    part.file_size = left + 1
    with book.open(part) as opened:
        while block := opened.read(1 << 16):
            size += len(block)
            tags += 0 if is_sheet else block.count(b"<")
            if size > left or tags > TAGS:
                raise CannotRead(_("The workbook is too large unpacked: save it as CSV."))
            if is_sheet:
                tail = area.take(tail + block)
    return size


class Area:
    """How many cells lie between the first and the last of a sheet, whatever they hold."""

    def __init__(self):
        self.rows = self.columns = self.row = self.column = self.cells = 0

    def take(self, xml: bytes) -> bytes:
        """Look at some XML; give back the element that it breaks off in."""
        for name, attributes in ELEMENT.findall(xml):
            place = PLACE.search(attributes)
            if name == b"row":
                self.row = int(place[2][:9]) if place else self.row + 1
                self.column = 0
            else:
                self.cells += 1
                self.column = column_number(place[1]) if place else self.column + 1
                self.row = int(place[2][:9]) if place else self.row
            self.rows = max(self.rows, self.row)
            self.columns = max(self.columns, self.column)
        rest = xml[xml.rfind(b"<") :] if b"<" in xml else b""
        if b">" in rest:
            rest = b""
        if max(self.rows * self.columns, self.cells) > CELLS or len(rest) > CELL:
            raise CannotRead(
                _(
                    "The workbook's sheet spans too many cells: save it as CSV, or delete what "
                    "stands far from the table."
                )
            )
        return rest


def column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number

"""Guesses how a file is to be read, and remembers how the last one of its source was."""

import codecs
import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from accounts.importers.files import CannotRead, read_table
from accounts.importers.reading import AMOUNT_FORMS, DAY, SEPARATORS, TIME, Reading
from accounts.imports.taking import opened
from accounts.imports.targets import Target, targets
from accounts.models import LedgerImport

HEAD = 1 << 18
ROWS = 200
LINES = 30
WORKBOOK = b"PK\x03\x04"


def propose(imported: LedgerImport) -> tuple[Reading, LedgerImport | None]:
    """How the file seems to be meant, and the import whose reading was remembered for it."""
    target = targets()[imported.target]
    head = head_of(imported)
    encoding, separator, is_sure = "utf-8-sig", "", True
    if head[:4] != WORKBOOK:
        encoding, is_sure = encoding_of(head)
        separator = separator_of(head.decode(encoding, errors="replace"))
    form = Reading(encoding=encoding, separator=separator)
    last = last_of_source(imported)
    if last:
        known = Reading.of(last.reading)
        kept = {"encoding": encoding if is_sure else known.encoding, "separator": separator}
        remembered = Reading.of(known.as_dict() | kept)
        if set(filter(None, known.columns.values())) <= set(header_in(imported, remembered)):
            return remembered, last
    try:
        return guess(imported, form, target), None
    except CannotRead:
        return form, None


def last_of_source(imported: LedgerImport) -> LedgerImport | None:
    """The newest import of the same source and target that somebody started."""
    same = LedgerImport.objects.filter(source=imported.source_id, target=imported.target)
    started = same.exclude(state=LedgerImport.State.DRAFT).exclude(pk=imported.pk)
    return started.exclude(reading={}).order_by("-pk").first()


def header_in(imported: LedgerImport, reading: Reading) -> list[str]:
    """The names of the file's columns as `reading` has them; none where it cannot be read."""
    try:
        return first_rows(imported, reading, 0)[0]
    except CannotRead:
        return []


def first_rows(imported: LedgerImport, reading: Reading, count: int):
    """The header and the first rows that hold anything. Raises CannotRead."""
    with opened(imported) as stream:
        table = read_table(stream, reading)
        return table.header, list(islice((row for row in table.rows if any(row)), count))


def guess(imported: LedgerImport, form: Reading, target: Target) -> Reading:
    """Columns by their names, the decimal mark and the order of days by what stands there."""
    header, rows = first_rows(imported, form, ROWS)
    columns = columns_of(header, target)
    values: dict[str, list[str]] = {"amount": [], "day": []}
    for column in target.columns:
        if column.name in columns and column.kind in values:
            place = header.index(columns[column.name])
            values[column.kind] += [row[place].strip() for row in rows if place < len(row)]
    return Reading(
        encoding=form.encoding,
        separator=form.separator,
        decimal=decimal_of(values["amount"]) or ("," if form.separator == ";" else "."),
        dates=dates_of(values["day"]) or "dmy",
        columns=columns,
    )


# --- the form ----------------------------------------------------------------------------------


def is_workbook(imported: LedgerImport) -> bool:
    """Whether the file is XLSX, where encoding and separator mean nothing."""
    return head_of(imported)[:4] == WORKBOOK


def head_of(imported: LedgerImport) -> bytes:
    """What a file begins with, unpacked. Raises CannotRead where it is gone."""
    with opened(imported) as stream:
        head = stream.read(HEAD)
    if head[:2] != b"\x1f\x8b":
        return head
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(head)).read1(HEAD)
    except (EOFError, OSError, zlib.error):
        return b""


def encoding_of(head: bytes) -> tuple[str, bool]:
    """The encoding of a text by what it begins with, and whether that is sure."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16", True
    high = bytes(byte for byte in head if byte > 0x7F)
    if not high:
        return "utf-8-sig", False
    if fits(head, "utf-8-sig"):
        return "utf-8-sig", True
    return eight_bits(head, high), False


def fits(head: bytes, encoding: str) -> bool:
    """Whether a text may begin so in this encoding; its last character may be cut."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def eight_bits(head: bytes, high: bytes) -> str:
    """Which of the old encodings it may be: letters stand in other places in each."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", head)]
    if sum(runs) < 2 * len(runs):
        return "windows-1252"
    small = sum(byte >= 0xE0 for byte in high) / len(high)
    large = sum(0xC0 <= byte < 0xE0 for byte in high) / len(high)
    if small > 0.6:
        return "windows-1251"
    if large > 0.6:
        return "koi8-r"
    return "gb18030" if fits(head, "gb18030") else "windows-1251"


def separator_of(text: str) -> str:
    """The mark that parts the first lines into equally many columns, and into most."""
    lines = text.splitlines()[:LINES]

    def fit(mark: str) -> tuple[int, int]:
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=mark) if row]
        except csv.Error:
            return 0, 0
        first = widths[0] if widths else 1
        return (widths.count(first) if first > 1 else 0), first

    return max(SEPARATORS, key=fit)


# --- the columns -------------------------------------------------------------------------------


def columns_of(header: list[str], target: Target) -> dict[str, str]:
    """The file's column for each of ours, by our own name first, then by what others call it."""
    free = {plain(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for own in (True, False):
        for column in target.columns:
            if column.name in found:
                continue
            asked = [column.name] if own else [*column.known_as, str(column.label)]
            for name in map(plain, asked):
                if name in free:
                    found[column.name] = free.pop(name)
                    break
    return found


def plain(name: str) -> str:
    """A name without case, accents, marks and white space."""
    flat = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in flat if letter.isalnum())


# --- the values --------------------------------------------------------------------------------


def decimal_of(values: Iterable[str]) -> str:
    """The decimal mark that the amounts show; none where each could be read either way."""
    votes: Counter[str] = Counter()
    for value in values:
        fits = [
            mark
            for mark, form in AMOUNT_FORMS.items()
            if form.fullmatch(value.strip("+-−()€$£¥₽ \u00a0"))
        ]
        if len(fits) == 1 and not value.isdecimal():
            votes[fits[0]] += 1
    return votes.most_common(1)[0][0] if votes else ""


def dates_of(values: Iterable[str]) -> str:
    """The order of days that fits most; none where each could be read either way.

    A year in front is understood in every order, and says nothing of the other days.
    """
    votes: Counter[str] = Counter()
    for value in values:
        found = DAY.fullmatch(TIME.sub("", value))
        if not found:
            votes["ymd"] += len(value) == 8 and value.isdecimal()
        elif len(found[1]) == 4:
            votes["ymd"] += 1
        else:
            votes["either"] += 1
            votes["dmy"] += int(found[1]) > 12
            votes["mdy"] += int(found[3]) > 12
    if votes["dmy"] or votes["mdy"]:
        return "dmy" if votes["dmy"] >= votes["mdy"] else "mdy"
    return "ymd" if votes["ymd"] and not votes["either"] else ""


def is_open(values: Iterable[str]) -> bool:
    """Whether a day of these could be read either way."""
    for value in values:
        found = DAY.fullmatch(TIME.sub("", value))
        if found and len(found[1]) <= 2 and int(found[1]) <= 12 and int(found[3]) <= 12:
            return True
    return False

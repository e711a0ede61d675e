"""A hostile file ends in a sentence, quickly, and in little memory."""

import gzip
import io
import struct
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from accounts.importers import bounds
from accounts.importers.files import CannotRead, read_table
from accounts.imports.sniffing import propose
from accounts.models import LedgerEntry, LedgerImport
from tests.imports.conftest import send, take
from tests.ledgers import HEADER

MEGABYTE = 1 << 20
State = LedgerImport.State


def sheet_of(xml, **parts):
    """A workbook whose only sheet is `xml`."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file)
    book.add_worksheet().write(0, 0, "x")
    book.close()
    packed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, xml if is_sheet else old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return packed.getvalue()


def sheet(cells):
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/'
        f'spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    )


def lying(content):
    """The same archive, whose directory declares every part to be small."""
    content = bytearray(content)
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = struct.pack("<I", 10)
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


FAR = sheet(
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
)
FAR_PREFIXED = sheet("<x:row r = '1048576'><x:c r = 'XFD1048576'><x:v>1</x:v></x:c></x:row>")
# Made when asked for: some of them are large.
HOSTILE = {
    "a gzip bomb": (
        lambda: gzip.compress(b"account_ref,b\n" + b"\n" * (30 * MEGABYTE)),
        "too large unpacked",
    ),
    "a gzip of one endless line": (
        lambda: gzip.compress(b"a" * (30 * MEGABYTE)),
        "longer than any row",
    ),
    "a cell of 50 MB": (
        lambda: b"account_ref,b\n1," + b"x" * (50 * MEGABYTE),
        "longer than any row",
    ),
    "a quoted cell of 50 MB": (
        lambda: b'account_ref,b\n1,"' + b"x\n" * (25 * MEGABYTE) + b'"\n',
        "longer than any row|field larger",
    ),
    "a row of endless lines": (
        lambda: b"account_ref,b\n" + b'"a\n",' * (5 * MEGABYTE) + b"\n",
        "longer than any row|field larger",
    ),
    "ten million columns": (lambda: b"," * (10 * MEGABYTE) + b"\n1\n", "longer than any row"),
    "two million columns": (lambda: b"," * (2 * MEGABYTE) + b"\n1\n", "more columns"),
    "NUL bytes": (lambda: b"\0" * MEGABYTE, "no table|lacks"),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + b"\0" * 4096, "old Excel"),
    "an archive that is no workbook": (lambda: b"PK\x03\x04" + b"\0" * 4096, "no readable XLSX"),
    "a workbook that is vast unpacked": (
        lambda: sheet_of(sheet("<row><c><v>" + " " * (300 * MEGABYTE) + "</v></c></row>")),
        "too large unpacked",
    ),
    "a workbook that lies about its size": (
        lambda: lying(sheet_of(sheet("<row><c><v>" + " " * (300 * MEGABYTE) + "</v></c></row>"))),
        "too large unpacked|no readable XLSX",
    ),
    "two cells at the ends of a sheet": (lambda: sheet_of(FAR), "too many cells"),
    "the same, written oddly": (lambda: sheet_of(FAR_PREFIXED), "too many cells"),
    "an archive of a hundred thousand parts": (
        lambda: sheet_of(sheet(""), **{f"p{n}": "" for n in range(bounds.PARTS + 1)}),
        "too large unpacked",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_words_and_little_memory(settings, name):
    settings.IMPORT_UNPACKED_BYTES = 20 * MEGABYTE
    if "gzip" not in name:
        settings.IMPORT_UNPACKED_BYTES = 1024 * MEGABYTE
    make, message = HOSTILE[name]
    content = make()
    tracemalloc.start()
    try:
        with pytest.raises(CannotRead, match=message):
            for _row in (
                read_table(io.BytesIO(content)).settle(("account_ref",), ("account_ref",)).rows
            ):
                pass
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 160 * MEGABYTE


def test_an_external_entity_is_not_fetched():
    xml = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
        + sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>&e;</t></is></c></row>')[21:]
    )
    try:
        table = read_table(io.BytesIO(sheet_of(xml)))
        text = " ".join([*table.header, *(cell for row in table.rows for cell in row)])
    except CannotRead as error:
        text = str(error)
    assert "root:" not in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["a gzip bomb", "a cell of 50 MB", "two cells at the ends of a sheet", "NUL bytes"]
)
def test_the_desk_fails_it_with_the_reason(settings, name):
    settings.IMPORT_UNPACKED_BYTES = 20 * MEGABYTE
    imported = send(HOSTILE[name][0]())
    propose(imported)

    take(imported)

    assert imported.state == State.FAILED
    assert imported.error


@pytest.mark.django_db
def test_a_nul_and_digits_of_other_scripts_reject_their_row_alone():
    imported = send(
        f"{HEADER}\nK1,2024-02-29,1,,EUR,A\0B,1\nK1,2024-02-29,١٢,,EUR,C,1\nK1,2024-02-29,5,,EUR,D,1\n"
    )

    take(imported, accept_rejected=True)

    assert imported.state == State.DONE
    assert imported.report["rejected"] == 2
    assert LedgerEntry.objects.count() == 1


def test_a_part_that_is_cut_is_refused():
    content = sheet_of(sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    broken = content[: len(content) // 2]
    with pytest.raises(CannotRead):
        read_table(io.BytesIO(broken))

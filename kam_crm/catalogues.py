"""Catalogues by Babel alone, without gettext's programs.

python -m kam_crm.catalogues FILE... compiles each .po into the .mo beside it.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize


def templates(file, keywords, comment_tags, options):
    """Babel's extraction method for Django's templates."""
    source = templatize(file.read().decode())
    # Blanked-out markup is no Python: its lines stand anyhow indented.
    lines = "\n".join(line.lstrip() for line in source.splitlines())
    yield from extract_python(BytesIO(lines.encode()), keywords, comment_tags, options)


def compile_catalogue(path: Path) -> None:
    with path.open("rb") as source, path.with_suffix(".mo").open("wb") as target:
        write_mo(target, read_po(source))


if __name__ == "__main__":
    for name in sys.argv[1:]:
        compile_catalogue(Path(name))

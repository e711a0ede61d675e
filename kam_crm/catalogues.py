"""Extracts what people read from templates, by Babel alone: no gettext programs are needed."""

from io import BytesIO

from babel.messages.extract import extract_python
from django.utils.translation.template import templatize


def templates(file, keywords, comment_tags, options):
    """Babel's extraction method for Django's templates."""
    source = templatize(file.read().decode())
    # Blanked-out markup is no Python: its lines stand anyhow indented.
    lines = "\n".join(line.lstrip() for line in source.splitlines())
    yield from extract_python(BytesIO(lines.encode()), keywords, comment_tags, options)

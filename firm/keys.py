"""Keys of rows, as people and programs send them."""

# A key of the database has no more; a longer text is not even read.
DIGITS = 18


def as_key(text: str | None) -> int | None:
    """The key that `text` writes; None where it writes none."""
    fits = text and text.isdecimal() and len(text) <= DIGITS
    return int(text) if text and fits else None

"""What a search finds, whichever room it is in."""

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Hit:
    """One line of the answer. `mark` is a segment and its word; `keys` lead there as well."""

    label: str | Promise
    url: str
    icon: str
    note: str = ""
    mark: tuple[str, str] = ("", "")
    keys: str = ""

"""What a file may hold, and who takes it in; settings.IMPORT_TARGETS names the list of all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

from accounts.importers.staging import Check


@dataclass(frozen=True)
class Column:
    """One of our columns. `kind` is text, day, amount or whole; `known_as` are names that other
    systems give it."""

    name: str
    label: str | Promise
    kind: str = "text"
    is_required: bool = False
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True)
class Target:
    """What a file may be: its columns, the check of a row's shapes, and the import itself.

    `take` is called with the open file, the import, its reading and the way it goes; it gives a
    report or raises CannotRead. `counts` are the numbers of that report, in the page's order.
    """

    code: str
    label: str | Promise
    icon: str
    columns: tuple[Column, ...]
    check: Callable[[tuple[str, ...]], Check]
    take: Callable[..., Any]
    counts: dict[str, str | Promise]
    # What a reading of this target may say beyond form and columns.
    options: tuple[str, ...] = field(default=())

    @property
    def kinds(self) -> dict[str, str]:
        return {column.name: column.kind for column in self.columns}

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.is_required)


def targets() -> dict[str, Target]:
    """Every target by its code, in the order of the page."""
    return {target.code: target for target in import_string(settings.IMPORT_TARGETS)}

"""Nobody's words are lost: a record that somebody else saved meanwhile is compared, not replaced.

The version of a record is its newest event in the history, so that an import, a command or the
administration count as well. A form carries it in a hidden field `version`; `lock` refuses it
where it is old, and the page of the conflict sends a `pick-<field>` for each field.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.forms import BoundField, ModelForm
from django.forms.models import model_to_dict
from django.http import QueryDict

from firm.keys import as_key
from firm.models import User

MINE, THEIRS = "mine", "theirs"


class Outdated(Exception):
    """Somebody saved the record since the version that the form was made from."""


def version_of(record: Any) -> int:
    newest = record.events.order_by("-pgh_id").values_list("pgh_id", flat=True).first()
    return newest or 0


def lock(record: Model, version: int) -> None:
    """Hold the record's row until the transaction ends; raises Outdated where it has moved on."""
    type(record)._default_manager.select_for_update().get(pk=record.pk)
    if version_of(record) != version:
        raise Outdated


def asked_version(data: QueryDict) -> int:
    """The version that a form was made from; none that exists where it does not say."""
    return as_key(data.get("version")) or 0


def picked(data: QueryDict, record: Model, fields: list[str]) -> QueryDict:
    """What was typed, with the stored value wherever the reader of a conflict picked it."""
    stored = model_to_dict(record, fields)
    merged = data.copy()
    for name in fields:
        if data.get("pick", data.get(f"pick-{name}")) == THEIRS:
            merged[name] = "" if stored[name] is None else str(stored[name])
    return merged


@dataclass
class Difference:
    """One field on which the two versions part."""

    field: BoundField
    was: Any
    theirs: Any
    mine: Any
    saved_by: User | None
    saved_at: datetime | None
    pick: str


def differences(form: ModelForm, version: int) -> list[Difference]:
    """The fields of `form` that it or somebody since `version` changed, as a reader compares them.

    Where only one side changed a field its value is picked already.
    """
    record = type(form.instance)._default_manager.get(pk=form.instance.pk)
    history = list(
        record.events.filter(pgh_id__gte=version).order_by("pgh_id").select_related("pgh_context")
    )
    # Without an event of that version all that was saved is news.
    base = history.pop(0) if history and history[0].pgh_id == version else None
    people = authors(history)
    found = []
    for field in form:
        theirs, mine = getattr(record, field.name), mine_of(form, field)
        was = getattr(base, field.name) if base else None
        if theirs == mine and theirs == was:
            continue
        saver = last_to_change(history, field.name, was)
        found.append(
            Difference(
                field=field,
                was=shown(record, field.name, was),
                theirs=shown(record, field.name, theirs),
                mine=shown(record, field.name, mine),
                saved_by=people.get(author_of(saver)),
                saved_at=saver and saver.pgh_created_at,
                pick=THEIRS if mine == was else MINE,
            )
        )
    return found


def mine_of(form, field):
    return form.cleaned_data.get(field.name, field.value())


def last_to_change(history, name, before):
    """The newest event that gave the field another value; None where none did."""
    last = None
    for event in history:
        value = getattr(event, name)
        if value != before:
            last, before = event, value
    return last


def author_of(event):
    return event and event.pgh_context and event.pgh_context.metadata.get("user")


def authors(history):
    return User.objects.in_bulk({author_of(event) for event in history} - {None})


def shown(record, name, value):
    """The value in the reader's words: the label of a choice, not its code."""
    choices = dict(record._meta.get_field(name).flatchoices)
    return choices.get(value, value)

"""Accounts as programs write them: the record and where it belongs, in one go."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction

from accounts.actions import places, records
from accounts.models import Account
from firm.models import User
from firm.today import today
from firm.versions import Outdated

PLACES = ("owner", "parent")
ANY = "*"


def etag_of(account: Account) -> str:
    """The version of an account that came `with_version` and `with_places`: of its record, and
    of where it belongs today. It stands in quotes, as HTTP writes it."""
    owner = account.owned[0].owner_id if account.owned else 0
    department = account.placed[0].department_id if account.placed else 0
    parent = account.below[0].parent_id if account.below else 0
    return f'"{account.version or 0}-{owner}-{department}-{parent}"'


@transaction.atomic
def create(values: Mapping[str, Any], *, by: User) -> Account:
    """A new account as `records.create` makes it; `owner` and `parent` where they are given.

    Raises IntegrityError where the reference is taken.
    """
    account = records.create(record_of(values), by=by)
    belong(account, {name: values[name] for name in PLACES if values.get(name)}, by)
    return account


@transaction.atomic
def change(
    account: Account, values: Mapping[str, Any], *, seen: Collection[str], by: User
) -> Account:
    """Give the account those of its `values` that are named, all of them or none.

    `seen` are the versions that the caller would change, or `*` for whichever it is. Raises
    Outdated where it is another by now, and places.Loop.
    """
    Account.objects.select_for_update().get(pk=account.pk)
    now = Account.objects.with_version().with_places(today(), viewer=by).get(pk=account.pk)
    if ANY not in seen and etag_of(now) not in seen:
        raise Outdated
    record = record_of(values)
    if record:
        records.edit(now, record, version=now.version, by=by)
    belong(now, {name: values[name] for name in PLACES if name in values}, by)
    return now


def record_of(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in PLACES}


def belong(account: Account, wanted: Mapping[str, Any], by: User) -> None:
    if "owner" in wanted:
        department = None if wanted["owner"] else department_of(account)
        places.assign(account, owner=wanted["owner"], department=department, day=today(), by=by)
    if "parent" in wanted:
        places.set_parent(account, parent=wanted["parent"], day=today(), by=by)


def department_of(account):
    """Where an account that loses its owner goes on standing."""
    placed = account.placed or (account.owned and account.owned[0].owner.working)
    return placed[0].department if placed else None

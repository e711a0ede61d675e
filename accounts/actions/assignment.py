"""Giving accounts to lines whose source names none, by hand and by rule. And the way back.

Figures follow at the next run.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core import signing
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import Account, AssignmentRule, LedgerEntry
from accounts.sql import run_file
from firm.models import User
from firm.versions import lock

UNDO_FOR = timedelta(hours=1)
VALUES = ("source_id", "kind", "text", "account_id")


class Moved(Exception):
    """What the act that is to be undone had left has changed since."""


@transaction.atomic
def assign(lines: list[int], *, account: Account, by: User) -> tuple[int, str]:
    """Give `account` to those of `lines` that have none; how many, and the word that undoes it."""
    at = timezone.now()
    waiting = LedgerEntry.objects.filter(pk__in=lines, account=None)
    found = waiting.update(account=account, assigned_at=at)
    return found, way_back(by, lines=assigned(account, at) if found else None)


@transaction.atomic
def add_rule(rule: AssignmentRule, *, apply: bool, by: User) -> tuple[int, str]:
    """Keep a new rule for the imports to come and, where `apply`, for what waits now.

    How many lines it gave its account to, and the word that undoes all of it.
    """
    rule.save()
    return settled(rule, None, apply, by)


@transaction.atomic
def change_rule(rule: AssignmentRule, *, version: int, apply: bool, by: User) -> tuple[int, str]:
    """Keep what was changed of `rule`; lines that it gave an account to before keep that.

    Raises Outdated where the rule is not at `version` any more.
    """
    lock(rule, version)
    before = values_of(AssignmentRule.objects.get(pk=rule.pk))
    rule.save()
    return settled(rule, before, apply, by)


@transaction.atomic
def remove_rule(rule: AssignmentRule, *, by: User) -> str:
    """Forget `rule`; lines that it gave an account to keep that. The word that undoes it."""
    told = {"pk": rule.pk, "before": values_of(rule), "after": None}
    rule.delete()
    return way_back(by, rule=told)


def settled(rule, before, apply, by):
    at = timezone.now()
    found = give(rule, at) if apply else 0
    told = {"pk": rule.pk, "before": before, "after": values_of(rule)}
    lines = assigned(rule.account, at) if found else None
    return found, way_back(by, lines=lines, rule=told)


def give(rule: AssignmentRule, at: datetime) -> int:
    with connection.cursor() as cursor:
        params = {"rule": rule.pk, "source": rule.source_id, "at": at}
        return run_file(cursor, "accounts/assignment/apply.sql", params)


@transaction.atomic
def undo(word: str, *, by: User) -> None:
    """Take back what the act that gave `word` did; lines that were corrected since stay.

    Raises Moved where the act was somebody else's or long ago, or its rule has changed since.
    """
    try:
        told = signing.loads(word, salt="assignment", max_age=UNDO_FOR)
    except signing.BadSignature as error:
        raise Moved from error
    if told["by"] != by.pk:
        raise Moved
    if told["rule"]:
        put_back(**told["rule"])
    if told["lines"]:
        account, at = told["lines"]
        given = LedgerEntry.objects.filter(account=account)
        given.filter(assigned_at=datetime.fromisoformat(at)).update(account=None, assigned_at=None)


def put_back(pk: int, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
    stored = AssignmentRule.objects.select_for_update().filter(pk=pk).first()
    if (stored and values_of(stored)) != after:
        raise Moved
    if before is None:
        AssignmentRule.objects.filter(pk=pk).delete()
    else:
        AssignmentRule(pk=pk, **before).save()


def values_of(rule: AssignmentRule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in VALUES}


def assigned(account: Account, at: datetime) -> list[Any]:
    """What tells the lines of one act: their account, and the moment."""
    return [account.pk, at.isoformat()]


def way_back(by: User, *, lines=None, rule=None) -> str:
    if lines is None and rule is None:
        return ""
    told = {"by": by.pk, "lines": lines, "rule": rule}
    return signing.dumps(told, salt="assignment", compress=True)

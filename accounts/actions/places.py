"""What holds for an account from a day on: owner, department, parent, team. And the way back."""

from datetime import date, timedelta
from typing import Any

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import Account
from firm.models import since
from firm.today import today

# The dated rows of an account that an act may change and take back, with what they say.
COLUMNS = {
    "ownerships": ("owner_id",),
    "placements": ("department_id",),
    "parentages": ("parent_id",),
    "team": ("user_id", "part"),
}
LOOPS = ("parents_form_no_loop", "account_is_not_its_own_parent")
UNDO_FOR = timedelta(hours=1)


class Loop(Exception):
    """The account would come to stand above itself."""


class Moved(Exception):
    """The rows are not any more what the act that is to be undone had left."""


@transaction.atomic
def assign(account, *, owner, department, day, by):
    """From `day` on the account is `owner`'s; without an owner it stands in `department`.

    What was planned for later days is replaced. Gives the word that undoes it.
    """
    before = hold(account, "ownerships", "placements")
    hold_from(account.ownerships, day, owner_id=owner and owner.pk)
    if owner is None:
        hold_from(account.placements, day, department_id=department and department.pk)
    return way_back(account, before, by)


@transaction.atomic
def set_parent(account, *, parent, day, by):
    """From `day` on the account belongs below `parent`, or stands alone. Raises Loop."""
    before = hold(account, "parentages")
    try:
        with transaction.atomic():
            hold_from(account.parentages, day, parent_id=parent and parent.pk)
    except IntegrityError as error:
        broken: Any = error.__cause__
        if broken.diag.constraint_name in LOOPS:
            raise Loop from error
        raise
    return way_back(account, before, by)


@transaction.atomic
def join_team(account, *, user, part, day, until, by):
    """`user` works on the account as `part` from `day`, through `until` where it is given."""
    before = hold(account, "team")
    end = until and until + timedelta(days=1)
    mine = account.team.filter(user=user)
    end_on(mine, day)
    account.team.create(user=user, part=part, valid=DateRange(day, end, "[)"))
    return way_back(account, before, by)


@transaction.atomic
def leave_team(account, *, user, by):
    """`user` is not on the team any more, from today on."""
    before = hold(account, "team")
    end_on(account.team.filter(user=user), today())
    return way_back(account, before, by)


@transaction.atomic
def undo(account, word, *, by):
    """Put the rows back as they were before the act that gave `word`.

    Raises Moved where they have changed since, where the act was somebody else's or long ago.
    """
    told = read_word(word)
    now = hold(account, *told["before"])
    if (told["account"], told["by"]) != (account.pk, by.pk) or now != told["after"]:
        raise Moved
    for kind, rows in told["before"].items():
        manager = getattr(account, kind)
        manager.all().delete()
        for *values, low, high in rows:
            valid = DateRange(read(low), read(high), "[)")
            manager.create(**dict(zip(COLUMNS[kind], values, strict=True)), valid=valid)


def kinds_of(word):
    """Which rows the act that gave `word` has changed; raises Moved for no word of ours."""
    return set(read_word(word)["before"])


def read_word(word):
    try:
        return signing.loads(word, salt="places", max_age=UNDO_FOR)
    except signing.BadSignature as error:
        raise Moved from error


def hold(account, *kinds):
    """Lock the account and give its rows of those kinds as plain values."""
    Account.objects.select_for_update().get(pk=account.pk)
    return {kind: rows_of(account, kind) for kind in kinds}


def rows_of(account, kind):
    rows = getattr(account, kind).order_by("valid", "pk").values_list(*COLUMNS[kind], "valid")
    return [[*values, iso(valid.lower), iso(valid.upper)] for *values, valid in rows]


def way_back(account, before, by):
    """A signed word that holds what an act has changed; empty where it changed nothing."""
    after = {kind: rows_of(account, kind) for kind in before}
    if after == before:
        return ""
    told = {"account": account.pk, "by": by.pk, "before": before, "after": after}
    return signing.dumps(told, salt="places", compress=True)


def hold_from(rows, day, **value):
    """Make `value` hold from `day` without an end; a None in it only ends what held."""
    now = rows.filter(**value, valid__contains=day).first()
    if now and None not in value.values():
        # It goes on, whatever was planned after it.
        rows.filter(valid__startswith__gt=day).delete()
        now.valid = since(now.valid.lower)
        now.save(update_fields=["valid"])
        return
    end_on(rows, day)
    if None not in value.values():
        rows.create(**value, valid=since(day))


def end_on(rows, day):
    """End on `day` what holds then, and drop what was to begin on it or later."""
    rows.filter(valid__startswith__gte=day).delete()
    for row in rows.filter(valid__contains=day):
        row.valid = DateRange(row.valid.lower, day, "[)")
        row.save(update_fields=["valid"])


def iso(day):
    return day and day.isoformat()


def read(text):
    return text and date.fromisoformat(text)

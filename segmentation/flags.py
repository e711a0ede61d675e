"""Flags: raised, moved and cleared by the night, and told to those whom they concern."""

import json
from collections import defaultdict
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext_noop

from accounts.sql import run_file, statement
from firm.models import (
    Department,
    DepartmentMembership,
    Notification,
    RoleMembership,
    User,
)
from firm.notices import withdraw_unreadable
from firm.today import today
from segmentation.computing import Night
from segmentation.models import Flag, Run, Standing
from segmentation.reasons import REASONS

Kind, Severity = Flag.Kind, Flag.Severity

# Every rule gives rows of: subject, severity, level, number, money at stake, evidence.
RULES = (
    Kind.DEPENDENCY,
    Kind.DECLINING,
    Kind.ORDER_OVERDUE,
    Kind.LOST,
    Kind.UNRATED,
    Kind.DISPUTED,
)
# With a stale ledger these would blame the client for our feed: they stay as they were.
NEED_A_FRESH_LEDGER = {Kind.DECLINING, Kind.ORDER_OVERDUE, Kind.LOST}


def update_flags(cursor, night: Night, run: Run) -> None:
    """Make flags agree with the night's result, and put the new ones into the outbox.

    One flag for one kind and subject; see the method's common rules. Needs `night_result`.
    """
    before = Run.objects.filter(as_of__lt=night.as_of).newest()
    params = rule_params(night)
    run_file(cursor, "segmentation/flags/watched.sql", params)
    looked_at = [*Flag.FIRM_KINDS, *Flag.DATA_KINDS]
    for kind in RULES:
        if night.feed_is_stale and kind in NEED_A_FRESH_LEDGER:
            continue
        looked_at.append(kind)
        # The text of a rule comes from our own files.
        rule = statement(f"segmentation/flags/{kind}.sql")
        cursor.execute(
            "INSERT INTO night_true (account_id, severity, level, number, money, evidence, kind) "  # noqa: S608
            f"SELECT rule.*, %(kind)s FROM ({rule}) AS rule",
            params | {"kind": kind.value},
        )
    add_firm_flags(cursor, night, before)
    cursor.execute(
        "UPDATE night_true SET owner_id = result.owner_id FROM night_result AS result "
        "WHERE result.level = 'account' AND result.account_id = night_true.account_id"
    )
    run_file(
        cursor,
        "segmentation/flags/apply.sql",
        params
        | {
            "looked_at": [kind.value for kind in looked_at],
            "gaps": [kind.value for kind in Flag.GAP_KINDS],
        },
    )
    tell(night, run, basis_changed=bool(before and before.basis != night.basis))


def rule_params(night: Night) -> dict[str, Any]:
    return night.params() | {
        "basis": night.basis,
        "trend_basis": night.trend_basis,
        "is_comparable": night.is_comparable,
        "heavy_losses": night.facts["heavy_losses"],
        "group_total": night.facts["group_total"],
    }


def add_firm_flags(cursor, night: Night, before: Run | None) -> None:
    """Flags that have no account for a subject: the run itself says them."""
    facts, policy = night.facts, night.policy
    told: dict[Flag.Kind, tuple[Any, Any, dict[str, Any]]] = {}
    if facts["concentrated"]:
        percent = round(100 * night.summary["key_total"], 1)
        limit = float(policy.key_total_alarm)
        evidence = {"share": percent, "limit": limit, "basis": night.basis}
        told[Kind.CONCENTRATED] = (percent, facts["key_sum"], evidence)
    if before and before.basis != night.basis:
        told[Kind.BASIS_CHANGED] = (
            None,
            None,
            {"now": night.basis, "before": before.basis},
        )
    if night.feed_is_stale:
        told[Kind.FEED_STALE] = (None, None, {"last": facts["ledger_to"]})
    if facts["unassigned_over"]:
        share = round(float(facts["unassigned_percent"]), 1)
        evidence = {"share": share, "limit": float(policy.max_unassigned)}
        told[Kind.UNASSIGNED] = (share, None, evidence)
    if facts["unconverted_lines"]:
        lines = facts["unconverted_lines"]
        told[Kind.RATE_MISSING] = (lines, None, {"lines": lines})
    for kind, (number, money, evidence) in told.items():
        cursor.execute(
            "INSERT INTO night_true (kind, severity, level, number, money, evidence) "
            "VALUES (%s, %s, '', %s, %s, %s)",
            [kind.value, Severity.HIGH.value, number, money, json.dumps(evidence)],
        )


def tell(night: Night, run: Run, *, basis_changed: bool) -> None:
    """Write the notices of new flags, and of those that became critical; once each.

    After a change of basis single accounts come as one digest a person.
    """
    fresh = Flag.objects.open().filter(Q(told=0) | Q(severity=Severity.CRITICAL, told__lt=4))
    flags = list(fresh.select_related("account"))
    concerned = recipients(flags)
    digest: dict[User, int] = defaultdict(int)
    notices = []
    for flag in flags:
        for person in concerned[flag.pk]:
            if basis_changed and flag.account_id:
                digest[person] += 1
            else:
                notices.append(notice(flag, person))
    notices += [
        Notification(
            recipient=person,
            key=f"basis:{run.as_of}",
            text=BASIS_DIGEST,
            params={"now": night.basis, "count": count},
            link="/segments/",
        )
        for person, count in digest.items()
    ]
    Notification.objects.bulk_create(notices, ignore_conflicts=True)
    fresh.update(told=F("severity"))
    withdraw_unreadable()


BASIS_DIGEST = gettext_noop(
    "Results now stand on %(now)s. That raised %(count)s flags on your accounts."
)


def notice(flag: Flag, person: User) -> Notification:
    critical = flag.severity == Severity.CRITICAL
    return Notification(
        recipient=person,
        key=f"flag:{flag.pk}:{'critical' if critical else 'raised'}",
        text=REASONS[flag.kind],
        params=flag.facts,
        link=f"/flags/{flag.pk}/",
        subject=f"flag:{flag.pk}",
        channel=Notification.Channel.NOW if critical else Notification.Channel.DIGEST,
    )


def seen_by(person: User, flags: set[int]) -> set[int]:
    """Which of these flags `person` may see: what the inbox asks of a notice's subject."""
    seen = Flag.objects.filter(pk__in=flags).visible_to(person)
    return set(seen.values_list("pk", flat=True))


def recipients(flags: list[Flag]) -> dict[int, set[User]]:
    """Whom each flag concerns: the owners, the head for a dispute, roles for the firm's own."""
    found: dict[int, set[User]] = {flag.pk: set() for flag in flags}
    heads = holders("head", "director")
    keepers = holders("integration", "administrator")
    owners = owners_of(flags)
    chiefs = heads_by_department()
    for flag in flags:
        if flag.kind in Flag.FIRM_KINDS:
            found[flag.pk] = heads
        elif flag.kind in Flag.DATA_KINDS:
            found[flag.pk] = keepers
        elif flag.kind == Kind.DISPUTED:
            departments = {department for _owner, department in owners[flag.account_id]}
            found[flag.pk] = {chief for at in departments for chief in chiefs[at]}
        else:
            found[flag.pk] = {owner for owner, _department in owners[flag.account_id] if owner}
    return found


def holders(*codes: str) -> set[User]:
    """People who hold one of the roles today and can be told something."""
    held = RoleMembership.objects.in_force(today()).filter(
        role__code__in=codes, user__is_active=True
    )
    return {membership.user for membership in held.select_related("user")}


def owners_of(flags: list[Flag]) -> dict[int, set[tuple[User | None, int | None]]]:
    """For each subject the owners, with departments, of it and of the accounts of its group."""
    subjects = {flag.account_id for flag in flags if flag.account_id}
    gaps = {flag.account_id for flag in flags if flag.kind in Flag.GAP_KINDS}
    people = User.objects.in_bulk(
        Standing.objects.filter(Q(account__in=subjects) | Q(group__in=subjects))
        .exclude(owner=None)
        .values_list("owner", flat=True)
        .distinct()
    )
    found: dict[int, set[tuple[User | None, int | None]]] = defaultdict(set)
    rows = Standing.objects.filter(Q(account__in=subjects) | Q(group__in=subjects))
    for account, group, owner, department in rows.values_list(
        "account", "group", "owner", "department"
    ):
        person = people.get(owner)
        told = person if person and person.is_active else None
        found[account].add((told, department))
        if group != account and group not in gaps:
            found[group].add((told, department))
    return found


def heads_by_department() -> dict[int | None, set[User]]:
    """The heads of each department: those placed in it or above it."""
    heads = holders("head")
    placed = DepartmentMembership.objects.in_force(today()).filter(user__in=heads)
    found: dict[int | None, set[User]] = defaultdict(set)
    for membership in placed.select_related("department", "user"):
        for pk in Department.objects.below([membership.department]):
            found[pk].add(membership.user)
    return found

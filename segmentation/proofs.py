"""What stands beside an explanation: checks, numbers used, what was left out, history."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firm.models import Policy
from firm.templatetags.figures import full_day, money, percent_sign, plain
from segmentation.models import Band
from segmentation.reading import Reading
from segmentation.rules.numbers import field, shown

EVERY = ["basis", "window_months"]
# By figure: the numbers of the policy that decide on it.
NUMBERS = {
    "segment": ["vip_core", "vip_prospects", "strategic_prospects", "one_off_months",
                "ballast_grace_days", "ballast_prospects"],
    "group_share": ["key_share", "critical_share", "mono_share"],
    "key": ["key_share", "key_amount", "key_exit_days"],
    "share": ["max_uncosted_share"],
    "abc": ["abc_a", "abc_b"],
    "core": ["vip_core"],
    "trend": ["trend_change"],
    "prospects": ["disputed_gap", "rerate_days", "rerate_days_watched"],
    "turnover": ["max_rate_age"],
    "income": ["max_uncosted_share"],
}  # fmt: skip


def numbers(policy: Policy, names: list[str]) -> list[dict[str, str]]:
    """Numbers of `policy` as people read them: those that decide on every figure, and `names`."""
    return [
        {
            "label": str(field(name).verbose_name),
            "value": "" if getattr(policy, name) is None else shown(policy, name),
        }
        for name in [*EVERY, *names]
    ]


def checks(reading: Reading) -> list[dict[str, Any]]:
    """What was looked at on the way, and whether it went as one would wish."""
    facts, policy = reading.facts, reading.policy
    total = Decimal(facts["group_total"])
    found = [
        check(total > 0, _("The total of all groups is positive."), _("No group is positive."))
    ]
    unassigned = {
        "percent": f"{plain(facts['unassigned_percent'], 1)} %",
        "limit": f"{plain(policy.max_unassigned, 'free')} %",
    }
    found.append(
        check(
            not facts["unassigned_over"],
            _("Lines without an account: %(percent)s of revenue, not over %(limit)s.")
            % unassigned,
            _("Lines without an account: %(percent)s of revenue, over %(limit)s.") % unassigned,
        )
    )
    found.append(
        check(
            not facts["feed_stale"],
            _("The ledger is fresh."),
            _("The ledger is stale: no bookings lately."),
        )
    )
    comparable = reading.run is None or reading.run.is_comparable
    found.append(
        check(
            comparable,
            _("The ledger covers the previous window too."),
            _("The ledger begins after the previous window does."),
        )
    )
    return found + on_the_other_basis(reading)


def on_the_other_basis(reading: Reading) -> list[dict[str, Any]]:
    group = reading.group
    if group is None:
        return []
    on_income = reading.basis == Policy.Basis.INCOME
    band = Band(group.turnover_band if on_income else group.income_band)
    share = group.turnover_share if on_income else group.income_share
    values = {
        "basis": Policy.Basis.TURNOVER.label if on_income else Policy.Basis.INCOME.label,
        "share": percent_sign(share, 2),
        "band": band.label if band != Band.NONE else _("no band"),
    }
    return [
        check(
            band == group.band,
            _("By %(basis)s the answer is the same: %(share)s, %(band)s.") % values,
            _("By %(basis)s the answer is another: %(share)s, %(band)s.") % values,
        )
    ]


def check(is_good: bool, yes: str, no: str) -> dict[str, Any]:
    return {"good": is_good, "text": yes if is_good else no}


def left_out(reading: Reading) -> list[str]:
    """Lines that take no part, in sentences."""
    facts, row = reading.facts, reading.row
    told = []
    unassigned = Decimal(reading.summary["unassigned"])
    if unassigned:
        told.append(
            _("%(amount)s %(currency)s of revenue stands without an account.")
            % {"amount": money(unassigned, 2), "currency": facts["currency"]}
        )
    waiting = facts["unconverted_lines"]
    if waiting:
        told.append(
            ngettext(
                "%(n)s line waits for an exchange rate.",
                "%(n)s lines wait for an exchange rate.",
                waiting,
            )
            % {"n": plain(waiting)}
        )
    if row and row.uncosted_lines:
        told.append(
            ngettext(
                "%(n)s line of the account is without cost: %(amount)s %(currency)s of revenue.",
                "%(n)s lines of the account are without cost: %(amount)s %(currency)s of revenue.",
                row.uncosted_lines,
            )
            % {
                "n": plain(row.uncosted_lines),
                "amount": money(row.uncosted, 2),
                "currency": facts["currency"],
            }
        )
    return told


def totals(reading: Reading) -> dict[str, Any]:
    """The group and the company, beside the accounts that the group is made of."""
    group, summary = reading.group, reading.summary
    groups = reading.facts["groups"]
    return {
        "group": {
            "turnover": money(group.turnover, 2),
            "income": money(group.income, 2),
            "share": percent_sign(group.share, 2)[:-2],
            "lines": sum(row.lines for row in reading.members),
        },
        "company": {
            "name": ngettext("Company, %(n)s group", "Company, %(n)s groups", groups)
            % {"n": plain(groups)},
            "turnover": money(summary["turnover"], 2),
            "income": money(summary["income"], 2),
        },
    }


# By figure: what of a stored day is drawn, and which numbers of the policy are its limits.
DRAWN = {
    "group_share": ("group", "share", ["key_share", "critical_share", "mono_share"]),
    "share": ("account", "share", []),
    "turnover": ("account", "turnover", []),
    "income": ("account", "income", []),
}


DRAWN_LABELS = {
    ("group", "share"): gettext_lazy("share of the group"),
    ("account", "share"): gettext_lazy("own share"),
    ("account", "turnover"): gettext_lazy("revenue"),
    ("account", "income"): gettext_lazy("gross margin"),
}


def history(reading: Reading, figure: str) -> dict[str, Any] | None:
    """The figure on the stored days up to this one, oldest first; None where there is no line."""
    level, column, limits = DRAWN.get(figure, ("account", "share", []))
    days = reading.group_days if level == "group" else reading.account_days
    if len(days) < 2:
        return None
    in_percent = column == "share"
    values = [getattr(row, column) for row in days]
    scaled = [
        None if v is None else round(float(v) * (100 if in_percent else 1), 4) for v in values
    ]
    highest = max((v for v in scaled if v is not None), default=0)
    drawn = [
        {"at": float(limit), "text": f"{word.label} {plain(limit, 'free')} %"}
        for word, limit in zip(
            (Band.KEY, Band.CRITICAL, Band.MONO),
            (getattr(reading.policy, name) for name in limits),
            strict=False,
        )
        if float(limit) <= highest * 1.6 + 5
    ]
    return {
        "label": str(DRAWN_LABELS[(level, column)]),
        "days": [row.as_of.isoformat() for row in days],
        "labels": [full_day(row.as_of) for row in days],
        "rows": rows_of([row.as_of for row in days], scaled),
        "values": scaled,
        "limits": drawn,
        "unit": "%" if in_percent else reading.facts["currency"],
    }


def rows_of(days: list[date], values: list[float | None]) -> list[dict[str, str]]:
    """The same as a table, newest first."""
    return [
        {"label": full_day(day), "text": plain(value, 2)}
        for day, value in zip(reversed(days), reversed(values), strict=True)
    ]

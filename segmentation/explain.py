"""Says of each figure what it is made of, how it compares, and with which policy."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account, LedgerEntry
from firm.models import Policy, User
from firm.templatetags.figures import full_day, money, percent, percent_sign, plain, signed
from segmentation.answers import answered
from segmentation.changes import trend_sums
from segmentation.limits import limits_of
from segmentation.models import Band, GroupStanding, Segment, StandingHistory
from segmentation.naming import group_around
from segmentation.proofs import checks, left_out, totals
from segmentation.reading import NoRun, Reading, computed, stored

ZERO = Decimal(0)
RULES = "docs/method.md#1-exact-rules"

__all__ = ["NoRun", "explain", "explain_computed", "ledger_lines", "tell"]


def explain(
    account: Account, *, as_of: date | None = None, viewer: User | None = None
) -> dict[str, Any]:
    """The standing of `account` on a stored day, explained; without a day on the newest.

    Every figure names its value, unit, formula, limit and exact inputs; amounts are in the
    reporting currency. What `viewer` may not see of the group is one row. Raises NoRun.
    """
    return tell(stored(account, as_of), viewer)


def explain_computed(account: Account, as_of: date) -> dict[str, Any]:
    """The same, computed from today's ledger for a day that nobody has stored."""
    with computed(account, as_of) as reading:
        return tell(reading, None)


def tell(reading: Reading, viewer: User | None) -> dict[str, Any]:
    """The whole explanation of one account on one day, in words and exact inputs."""
    windows, row = reading.windows, reading.row
    explanation = {
        "account": {
            "id": reading.account.pk,
            "ref": reading.account.account_ref,
            "name": reading.account.name,
        },
        "group": row and group_of(reading, viewer),
        "as_of": reading.as_of.isoformat(),
        "run": reading.run and reading.run.pk,
        "stored": reading.run is not None,
        "policy": reading.policy.version,
        "currency": reading.facts["currency"],
        "window": between(windows.window_after, windows.as_of),
        "previous_window": between(windows.previous_after, windows.window_after),
        "rules": RULES,
        "basis": reading.basis,
        "basis_sentence": basis_sentence(reading),
        "figures": [],
        "members": [],
        "lines": lines_of(reading),
        "totals": None,
        "left_out": left_out(reading),
        "checks": checks(reading),
    }
    if row is None:
        explanation["basis_sentence"] = _(
            "%(account)s has no standing on %(day)s: no entry in the %(months)s months before."
        ) % {
            "account": reading.account,
            "day": full_day(reading.as_of),
            "months": reading.policy.active_months,
        }
        return explanation
    explanation["members"] = members(reading, viewer)
    explanation["figures"] = [
        answered(reading, tell_figure(reading), explanation["group"]["name"])
        for tell_figure in FIGURES
    ]
    explanation["totals"] = totals(reading)
    return explanation


def group_of(reading: Reading, viewer: User | None) -> dict[str, str]:
    """The group's name, for those who may know it."""
    root = reading.row.group
    known = GroupStanding.objects.known_to(viewer) if viewer else None
    if known is None or known.filter(pk=reading.group.pk).exists():
        return {"ref": root.account_ref, "name": root.name}
    return {"ref": "", "name": group_around(reading.account)}


def between(after: date, until: date) -> dict[str, str]:
    return {"after": after.isoformat(), "until": until.isoformat()}


def basis_sentence(reading: Reading) -> str:
    """Which of the two bases decides, and why."""
    facts, policy = reading.facts, reading.policy
    told = {
        "uncosted": plain(facts["uncosted_percent"], 4).rstrip("0").rstrip(".,"),
        "limit": plain(policy.max_uncosted_share, "free"),
        "products": ", ".join(facts["uncosted_product_lines"]),
    }
    if reading.basis != policy.basis:
        text = _(
            "Revenue is the basis: %(uncosted)s %% of the window's revenue has no cost, "
            "over %(limit)s %%."
        )
        lacking = _(" Most cost is missing on %(products)s.") if told["products"] else ""
        return (text + lacking) % told
    if reading.basis == Policy.Basis.INCOME:
        return (
            _(
                "Gross margin is the basis: %(uncosted)s %% of the window's revenue has no cost, "
                "not over %(limit)s %%."
            )
            % told
        )
    return _("Revenue is the basis, by the policy.")


def figure(name: str, label: str, value: str, unit: str, **more: Any) -> dict[str, Any]:
    """One figure for reading, with `inputs` that recompute it exactly."""
    return (
        {"formula": "", "sentence": "", "limit": "", "inputs": {}}
        | {
            "name": name,
            "label": label,
            "value": value,
            "unit": unit,
        }
        | more
    )


def basis_name(basis: str) -> str:
    return str(Policy.Basis(basis).label)


def tell_turnover(reading: Reading) -> dict[str, Any]:
    row = reading.row
    return figure(
        "turnover",
        _("Revenue"),
        money(row.turnover, 2),
        reading.facts["currency"],
        formula=_("revenue of %(lines)s ledger lines after %(after)s up to %(until)s")
        % {
            "lines": plain(row.lines),
            "after": full_day(reading.windows.window_after),
            "until": full_day(reading.as_of),
        },
        inputs={"lines": row.lines, "turnover": str(row.turnover)},
    )


def tell_income(reading: Reading) -> dict[str, Any]:
    row = reading.row
    bare = ngettext(
        "%(lines)s line, %(amount)s of revenue, is without cost and adds nothing.",
        "%(lines)s lines, %(amount)s of revenue, are without cost and add nothing.",
        row.uncosted_lines,
    ) % {"lines": plain(row.uncosted_lines), "amount": money(row.uncosted, 2)}
    cost = row.turnover - row.uncosted - row.income
    return figure(
        "income",
        _("Gross margin"),
        money(row.income, 2),
        reading.facts["currency"],
        formula=_("%(revenue)s revenue with a cost − %(cost)s cost")
        % {"revenue": money(row.turnover - row.uncosted, 2), "cost": money(cost, 2)},
        sentence=bare if row.uncosted_lines else "",
        inputs={
            "revenue_with_cost": str(row.turnover - row.uncosted),
            "cost": str(cost),
            "uncosted": str(row.uncosted),
            "uncosted_lines": row.uncosted_lines,
            "income": str(row.income),
        },
    )


def tell_share(reading: Reading) -> dict[str, Any]:
    row, total = reading.row, Decimal(reading.summary["total"])
    if row.share is None:
        sentence = (
            _("No account has a positive %(basis)s, so no share is defined.")
            if not total
            else _("Its %(basis)s is not positive, so it has no share.")
        ) % {"basis": basis_name(reading.basis)}
    else:
        sentence = _("Share of all that accounts with a positive %(basis)s brought.") % {
            "basis": basis_name(reading.basis)
        }
    return figure(
        "share",
        _("Own share"),
        percent(row.share, 2),
        "%",
        formula=quotient(row.basis, total) if row.share is not None else "",
        sentence=sentence,
        inputs={"basis": str(row.basis), "total": str(total)},
    )


def quotient(part: Decimal, whole: Decimal) -> str:
    return f"{money(part, 2)} ÷ {money(whole, 2)}"


def tell_band(reading: Reading) -> dict[str, Any]:
    """The band of the group, strictly over its limit (D1)."""
    group, limits = reading.group, limits_of(reading.policy)
    total = Decimal(reading.facts["group_total"])
    if group.share is None:
        sentence = _("The group has no share, so it is in no band.")
    else:
        sentence = f"{percent_sign(group.share, 2)}, {compared(group.band, limits)}."
    return figure(
        "group_share",
        _("Share of the group"),
        percent(group.share, 2),
        "%",
        formula=quotient(group.basis, total) if group.share is not None else "",
        sentence=sentence,
        limit=", ".join(
            f"{band.label} > {plain(limit, 'free')} %" for band, limit in limits.items()
        ),
        inputs={
            "basis": str(group.basis),
            "total": str(total),
            "band": group.band,
            **{band.value: str(limit) for band, limit in limits.items()},
        },
    )


def compared(band: str, limits: dict[Band, Decimal]) -> str:
    """How a share compares with the limits next to it: "not over 20 % but over 10 %: key"."""
    order = [Band.NONE, *limits]
    place = order.index(Band(band))
    over = limits.get(order[place])
    under = limits[order[place + 1]] if place + 1 < len(order) else None
    told = {
        "over": plain(over, "free") if over is not None else "",
        "under": plain(under, "free") if under is not None else "",
        "band": Band(band).label,
    }
    if over is None:
        return _("not over %(under)s %%: no band") % told
    if under is None:
        return _("over %(over)s %%: %(band)s") % told
    return _("not over %(under)s %% but over %(over)s %%: %(band)s") % told


def tell_class(reading: Reading) -> dict[str, Any]:
    """Class A while less than abc_a of the total lies ahead, B while less than abc_b."""
    row, policy = reading.row, reading.policy
    total = Decimal(reading.summary["total"])
    told = {
        "ahead": percent(row.before / total, 2) if total else "–",
        "a": plain(policy.abc_a, "free"),
        "b": plain(policy.abc_b, "free"),
    }
    if row.basis <= 0:
        sentence = _("Without a positive basis: class C.")
    elif row.abc == "A":
        sentence = _("%(ahead)s %% lies ahead, under %(a)s %%: class A.") % told
    elif row.abc == "B":
        sentence = (
            _("%(ahead)s %% lies ahead, not under %(a)s %% but under %(b)s %%: class B.") % told
        )
    else:
        sentence = _("%(ahead)s %% lies ahead, not under %(b)s %%: class C.") % told
    return figure(
        "abc",
        _("Class"),
        row.abc,
        "",
        formula=_("rank %(rank)s; ahead of it %(before)s of %(total)s")
        % {"rank": plain(row.rank), "before": money(row.before, 2), "total": money(total, 2)},
        sentence=sentence,
        limit=f"A < {told['a']} %, B < {told['b']} %",
        inputs={
            "rank": row.rank,
            "before": str(row.before),
            "basis": str(row.basis),
            "total": str(total),
            "abc_a": str(policy.abc_a),
            "abc_b": str(policy.abc_b),
        },
    )


def tell_core(reading: Reading) -> dict[str, Any]:
    row, limit = reading.row, plain(reading.policy.vip_core, "free")
    return figure(
        "core",
        _("Core"),
        _("yes") if row.core else _("no"),
        "",
        sentence=_("Less than %(limit)s %% lies ahead of it.") % {"limit": limit}
        if row.core
        else _("Not less than %(limit)s %% lies ahead of it, or it has no positive basis.")
        % {"limit": limit},
        limit=f"< {limit} %",
        inputs={"before": str(row.before), "vip_core": str(reading.policy.vip_core)},
    )


def tell_trend(reading: Reading) -> dict[str, Any]:
    row = reading.row
    now, was = trend_sums(reading)
    comparable = reading.run is None or reading.run.is_comparable
    sentence = "" if comparable else _("Not comparable: the ledger begins later.")
    if was > 0:
        sentence = f"{signed((now - was) / was)} %. {sentence}".strip()
    elif was < 0 and now < 0 and now > was:
        less = _("Losing less.")
        sentence = f"{less} {sentence}".strip()
    return figure(
        "trend",
        _("Trend"),
        row.get_trend_display(),
        "",
        formula=_("%(now)s of %(basis)s after %(was)s in the window before")
        % {"now": money(now, 2), "was": money(was, 2), "basis": basis_name(reading.trend_basis)},
        sentence=sentence,
        limit=f"± {plain(reading.policy.trend_change, 'free')} %",
        inputs={
            "now": str(now),
            "previous": str(was),
            "trend_change": str(reading.policy.trend_change),
        },
    )


def tell_prospects(reading: Reading) -> dict[str, Any]:
    row = reading.row
    told = {"kam": row.kam_score or "–", "head": row.head_score or "–"}
    return figure(
        "prospects",
        _("Prospects"),
        str(row.prospects or _("unrated")),
        _("of 5") if row.prospects else "",
        formula=_("account manager %(kam)s, sales head %(head)s") % told,
        sentence=_("Disputed: the scores lie far apart.") if row.disputed else "",
        inputs={"kam": row.kam_score, "head": row.head_score},
    )


def tell_key(reading: Reading) -> dict[str, Any]:
    row = reading.row
    grounds = {
        "band": _("its group is in a band"),
        "amount": _("its group brings more than the key amount"),
        "qualification": _("the sales head has approved it"),
    }
    held = [grounds[ground] for ground in row.key_by.split("+") if ground]
    return figure(
        "key",
        _("Key client"),
        _("yes") if row.key else _("no"),
        "",
        sentence="; ".join(held),
        inputs={"key_by": row.key_by},
    )


def tell_segment(reading: Reading) -> dict[str, Any]:
    """The first row of the method's table that fits."""
    row, policy = reading.row, reading.policy
    texts = {
        "vip": _("in the core, and prospects of at least %(vip)s"),
        "strategic": _("prospects of at least %(strategic)s"),
        "lost": _("no purchase in the window, and one in the window before"),
        "ballast": _(
            "class C, not key, purchases in at most %(months)s month of the window, the first "
            "%(days)s days ago or earlier, prospects of at most %(ballast)s or unrated"
        ),
        "typical": _("no other segment fits"),
    }
    limits = {
        "vip": policy.vip_prospects,
        "strategic": policy.strategic_prospects,
        "months": policy.one_off_months,
        "days": policy.ballast_grace_days,
        "ballast": policy.ballast_prospects,
    }
    texts = {segment: text % limits for segment, text in texts.items()}
    why = texts[row.computed_segment]
    if row.overridden:
        why = _("Set by hand. Computed: %(segment)s, %(why)s") % {
            "segment": row.get_computed_segment_display(),
            "why": why,
        }
    elif row.core and row.prospects is None:
        why = _("Unrated: VIP from prospects %(vip)s.") % {"vip": policy.vip_prospects}
    return figure(
        "segment",
        _("Segment"),
        row.get_segment_display(),
        "",
        sentence=why,
        inputs={
            "core": row.core,
            "abc": row.abc,
            "key": row.key,
            "trend": row.trend,
            "prospects": row.prospects,
            "purchase_months": row.purchase_months,
        },
        conditions=conditions(row.computed_segment, texts),
    )


def conditions(computed: str, texts: dict[str, str]) -> list[dict[str, str]]:
    """The method's table from the top: what did not fit, what did, what was not asked any more."""
    told, state = [], "no"
    for segment, text in texts.items():
        state = "yes" if segment == computed else state
        label = str(Segment(segment).label)
        told.append({"segment": segment, "label": label, "condition": text, "state": state})
        state = "unasked" if segment == computed else state
    return told


FIGURES = (
    tell_segment,
    tell_band,
    tell_key,
    tell_share,
    tell_class,
    tell_core,
    tell_trend,
    tell_prospects,
    tell_turnover,
    tell_income,
)


def members(reading: Reading, viewer: User | None) -> list[dict[str, Any]]:
    """The accounts of the group, largest first; those outside the viewer's scope as one row."""
    rows = reading.members
    ids = [row.account_id for row in rows]
    seen = set(ids)
    if viewer is not None:
        visible = Account.objects.visible_to(viewer).filter(pk__in=ids)
        seen = set(visible.values_list("pk", flat=True))
    reading.named = seen
    told = [member(row) for row in rows if row.account_id in seen]
    hidden = [row for row in rows if row.account_id not in seen]
    if hidden:
        told.append(others(hidden, named=works_on(viewer, ids)))
    return told


def member(row: StandingHistory) -> dict[str, Any]:
    return {
        "pk": row.account_id,
        "ref": row.account.account_ref,
        "name": row.account.name,
        "turnover": money(row.turnover, 2),
        "cost": money(row.turnover - row.uncosted - row.income, 2),
        "income": money(row.income, 2),
        "share": percent(row.share, 2),
        "lines": row.lines,
        "exact": {"turnover": str(row.turnover), "income": str(row.income)},
    }


def others(rows: list[StandingHistory], *, named: bool) -> dict[str, Any]:
    """One row for what the viewer may not see; the team of the group sees the names."""
    turnover = sum((row.turnover for row in rows), ZERO)
    income = sum((row.income for row in rows), ZERO)
    name = ngettext("%(count)s other account", "%(count)s other accounts", len(rows)) % {
        "count": len(rows)
    }
    if named:
        name += f" ({', '.join(row.account.name for row in rows)})"
    return {
        "pk": None,
        "ref": "",
        "name": name,
        "turnover": money(turnover, 2),
        "cost": money(turnover - income - sum((row.uncosted for row in rows), ZERO), 2),
        "income": money(income, 2),
        "share": "",
        "lines": None,
        "exact": {"turnover": str(turnover), "income": str(income)},
    }


def works_on(viewer: User | None, accounts: list[int]) -> bool:
    """Whether the viewer owns one of `accounts` or is on its team."""
    if viewer is None:
        return False
    return Account.objects.worked_on_by(viewer).filter(pk__in=accounts).exists()


def lines_of(reading: Reading) -> dict[str, Any]:
    """What the ledger holds of the account in the window today, and what differs since."""
    windows = reading.windows
    entries = window_entries(reading)
    sums = entries.aggregate(
        lines=Count("pk"),
        turnover=Sum("revenue", default=ZERO),
        spent=Sum("cost", default=ZERO),
        uncosted=Sum("revenue", filter=Q(cost=None), default=ZERO),
    )
    turnover, income = sums["turnover"], sums["turnover"] - sums["uncosted"] - sums["spent"]
    row = reading.row
    return {
        "after": windows.window_after.isoformat(),
        "until": windows.as_of.isoformat(),
        "count": sums["lines"],
        "revenue": str(turnover),
        "cost": str(sums["spent"]),
        "income": str(income),
        "corrected": correction(reading, entries, turnover, income) if row else "",
    }


def correction(reading: Reading, entries, turnover: Decimal, income: Decimal) -> str:
    """A sentence where what was stored and what the ledger says today are two things."""
    row, run = reading.row, reading.run
    if run is None or (turnover, income) == (row.turnover, row.income):
        return ""
    booked = entries.filter(imported__started_at__gt=run.finished_at).count()
    return _(
        "Corrected since, by %(count)s lines booked after the run and by changed ones: "
        "today the ledger says revenue %(revenue)s, gross margin %(income)s."
    ) % {"count": plain(booked), "revenue": money(turnover, 2), "income": money(income, 2)}


def window_entries(reading: Reading):
    windows = reading.windows
    return (
        LedgerEntry.objects.filter(account=reading.account)
        .between(windows.window_after, windows.as_of)
        .converted()
    )


def ledger_lines(account: Account, explanation: dict[str, Any]) -> list[dict[str, Any]]:
    """The exact lines behind the figures: both windows, oldest first."""
    window, previous = explanation["window"], explanation["previous_window"]
    entries = (
        LedgerEntry.objects.filter(account=account)
        .between(previous["after"], window["until"])
        .converted()
        .select_related("source", "product_line")
        .order_by("booked_on", "pk")
    )
    return [
        {
            "source": entry.source.name,
            "document": entry.document,
            "line": entry.line,
            "booked_on": entry.booked_on.isoformat(),
            "revenue": str(entry.revenue),
            "cost": None if entry.cost is None else str(entry.cost),
            "product_line": entry.product_line and entry.product_line.name,
            "window": "now" if entry.booked_on.isoformat() > window["after"] else "previous",
        }
        for entry in entries
    ]

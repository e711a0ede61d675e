"""What would change a figure: the exact amounts from here to its next limits."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from django.utils.translation import gettext as _

from firm.models import Policy
from firm.templatetags.figures import money, percent, plain
from segmentation.limits import (
    CENT,
    band_at,
    less_by,
    limits_of,
    more_than,
    others_more_by,
    share_of,
)
from segmentation.models import Band
from segmentation.reading import Reading

ZERO = Decimal(0)
MEMBERS = 3


def trend_sums(reading: Reading) -> tuple[Decimal, Decimal]:
    row = reading.row
    if reading.trend_basis == Policy.Basis.INCOME:
        return row.income, row.previous_income
    return row.turnover, row.previous_turnover


def change(
    what: str, note: str, by: Decimal, then: Any, band: str = "", share: str = "", *, over=False
):
    """One row of "what would change it", to the cent on the safe side; `over` where it takes
    a cent more than `by`."""
    least = abs(by).quantize(CENT, ROUND_FLOOR if over else ROUND_CEILING)
    by = least.copy_sign(by)
    amount = money(least, 2)
    sign = "−" if by < 0 else "+"
    told = f"{sign}{amount}"
    return {
        "what": what,
        "note": note,
        "by": str(by),
        "by_text": _("over %(amount)s") % {"amount": told} if over else told,
        "then": str(then),
        "band": band,
        "share": share,
    }


def band_changes(reading: Reading) -> list[dict[str, Any]]:
    """For each limit: by how much the group, or all others, would have to change."""
    basis = reading.group.basis
    others = Decimal(reading.facts["group_total"]) - max(basis, ZERO)
    limits = limits_of(reading.policy)
    order = [Band.NONE, *limits]
    place = order.index(Band(reading.group.band))
    rows: list[dict[str, Any]] = []
    for band in reversed(order[1 : place + 1]):
        rows += falls(basis, others, limits[band], order[order.index(band) - 1], is_first=not rows)
        if band == order[place]:
            rows += leavers(reading, basis, others)
    for band in order[place + 1 :]:
        by = more_than(basis, others, limits[band])
        if by is not None and others:
            told = plain(limits[band], "free")
            share = _("over %(limit)s") % {"limit": told}
            note = _("exactly %(limit)s %% is not over it") % {"limit": told}
            rows.append(
                change(
                    _("The group buys more"), note, by, band.label, band.value, share, over=True
                )
            )
    return rows


def falls(basis, others, limit, band, *, is_first):
    told = plain(limit, "free")
    less = less_by(basis, others, limit)
    label = band.label if band != Band.NONE else _("no band")

    def share(part, rest):
        return percent(share_of(part, rest), 2)

    note = _("exactly %(limit)s %% is not over it") % {"limit": told}
    yield change(
        _("The group buys less"), note, -less, label, band.value, share(basis - less, others)
    )
    more = others_more_by(basis, others, limit) if is_first else None
    if more is not None and others:
        unchanged = _("the group unchanged")
        yield change(
            _("All others grow"), unchanged, more, label, band.value, share(basis, others + more)
        )


def leavers(reading: Reading, basis, others):
    """What it would be without one of its accounts, sold or wrongly linked."""
    named = [row for row in reading.members if row.account_id in reading.named and row.basis > 0]
    if len(reading.members) < 2:
        return
    for row in named[:MEMBERS]:
        rest, elsewhere = basis - row.basis, others + row.basis
        band = band_at(rest, elsewhere, limits_of(reading.policy))
        yield change(
            _("%(account)s leaves the group") % {"account": row.account.name},
            _("sold, or wrongly linked"),
            -row.basis,
            band.label if band != Band.NONE else _("no band"),
            band.value,
            percent(share_of(rest, elsewhere), 2),
        )


def trend_changes(reading: Reading) -> list[dict[str, Any]]:
    """How far the window is from the edges of its trend."""
    now, was = trend_sums(reading)
    if reading.row.trend not in ("growing", "declining", "steady"):
        return []
    step = abs(was) * reading.policy.trend_change / 100
    high, low = was + step, was - step
    told = _("the window before unchanged")
    more, less = _("It brings more"), _("It brings less")
    rows = {
        "steady": [
            (more, high - now, _("growing"), True),
            (less, low - now, _("declining"), True),
        ],
        "growing": [(less, high - now, _("steady"), False)],
        "declining": [(more, low - now, _("steady"), False)],
    }[reading.row.trend]
    return [change(what, told, by, then, over=over) for what, by, then, over in rows]


def key_changes(reading: Reading) -> list[dict[str, Any]]:
    """How far the group is from the key amount, where the policy has one."""
    amount, basis = reading.policy.key_amount, reading.group.basis
    if amount is None:
        return []
    note = _("exactly %(amount)s is not over it") % {"amount": money(amount, 2)}
    if basis > amount:
        return [change(_("The group buys less"), note, amount - basis, _("not key by amount"))]
    then = _("key by amount")
    return [change(_("The group buys more"), note, amount - basis, then, over=True)]


@dataclass
class Rung:
    """What an account is from a basis on, until the next rung begins; the lowest has no begin."""

    then: str
    never: str
    begins: Decimal | None = None


def class_rungs(reading: Reading) -> tuple[list[Rung], int]:
    """The classes from C upwards, and the place of the account's own."""
    policy, classes = reading.policy, "CBA"
    begins = {"A": reading.entries[policy.abc_a], "B": reading.entries[policy.abc_b]}
    never = _("No amount makes it class %(abc)s while everything else is unchanged.")
    rungs = [
        Rung(_("class %(abc)s") % {"abc": abc}, never % {"abc": abc}, begins.get(abc))
        for abc in classes
    ]
    return rungs, classes.index(reading.row.abc)


def core_rungs(reading: Reading) -> tuple[list[Rung], int]:
    """Outside the core and in it, and which of the two the account is."""
    begins = reading.entries[reading.policy.vip_core]
    never = _("No amount brings it into the core while everything else is unchanged.")
    rungs = [Rung(_("not in the core"), ""), Rung(_("in the core"), never, begins)]
    return rungs, int(reading.row.core)


RUNGS = {"abc": class_rungs, "core": core_rungs}


def nearest(rungs: list[Rung], place: int, here: int) -> Decimal | None:
    """The nearest basis on the rung at `place`, seen from the one `here`; None where no basis is
    on it."""
    begins = rungs[place].begins
    ends = rungs[place + 1].begins if place + 1 < len(rungs) else None
    if place and (begins is None or (ends is not None and ends <= begins)):
        return None
    return begins if place > here or ends is None else ends - CENT


def rung_changes(name: str, reading: Reading) -> list[dict[str, Any]]:
    """By how much the account's own basis would have to change for each other class, or to be
    in the core or out of it; all other accounts as they are."""
    rungs, here = RUNGS[name](reading)
    basis = reading.row.basis
    note = _("%(basis)s of the window, everything else unchanged") % {
        "basis": Policy.Basis(reading.basis).label
    }
    rows = []
    for place in reversed(range(len(rungs))):
        then = nearest(rungs, place, here)
        if place != here and then is not None:
            what = _("It brings more") if place > here else _("It brings less")
            share = percent(share_of(then, reading.others), 2) if then > 0 else ""
            rows.append(change(what, note, then - basis, rungs[place].then, share=share))
    return rows


def class_changes(reading: Reading) -> list[dict[str, Any]]:
    return rung_changes("abc", reading)


def core_changes(reading: Reading) -> list[dict[str, Any]]:
    return rung_changes("core", reading)


def out_of_reach(name: str, reading: Reading) -> list[str]:
    """A sentence for each class, or for the core, that no amount of the account's own leads to."""
    if name not in RUNGS:
        return []
    rungs, here = RUNGS[name](reading)
    return [
        rung.never
        for place, rung in enumerate(rungs)
        if place != here and nearest(rungs, place, here) is None
    ]


CHANGES = {
    "group_share": band_changes,
    "trend": trend_changes,
    "key": key_changes,
    "abc": class_changes,
    "core": core_changes,
}

"""What follows from the part of the total that lies ahead: the class, and the core."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from firm.templatetags.figures import money, percent, plain
from segmentation.explaining.figure import figure
from segmentation.reading import Reading


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

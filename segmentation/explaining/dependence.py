"""What hangs on a group: its band, and whether it is a key client."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from firm.templatetags.figures import percent, percent_sign, plain
from segmentation.explaining.figure import figure, quotient
from segmentation.limits import limits_of
from segmentation.models import Band
from segmentation.reading import Reading


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

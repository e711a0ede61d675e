"""The segment: the first row of the method's table that fits."""

from typing import Any

from django.utils.translation import gettext as _

from segmentation.explaining.figure import figure
from segmentation.models import Segment
from segmentation.reading import Reading


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

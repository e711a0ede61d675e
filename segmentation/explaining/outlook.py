"""Where an account is heading: its trend, and what people expect of it."""

from typing import Any

from django.utils.translation import gettext as _

from firm.templatetags.figures import money, plain, signed
from segmentation.changes import trend_sums
from segmentation.explaining.figure import basis_name, figure
from segmentation.reading import Reading


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

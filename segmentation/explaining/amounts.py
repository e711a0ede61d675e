"""Revenue, gross margin, and the share of the total that they make."""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firm.templatetags.figures import full_day, money, percent, plain
from segmentation.explaining.figure import basis_name, figure, quotient
from segmentation.reading import Reading


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

"""Figures of the firm explained: what each is made of, how it compares, how it came here."""

from typing import Any

from django.utils.translation import gettext as _

from firm.templatetags.figures import full_day
from segmentation.firm_answers import answer
from segmentation.firm_parts import LABELS, measure_name, named, parts_of
from segmentation.models import GroupStanding, Run
from segmentation.proofs import numbers, rows_of
from segmentation.reading import DAYS

NUMBERS = {
    "key_total": ["key_share", "key_amount", "key_total_low", "key_total_high", "key_total_alarm"],
    "population": ["active_months"],
    "total": ["max_uncosted_share", "max_loss_share", "max_unassigned"],
    "mix_vip": ["mix_vip_clients", "mix_vip", "vip_prospects", "vip_core"],
    "mix_strategic": ["mix_strategic_low", "mix_strategic_high", "strategic_prospects"],
    "mix_typical": ["mix_typical_low", "mix_typical_high"],
    "mix_ballast": ["mix_ballast", "ballast_prospects", "ballast_grace_days", "one_off_months"],
}


def explain_firm(figure: str, run: Run, viewer) -> dict[str, Any]:
    """`figure` of `run` for `viewer`; what lies outside the scope is one row. Raises KeyError."""
    label = LABELS[figure]
    parts = parts_of(figure, run)
    rows, count = named(parts, viewer, figure)
    told = {
        "figure": figure,
        "label": str(label),
        "as_of": run.as_of,
        "rule": rule_of(figure),
        "parts": rows,
        "count": count,
        "is_of_groups": parts.model is GroupStanding,
        "measure": measure_name(figure, run),
        "part_figure": "group_share" if parts.model is GroupStanding else "share",
        "numbers": numbers(run.policy, NUMBERS.get(figure, [])),
        "terms": None,
    }
    return told | answer(figure, run)


def rule_of(figure: str) -> str:
    if figure.startswith("mix_"):
        return "target-mix"
    return {
        "population": "population",
        "total": "share",
        "income": "basis",
        "turnover": "ledger",
    }.get(figure, "portfolio-tests")


def firm_history(figure: str, run: Run) -> dict[str, Any] | None:
    """The figure in the runs of the stored days up to this one, as they counted it then."""
    runs = Run.objects.filter(as_of__lte=run.as_of, is_kept=True).order_by("-as_of", "-pk")
    newest: dict[Any, Any] = {}
    for as_of, summary in runs.values_list("as_of", "summary")[:DAYS]:
        newest.setdefault(as_of, summary)
    days = sorted(newest)
    if len(days) < 2:
        return None
    values = [summed(figure, newest[day]) for day in days]
    return {
        "label": "",
        "days": [day.isoformat() for day in days],
        "labels": [full_day(day) for day in days],
        "rows": rows_of(days, values),
        "values": values,
        "limits": [
            {"at": float(getattr(run.policy, name)), "text": text}
            for name, text in (
                ("key_total_low", _("usual from")),
                ("key_total_high", _("usual to")),
                ("key_total_alarm", _("alarm")),
            )
            if figure == "key_total"
        ],
        "unit": "%" if figure == "key_total" or figure.startswith("top_") else "",
    }


def summed(figure: str, summary: dict[str, Any]) -> float | None:
    if figure.startswith("mix_"):
        return summary["segment"].get(figure.removeprefix("mix_"), 0)
    if figure == "top_20":
        return round(summary["top_20_percent"] * 100, 4)
    if figure.startswith("top_"):
        return round(summary["top"][figure.removeprefix("top_")] * 100, 4)
    if figure == "key_total":
        return round(summary["key_total"] * 100, 4)
    value = summary[figure]
    return None if value is None else float(value)

"""Figures of the firm explained: what each is made of, how it compares, how it came here."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from firm.models import Policy
from firm.templatetags.figures import full_day, money, percent, percent_sign, plain
from segmentation.answers import scale, term
from segmentation.dashboard import names_of
from segmentation.models import GroupStanding, Run, Segment, StandingHistory
from segmentation.proofs import numbers, rows_of

ROWS = 15
DAYS = 500
ZERO = Decimal(0)
TOPS = ("1", "3", "5", "10")

LABELS = {
    "hhi": gettext_lazy("Concentration, HHI"),
    "effective_clients": gettext_lazy("Effective clients"),
    **{f"top_{n}": gettext_lazy("Share of the largest groups") for n in TOPS},
    "top_20": gettext_lazy("Top 20 % of accounts"),
    "key_total": gettext_lazy("Key clients together"),
    "population": gettext_lazy("Accounts that count"),
    "total": gettext_lazy("The total of which shares are taken"),
    "income": gettext_lazy("Gross margin of all accounts"),
    "turnover": gettext_lazy("Revenue of all accounts"),
    **{f"mix_{value}": label for value, label in Segment.choices},
}
NUMBERS = {
    "key_total": ["key_share", "key_amount", "key_total_low", "key_total_high", "key_total_alarm"],
    "population": ["active_months"],
    "total": ["max_uncosted_share", "max_loss_share", "max_unassigned"],
    "mix_vip": ["mix_vip_clients", "mix_vip", "vip_prospects", "vip_core"],
    "mix_strategic": ["mix_strategic_low", "mix_strategic_high", "strategic_prospects"],
    "mix_typical": ["mix_typical_low", "mix_typical_high"],
    "mix_ballast": ["mix_ballast", "ballast_prospects", "ballast_grace_days", "one_off_months"],
}


@dataclass
class Part:
    """One row of what a figure is made of; without `opens` it is all that is not named."""

    name: str
    opens: int | None
    basis: Decimal
    share: Decimal | None
    adds: str = ""


def explain_firm(figure: str, run: Run, viewer) -> dict[str, Any]:
    """`figure` of `run` for `viewer`; what lies outside the scope is one row. Raises KeyError."""
    label = LABELS[figure]
    parts = parts_of(figure, run)
    told = {
        "figure": figure,
        "label": str(label),
        "as_of": run.as_of,
        "rule": rule_of(figure),
        "parts": named(parts, run, viewer, figure),
        "count": parts.count(),
        "is_of_groups": parts.model is GroupStanding,
        "measure": measure_name(figure, run),
        "part_figure": "group_share" if parts.model is GroupStanding else "share",
        "numbers": numbers(run.policy, ["basis", "window_months", *NUMBERS.get(figure, [])]),
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


def parts_of(figure: str, run: Run):
    """The groups or accounts that `figure` is made of, largest first."""
    groups = GroupStanding.objects.on(run.as_of).filter(basis__gt=0)
    accounts = StandingHistory.objects.filter(as_of=run.as_of).order_by("rank")
    if figure.startswith("top_") and figure != "top_20":
        return groups.filter(rank__lte=int(figure.removeprefix("top_")))
    if figure.startswith("mix_"):
        return accounts.filter(segment=figure.removeprefix("mix_"))
    return {
        "hhi": groups,
        "effective_clients": groups,
        "key_total": groups.filter(key=True),
        "top_20": accounts.filter(basis__gt=0, rank__lte=first_fifth(run)),
        "total": accounts.filter(basis__gt=0),
        "population": accounts,
        "income": accounts,
        "turnover": accounts,
    }[figure]


def first_fifth(run: Run) -> int:
    return -(-run.facts["positive_accounts"] // 5)


def measured(figure: str) -> str:
    return figure if figure in ("income", "turnover") else "basis"


def measure_name(figure: str, run: Run) -> str:
    if figure in ("income", "turnover"):
        return str(Policy.Basis(figure).label)
    return run.get_basis_display()


def named(parts, run: Run, viewer, figure: str) -> list[Part]:
    """The largest parts that `viewer` may name, and one row for all the others."""
    column = measured(figure)
    squares = figure in ("hhi", "effective_clients")
    seen = list(with_names(parts, viewer)[:ROWS])
    whole = parts.aggregate(
        count=Count("pk"),
        sum=Sum(column, default=ZERO),
        shares=Sum("share", default=ZERO),
        squares=Sum(F("share") * F("share"), default=ZERO),
    )
    names = names_for(seen, viewer)
    rows = [
        Part(*names[row.pk], getattr(row, column), row.share, adds(row.share, squares=squares))
        for row in seen
    ]
    left = whole["count"] - len(seen)
    if left:
        rest = whole["squares"] - sum((row.share or ZERO) ** 2 for row in seen)
        rows.append(
            Part(
                others(left, of_groups=parts.model is GroupStanding),
                None,
                whole["sum"] - sum((getattr(row, column) for row in seen), ZERO),
                whole["shares"] - sum((row.share or ZERO for row in seen), ZERO),
                plain(10000 * rest, 1) if squares else "",
            )
        )
    return rows


def with_names(parts, viewer):
    relation = "group" if parts.model is GroupStanding else "account"
    return parts.visible_to(viewer).select_related(relation)


def names_for(rows, viewer):
    if rows and isinstance(rows[0], GroupStanding):
        return names_of(rows, viewer)
    return {row.pk: (row.account.name, row.account_id) for row in rows}


def adds(share: Decimal | None, *, squares: bool) -> str:
    return plain(10000 * (share or ZERO) ** 2, 1) if squares else ""


def others(count: int, *, of_groups: bool) -> str:
    if of_groups:
        text = ngettext("%(n)s other group", "%(n)s other groups", count)
    else:
        text = ngettext("%(n)s other account", "%(n)s other accounts", count)
    return text % {"n": plain(count)}


def answer(figure: str, run: Run) -> dict[str, Any]:
    """The value, the sentence and the formula of `figure`."""
    if figure.startswith("mix_"):
        return mix_answer(figure.removeprefix("mix_"), run)
    if figure.startswith("top_") and figure != "top_20":
        return top_answer(figure.removeprefix("top_"), run)
    return ANSWERS[figure](run)


def said(run: Run, **more: Any) -> dict[str, Any]:
    return {
        "basis": run.get_basis_display(),
        "currency": run.facts["currency"],
        "months": run.policy.window_months,
        "day": full_day(run.as_of),
        "groups": plain(run.facts["positive_groups"]),
    } | more


def hhi_answer(run: Run) -> dict[str, Any]:
    value = plain(run.summary["hhi"])
    return {
        "value": value,
        "unit": "",
        "answer": _(
            "10,000 times the sum of the squared shares of %(groups)s groups is %(value)s on "
            "%(day)s: 10,000 would be one single client, near 0 many equal ones."
        )
        % said(run, value=plain(run.summary["hhi"], 1)),
        "formula": _("10,000 × sum of squared group shares"),
    }


def effective_answer(run: Run) -> dict[str, Any]:
    value, hhi = run.summary["effective_clients"], run.summary["hhi"]
    if value is None:
        return {"value": "–", "unit": "", "answer": _("No share is defined."), "formula": ""}
    return {
        "value": plain(value, 1),
        "unit": "",
        "answer": _(
            "The portfolio weighs as much as %(value)s clients of equal size would, although "
            "%(groups)s groups earned something in the %(months)s months to %(day)s."
        )
        % said(run, value=plain(value, 1)),
        "formula": "",
        "terms": {
            "over": term(plain(10000), _("one single client")),
            "under": term(plain(hhi, 1), _("HHI")),
            "result": term(plain(value, 1), _("effective clients")),
        },
    }


def quotient(part: Decimal, whole: Decimal, run: Run, of_part: str, of_whole: str, value: str):
    currency = run.facts["currency"]
    return {
        "over": term(money(part, 2), f"{of_part}, {currency}"),
        "under": term(money(whole, 2), f"{of_whole}, {currency}"),
        "result": term(value, _("share")),
    }


def top_answer(n: str, run: Run) -> dict[str, Any]:
    share = run.summary["top"][n]
    part = parts_of(f"top_{n}", run).aggregate(sum=Sum("basis", default=ZERO))["sum"]
    whole = Decimal(run.facts["group_total"])
    label = _("Top %(n)s") % {"n": n}
    return {
        "label": label,
        "value": percent(share),
        "unit": "%",
        "answer": _(
            "The largest groups, %(n)s at most, brought %(share)s of %(basis)s in the %(months)s "
            "months to %(day)s."
        )
        % said(run, n=n, share=percent_sign(share, 2)),
        "formula": "",
        "terms": quotient(
            part, whole, run, label, _("all groups with a positive result"), percent_sign(share, 2)
        )
        if whole
        else None,
    }


def fifth_answer(run: Run) -> dict[str, Any]:
    share, total = run.summary["top_20_percent"], Decimal(run.summary["total"])
    part = parts_of("top_20", run).aggregate(sum=Sum("basis", default=ZERO))["sum"]
    rest = run.summary["population"] - run.facts["positive_accounts"]
    return {
        "value": percent(share),
        "unit": "%",
        "answer": _(
            "Of %(all)s accounts that earned something the first %(n)s brought %(share)s of "
            "%(basis)s; %(rest)s more earned nothing or lost."
        )
        % said(
            run,
            n=plain(first_fifth(run)),
            all=plain(run.facts["positive_accounts"]),
            share=percent_sign(share, 2),
            rest=plain(rest),
        ),
        "formula": "",
        "terms": quotient(
            part,
            total,
            run,
            _("the first fifth"),
            _("all accounts with a positive result"),
            percent_sign(share, 2),
        )
        if total
        else None,
    }


def key_total_answer(run: Run) -> dict[str, Any]:
    share, policy = run.summary["key_total"], run.policy
    whole = Decimal(run.facts["group_total"])
    values = said(
        run,
        n=plain(run.facts["key_groups"]),
        share=percent_sign(share, 2),
        low=plain(policy.key_total_low, "free"),
        high=plain(policy.key_total_high, "free"),
        alarm=plain(policy.key_total_alarm, "free"),
    )
    terms = None
    if whole:
        part = Decimal(run.facts["key_sum"])
        terms = quotient(
            part,
            whole,
            run,
            _("key groups"),
            _("all groups with a positive result"),
            percent_sign(share, 2),
        ) | {
            "value": percent_sign(share, 1),
            "scale": scale(
                100 * part / whole,
                [
                    (policy.key_total_low, _("usual from")),
                    (policy.key_total_high, _("usual to")),
                    (policy.key_total_alarm, _("alarm over")),
                ],
            ),
        }
    return {
        "value": percent(share),
        "unit": "%",
        "answer": _(
            "%(n)s key groups brought %(share)s of %(basis)s in the %(months)s months to %(day)s. "
            "Usual is %(low)s to %(high)s %%, the alarm stands over %(alarm)s %%."
        )
        % values,
        "formula": "",
        "terms": terms,
    }


def population_answer(run: Run) -> dict[str, Any]:
    return {
        "value": plain(run.summary["population"]),
        "unit": "",
        "answer": _(
            "%(n)s accounts have an entry in the %(active)s months to %(day)s; others have no "
            "standing and count nowhere."
        )
        % said(run, n=plain(run.summary["population"]), active=run.policy.active_months),
        "formula": "",
    }


def total_answer(run: Run) -> dict[str, Any]:
    total = run.summary["total"]
    return {
        "value": money(total, 2),
        "unit": run.facts["currency"],
        "answer": _(
            "%(n)s accounts with a positive %(basis)s brought %(total)s %(currency)s in the "
            "%(months)s months to %(day)s; what others lost is not taken off."
        )
        % said(run, n=plain(run.facts["positive_accounts"]), total=money(total, 2)),
        "formula": _("profits %(profits)s, losses %(losses)s")
        % {
            "profits": money(run.facts["profits"], 2),
            "losses": money(run.facts["losses"], 2),
        },
    }


def sum_answer(figure: str):
    def told(run: Run) -> dict[str, Any]:
        return {
            "value": money(run.summary[figure], 2),
            "unit": run.facts["currency"],
            "answer": _("%(what)s in the %(months)s months to %(day)s: %(value)s %(currency)s.")
            % said(run, what=LABELS[figure], value=money(run.summary[figure], 2)),
            "formula": "",
        }

    return told


ANSWERS = {
    "hhi": hhi_answer,
    "effective_clients": effective_answer,
    "top_20": fifth_answer,
    "key_total": key_total_answer,
    "population": population_answer,
    "total": total_answer,
    "income": sum_answer("income"),
    "turnover": sum_answer("turnover"),
}


def mix_answer(segment: str, run: Run) -> dict[str, Any]:
    label = Segment(segment).label
    facts = run.facts["mix"]
    if segment == Segment.LOST:
        count = run.summary["segment"].get("lost", 0)
        text = _(
            "%(n)s accounts bought in the window before and nothing in this one; "
            "they take no part in the mix."
        )
        return {
            "value": plain(count),
            "unit": "",
            "answer": text % {"n": plain(count)},
            "formula": "",
        }
    row = facts["segments"][segment]
    values = {
        "n": plain(row["count"]),
        "all": plain(facts["population"]),
        "segment": label,
        "percent": plain(row["percent"], 1),
        "low": plain(row["low"], "free"),
        "high": plain(row["high"], "free"),
    }
    if row["low"]:
        text = _(
            "%(n)s of %(all)s accounts are %(segment)s: %(percent)s %% "
            "against %(low)s–%(high)s %%."
        )
    else:
        text = _(
            "%(n)s of %(all)s accounts are %(segment)s: %(percent)s %% "
            "against at most %(high)s %%."
        )
    limits = [(Decimal(row["high"]), _("up to"))]
    if row["low"]:
        limits.insert(0, (Decimal(row["low"]), _("from")))
    return {
        "value": plain(row["count"]),
        "unit": "",
        "answer": text % values,
        "formula": "",
        "terms": {
            "over": term(values["n"], str(label)),
            "under": term(values["all"], _("accounts of the population without lost ones")),
            "result": term(f"{values['percent']} %", _("of accounts")),
            "value": f"{values['percent']} %",
            "scale": scale(Decimal(row["percent"]), limits),
        },
    }


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

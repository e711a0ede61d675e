"""The value, the sentence and the formula of each figure of the firm."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from firm.templatetags.figures import full_day, money, percent, percent_sign, plain
from segmentation.answers import scale, term
from segmentation.firm_parts import LABELS, ZERO, first_fifth, parts_of
from segmentation.models import Run, Segment


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

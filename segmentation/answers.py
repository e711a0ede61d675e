"""The answer to "why": a sentence, a formula, a scale, and what would change the figure.

All of it from one `Reading`, and in exact amounts; `segmentation.explain` puts it together.
"""

from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firm.models import Policy
from firm.templatetags.figures import full_day, money, percent_sign, plain, signed
from segmentation.changes import CHANGES, out_of_reach, trend_sums
from segmentation.limits import limits_of
from segmentation.models import Band
from segmentation.reading import Reading
from segmentation.rules.numbers import label_and_unit

# By figure: the rule of the method that it follows.
RULES_OF = {
    "segment": "segment",
    "group_share": "dependency-band",
    "key": "key-client",
    "share": "share",
    "abc": "abc-class",
    "core": "abc-class",
    "trend": "trend",
    "prospects": "prospects",
    "turnover": "ledger",
    "income": "basis",
}


def answered(reading: Reading, figure: dict[str, Any], group: str) -> dict[str, Any]:
    """`figure` with its answer beside it; `group` is what the reader may call the group."""
    name = figure["name"]
    answer = {"group_share": band_answer, "share": share_answer}.get(name)
    terms = TERMS.get(name)
    changes = CHANGES.get(name)
    return figure | {
        "rule": RULES_OF[name],
        "answer": answer(reading, group) if answer else plain_answer(reading, figure),
        "terms": terms(reading) if terms else None,
        "changes": changes(reading) if changes else [],
        "out_of_reach": out_of_reach(name, reading),
    }


def said(reading: Reading, **more: Any) -> dict[str, Any]:
    """What every answer speaks of."""
    return {
        "account": reading.account.name,
        "basis": Policy.Basis(reading.basis).label,
        "currency": reading.facts["currency"],
        "months": reading.policy.window_months,
        "day": full_day(reading.as_of),
    } | more


def plain_answer(reading: Reading, figure: dict[str, Any]) -> str:
    value = f"{figure['value']} {figure['unit']}".strip()
    told = said(reading, figure=figure["label"], value=value)
    answer = _("%(figure)s of %(account)s on %(day)s: %(value)s.") % told
    why = capfirst(figure["sentence"])
    # Every script ends its sentences in its own way.
    end = "" if not why or why[-1] in ".。" else answer[-1]
    return f"{answer} {why}{end}".strip()


def share_answer(reading: Reading, group: str) -> str:
    row = reading.row
    if row.share is None:
        return _("%(account)s has no share: its %(basis)s is not positive.") % said(reading)
    return _(
        "%(account)s brought %(part)s of the %(whole)s %(currency)s of %(basis)s that accounts "
        "earned in the %(months)s months to %(day)s. That is %(share)s."
    ) % said(
        reading,
        part=money(row.basis, 2),
        whole=money(reading.summary["total"], 2),
        share=percent_sign(row.share, 2),
    )


def band_answer(reading: Reading, group: str) -> str:
    figures = reading.group
    if figures.share is None:
        return _("The group of %(account)s has no share, so it is in no band.") % said(reading)
    values = said(
        reading,
        group=group,
        n=plain(figures.accounts),
        part=money(figures.basis, 2),
        whole=money(reading.facts["group_total"], 2),
        share=percent_sign(figures.share, 2),
    )
    brought = ngettext(
        "%(account)s stands alone in its group and brought %(part)s of the company's %(whole)s "
        "%(currency)s of %(basis)s in the %(months)s months to %(day)s.",
        "%(account)s belongs to %(group)s, whose %(n)s accounts brought %(part)s of the company's "
        "%(whole)s %(currency)s of %(basis)s in the %(months)s months to %(day)s.",
        figures.accounts,
    )
    return f"{brought % values} {band_verdict(reading, values)}"


def band_verdict(reading: Reading, values: dict[str, Any]) -> str:
    band = Band(reading.group.band)
    limits = limits_of(reading.policy)
    since = reading.band_since
    values = values | {
        "limit": plain(limits.get(band, reading.policy.key_share), "free"),
        "band": band.label,
        "since": full_day(since) if since else "",
    }
    if band == Band.NONE:
        return _("That is %(share)s, not more than %(limit)s %%: no band.") % values
    if since and since != reading.as_of:
        text = _("That is %(share)s, more than %(limit)s %%: %(band)s since %(since)s.")
    else:
        text = _("That is %(share)s, more than %(limit)s %%: %(band)s.")
    return text % values


def term(value: Any, label: Any) -> dict[str, str]:
    return {"value": str(value), "label": str(label)}


def scale(value: Decimal, limits, *, low: int = 0) -> dict[str, Any]:
    """A scale of percent with `limits` and the place of `value` on it."""
    told = [{"at": str(limit), "text": str(text)} for limit, text in limits]
    return {"value": f"{value:.4f}", "low": low, "high": 100, "limits": told}


def named_limit(reading: Reading, name: str) -> dict[str, str]:
    """A number of the policy, with its name there and the version."""
    value = f"{plain(getattr(reading.policy, name), 'free')} %"
    return term(
        value,
        _("%(name)s, policy v%(version)s")
        % {
            "name": label_and_unit(name)[0],
            "version": reading.policy.version,
        },
    )


def share_terms(reading: Reading) -> dict[str, Any] | None:
    row, total = reading.row, Decimal(reading.summary["total"])
    if row.share is None:
        return None
    labels = said(reading)
    return {
        "over": term(money(row.basis, 2), _("%(basis)s of the account, %(currency)s") % labels),
        "under": term(
            money(total, 2), _("all accounts with a positive %(basis)s, %(currency)s") % labels
        ),
        "result": term(percent_sign(row.share, 2), _("share")),
    }


def band_terms(reading: Reading) -> dict[str, Any] | None:
    group, policy = reading.group, reading.policy
    if group.share is None:
        return None
    labels = said(reading)
    order = [Band.NONE, *limits_of(policy)]
    place = order.index(Band(group.band))
    is_over = place > 0
    above = order[place + 1 :][:1]
    note = ""
    if is_over and above:
        note = _("not %(band)s: needs over %(limit)s %%") % {
            "band": above[0].label,
            "limit": plain(limits_of(policy)[above[0]], "free"),
        }
    limits = [(limit, band.label) for band, limit in limits_of(policy).items()]
    return {
        "over": term(money(group.basis, 2), _("%(basis)s of the group, %(currency)s") % labels),
        "under": term(
            money(reading.facts["group_total"], 2),
            _("all groups with a positive %(basis)s, %(currency)s") % labels,
        ),
        "result": term(percent_sign(group.share, 2), _("share")),
        "sign": ">" if is_over else "≤",
        "limit": named_limit(reading, f"{order[max(place, 1)].value}_share"),
        "outcome": term(Band(group.band).label if is_over else _("no band"), note),
        "band": group.band,
        "value": percent_sign(group.share, 1),
        "scale": scale(group.share * 100, limits),
    }


def class_terms(reading: Reading) -> dict[str, Any] | None:
    row, policy = reading.row, reading.policy
    name = "abc_b" if row.abc == "B" or row.abc == "C" else "abc_a"
    note = {
        "A": "",
        "B": _("not A: that needs under %(limit)s %%") % {"limit": plain(policy.abc_a, "free")},
        "C": "",
    }[row.abc]
    limits = [(policy.abc_a, _("class A up to")), (policy.abc_b, _("class B up to"))]
    outcome = term(_("class %(abc)s") % {"abc": row.abc}, note)
    return ahead_terms(reading, name, limits, outcome, is_under=row.abc != "C")


def core_terms(reading: Reading) -> dict[str, Any] | None:
    row = reading.row
    outcome = term(_("in the core") if row.core else _("not in the core"), "")
    limits = [(reading.policy.vip_core, _("core up to"))]
    return ahead_terms(reading, "vip_core", limits, outcome, is_under=row.core)


def ahead_terms(reading, name, limits, outcome, *, is_under) -> dict[str, Any] | None:
    """What lies ahead of the account, as a part of all."""
    row, total = reading.row, Decimal(reading.summary["total"])
    if not total or row.basis <= 0:
        return None
    labels, ahead = said(reading), row.before / total
    return {
        "over": term(money(row.before, 2), _("%(basis)s ahead of it, %(currency)s") % labels),
        "under": term(
            money(total, 2), _("all accounts with a positive %(basis)s, %(currency)s") % labels
        ),
        "result": term(percent_sign(ahead, 2), _("lies ahead")),
        "sign": "<" if is_under else "≥",
        "limit": named_limit(reading, name),
        "outcome": outcome,
        "band": "",
        "value": percent_sign(ahead, 1),
        "scale": scale(ahead * 100, limits),
    }


def trend_terms(reading: Reading) -> dict[str, Any] | None:
    now, was = trend_sums(reading)
    row, change = reading.row, reading.policy.trend_change
    if was <= 0 or row.trend not in ("growing", "declining", "steady"):
        return None
    growth = (now - was) / was
    labels = said(reading, basis=Policy.Basis(reading.trend_basis).label)
    return {
        "over": term(
            f"{money(now, 2)} − {money(was, 2)}",
            _("%(basis)s of this window less the one before, %(currency)s") % labels,
        ),
        "under": term(money(was, 2), _("the window before, %(currency)s") % labels),
        "result": term(f"{signed(growth, 2)} %", _("change")),
        "sign": {"growing": ">", "declining": "<", "steady": "≤"}[row.trend],
        "limit": term(
            {"growing": "+", "declining": "−", "steady": "± "}[row.trend]
            + f"{plain(change, 'free')} %",
            named_limit(reading, "trend_change")["label"],
        ),
        "outcome": term(row.get_trend_display(), ""),
        "band": "",
        "value": f"{signed(growth)} %",
        "scale": scale(
            growth * 100, [(-change, _("declining")), (change, _("growing"))], low=-100
        ),
    }


TERMS = {
    "share": share_terms,
    "group_share": band_terms,
    "abc": class_terms,
    "core": core_terms,
    "trend": trend_terms,
}

"""The answer to "why": a sentence, a formula, a scale, and what would change the figure.

All of it from one `Reading`, and in exact amounts; `segmentation.explain` puts it together.
"""

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from firm.models import Policy
from firm.templatetags.figures import full_day, money, percent, percent_sign, plain, signed
from segmentation.limits import less_by, more_than, others_more_by, share_of
from segmentation.models import Band
from segmentation.reading import Reading

ZERO = Decimal(0)
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
MEMBERS = 3


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
    }


def limits_of(policy: Policy) -> dict[Band, Decimal]:
    return {
        Band.KEY: policy.key_share,
        Band.CRITICAL: policy.critical_share,
        Band.MONO: policy.mono_share,
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
    return _("%(account)s, %(figure)s on %(day)s: %(value)s. %(why)s") % said(
        reading, figure=figure["label"].lower(), value=value, why=figure["sentence"]
    )


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


def term(value: str, label: str) -> dict[str, str]:
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
            "name": name,
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


def trend_sums(reading: Reading) -> tuple[Decimal, Decimal]:
    row = reading.row
    if reading.trend_basis == Policy.Basis.INCOME:
        return row.income, row.previous_income
    return row.turnover, row.previous_turnover


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


def change(
    what: str, note: str, by: Decimal, then: str, band: str = "", share: str = "", *, over=False
):
    """One row of "what would change it"; `over` where a cent more than `by` is needed."""
    amount = money(abs(by), 2)
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
    rows = []
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


def band_at(basis: Decimal, others: Decimal, limits: dict[Band, Decimal]) -> Band:
    """The band of a basis beside others, strictly over its limit."""
    found = Band.NONE
    for band, limit in limits.items():
        if basis > 0 and basis * 100 > limit * (basis + others):
            found = band
    return found


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


CHANGES = {"group_share": band_changes, "trend": trend_changes, "key": key_changes}

"""The mix of segments against its target, and what it says."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from firm.models import Policy
from segmentation.models import Segment

JUDGED = (Segment.VIP, Segment.STRATEGIC, Segment.TYPICAL, Segment.BALLAST)


def ranges(policy: Policy, population: int) -> dict[str, tuple[Decimal | None, Decimal]]:
    """For each segment the least and the greatest count that the target allows.

    VIP: at most the greater of a number of clients and a percentage (Z11 to Z14).
    """
    one_percent = Decimal(population) / 100
    return {
        Segment.VIP: (
            None,
            max(Decimal(policy.mix_vip_clients), policy.mix_vip * one_percent),
        ),
        Segment.STRATEGIC: (
            policy.mix_strategic_low * one_percent,
            policy.mix_strategic_high * one_percent,
        ),
        Segment.TYPICAL: (
            policy.mix_typical_low * one_percent,
            policy.mix_typical_high * one_percent,
        ),
        Segment.BALLAST: (None, policy.mix_ballast * one_percent),
    }


def mix(
    policy: Policy,
    counts: dict[str, int],
    weights: dict[str, Decimal],
    sums: dict[str, Any],
    summary: dict[str, Any],
) -> dict[str, Any]:
    """The target mix in counts and percent of the population without lost accounts (C3, C4).

    Verdicts are given from `mix_min_accounts` accounts up and once `mix_min_rated` percent of
    classes A and B are rated; until then counts alone, and why.
    """
    population = sum(counts.get(segment, 0) for segment in JUDGED)
    why_not = None
    if population < policy.mix_min_accounts:
        why_not = "few"
    elif sums["rated_ab"] * 100 < policy.mix_min_rated * sums["ab"]:
        why_not = "unrated"
    limits = ranges(policy, population)
    segments = {}
    for segment in JUDGED:
        count = counts.get(segment, 0)
        low, high = limits[segment]
        segments[segment.value] = {
            "count": count,
            "percent": share(count, population),
            "low": None if low is None else share(low, population),
            "high": share(high, population),
            "verdict": None if why_not else verdict(count, low, high),
            "basis_share": share(weights.get(segment, Decimal(0)), sums["total"]),
        }
    return {
        "population": population,
        "ab": sums["ab"],
        "rated_ab": sums["rated_ab"],
        "judged": why_not is None,
        "why_not": why_not,
        "segments": segments,
        "diagnosis": None if why_not else diagnosis(policy, segments, summary),
    }


def verdict(count: int, low: Decimal | None, high: Decimal) -> str:
    if low is not None and count < low:
        return "under"
    return "over" if count > high else "in"


def diagnosis(policy: Policy, segments: dict[str, Any], summary: dict[str, Any]) -> str | None:
    """What the mix says first: too much ballast, dependence, or a flat portfolio (C4)."""
    if segments[Segment.BALLAST.value]["verdict"] == "over":
        return "ballast"
    if segments[Segment.VIP.value]["verdict"] == "over":
        effective = summary["effective_clients"] or 0
        return "dependence" if effective < policy.flat_portfolio_clients else "flat"
    return None


def share(part: Decimal | int, whole: Decimal | int) -> str:
    """Percent with one decimal, as text."""
    if not whole:
        return "0.0"
    return str((100 * Decimal(part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))

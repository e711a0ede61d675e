"""The curve of Pareto: accounts by their place, and what all up to there bring together."""

from decimal import Decimal

from accounts.models import Account
from segmentation.models import StandingHistory

# So many bars can be told apart; of a longer list every so-manieth account is drawn.
BARS = 300


def pareto(run, user):
    """Bars of the accounts of `run`, and how many accounts one of them stands for.

    Amounts are everybody's who sees an account; names are those of the reader's own accounts.
    """
    population = run.summary["population"]
    step = max(1, -(-population // BARS))
    ranks = list(range(1, population + 1, step))
    stored = StandingHistory.objects.filter(as_of=run.as_of, rank__in=ranks).order_by("rank")
    rows = stored.values("rank", "account", "basis", "before", "abc")
    drawn = [row["account"] for row in rows]
    visible = Account.objects.visible_to(user).filter(pk__in=drawn)
    names = dict(visible.values_list("pk", "name"))
    total = Decimal(run.summary["total"])
    bars = [
        {
            "rank": row["rank"],
            "opens": row["account"] if row["account"] in names else None,
            "name": names.get(row["account"], ""),
            "basis": row["basis"],
            "cumulated": (row["before"] + max(row["basis"], Decimal(0))) / total
            if total
            else None,
            "abc": row["abc"],
        }
        for row in rows
    ]
    return {"bars": bars, "step": step}


def chart_data(bars, unit, limits):
    """The same for the chart: plain numbers in the page's unit, and what its axes say."""
    scale = 1000 if unit.in_thousands else 1
    return {
        "rank": [bar["rank"] for bar in bars],
        "name": [bar["name"] for bar in bars],
        "basis": [round(float(bar["basis"]) / scale, 2) for bar in bars],
        "cumulated": [
            None if bar["cumulated"] is None else round(float(bar["cumulated"]) * 100, 2)
            for bar in bars
        ],
        "abc": [bar["abc"] for bar in bars],
    } | limits

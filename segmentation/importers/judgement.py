"""Prospects and qualifications in a file of accounts."""

from django.utils.translation import gettext as _

from accounts.importers import shapes
from accounts.importers.accounts import Extra
from accounts.importers.staging import Problems
from accounts.sql import run_file
from firm.today import today
from segmentation.models import Qualification

SCORES = ("prospects_kam", "prospects_head")
DAYS = ("prospects_on", "qualified_on", "qualified_until")


def check(row: dict[str, str]) -> Problems:
    """What is wrong with the scores, the ground and their days."""
    found = [(name, score_problem(row[name])) for name in SCORES]
    found += [(name, row[name] and shapes.day_problem(row[name])) for name in DAYS]
    found.append(("qualified_ground", ground_problem(row)))
    return [shapes.problem(name, row[name], why) for name, why in found if why]


def score_problem(text: str) -> str:
    return "" if text in ("", "1", "2", "3", "4", "5") else _("prospects go from 1 to 5")


def ground_problem(row: dict[str, str]) -> str:
    ground = row["qualified_ground"]
    if ground and ground not in Qualification.Ground.values:
        return _("is none of %(grounds)s") % {"grounds": ", ".join(Qualification.Ground.values)}
    if ground and not row["qualified_on"]:
        return _("a ground needs the day of its approval: fill qualified_on")
    return ""


def store(cursor) -> int:
    return run_file(cursor, "segmentation/import/judgement.sql", {"today": today()})


JUDGEMENT = Extra(
    columns=(*SCORES, *DAYS, "qualified_ground"),
    types=("smallint", "smallint", "date", "date", "date", "text"),
    check=check,
    store=store,
    kinds=dict.fromkeys(DAYS, "day") | dict.fromkeys(SCORES, "whole"),
)

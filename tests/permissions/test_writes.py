"""Who may write what about an account that they see: each door, for everybody near it."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import AccountFactory, UserFactory
from tests.permissions.elsewhere import TRACE, Elsewhere
from tests.permissions.test_matrix import HANDLER, everything

LEADERS = {"head", "head above", "director", "administrator"}
WORKERS = {"owner", "second manager"}
READERS = {"technical", "presale", "project_member", "analyst"}
DAY = "2024-03-01"


def ratings(rater):
    return {
        "what": rater,
        f"{rater}-score": "2",
        f"{rater}-reason": "They build.",
        f"{rater}-rated_on": DAY,
    }


# Each write: the route, what is sent, and who may.
WRITES = {
    "edit": ("accounts:edit", {"industry": "nails"}, LEADERS | WORKERS),
    "owner": ("accounts:owner", {"day": DAY}, LEADERS),
    "parent": ("accounts:parent", {"day": DAY}, LEADERS | WORKERS),
    "team": ("accounts:team", {"day": DAY, "part": "service"}, LEADERS | WORKERS),
    "leave": ("accounts:team_leave", {}, LEADERS | WORKERS),
    "score of the manager": ("segmentation:rate", ratings("kam"), WORKERS),
    "score of the head": ("segmentation:rate", ratings("head"), LEADERS),
}


def near(who, elsewhere):
    roles = {"owner": None, "second manager": "kam", "technical": "kam", "head above": "head"}
    if who == "owner":
        return elsewhere.owner
    department = elsewhere.above if who == "head above" else elsewhere.department
    user = UserFactory(roles=[roles.get(who, who)], department=department)
    parts = {"second manager": "kam", "technical": "technical"}
    if who in READERS | {"second manager"}:
        elsewhere.account.team.create(user=user, part=parts.get(who, "presale"))
    return user


@pytest.mark.parametrize("who", sorted(LEADERS | WORKERS | READERS))
@pytest.mark.parametrize("write", WRITES)
def test_who_may_writes_and_for_others_nothing_changes(db, write, who):
    elsewhere = Elsewhere.make()
    route, sent, may = WRITES[write]
    client = Client()
    client.handler = HANDLER
    client.force_login(near(who, elsewhere))
    colleague = UserFactory(roles=["kam"])
    if write == "leave":
        elsewhere.account.team.create(user=colleague, part="service")
    if write == "parent":
        elsewhere.account.parentages.create(parent=AccountFactory())
    record = {"name": TRACE, "account_ref": TRACE, "kind": "company"}
    version = elsewhere.account.events.latest("pgh_id").pk
    before = everything()

    response = client.post(
        reverse(route, args=[elsewhere.account.pk]),
        record | {"version": version, "user": colleague.pk} | sent,
    )

    assert response.status_code == (302 if who in may else 403)
    assert (everything() != before) == (who in may)

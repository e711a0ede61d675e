"""Rating prospects, a segment by hand, and the shares of a group before it is made."""

from datetime import timedelta
from decimal import Decimal

import pytest

from firm.models import Job
from firm.today import today
from segmentation.models import ProspectRating, SegmentOverride
from tests.factories import AccountFactory


def text_of(response):
    return response.content.decode()


def rate(client, account, rater, score, reason="They build a second works.", **values):
    data = {"score": score, "reason": reason, "rated_on": today().isoformat()} | values
    data = {f"{rater}-{name}": value for name, value in data.items()}
    return client.post(f"/accounts/{account.pk}/prospects/", data | {"what": rater})


def page(client, account):
    return client.get(f"/accounts/{account.pk}/prospects/")


def test_a_manager_rates_and_the_flags_are_to_be_looked_at_again(client, firm):
    client.force_login(firm.owner)

    response = rate(client, firm.turbines, "kam", 5)

    assert response.url == f"/accounts/{firm.turbines.pk}/prospects/"
    rating = firm.turbines.ratings.get(rater="kam", rated_on=today())
    assert (rating.score, rating.author) == (5, firm.owner)
    assert Job.objects.get(topic="recheck").payload == {"account": firm.turbines.pk}
    text = text_of(client.get(response.url))
    assert "They build a second works." in text


def test_the_same_rating_again_is_one_rating_and_one_job(client, firm):
    client.force_login(firm.owner)

    for _again in range(2):
        rate(client, firm.turbines, "kam", 5)
    assert firm.turbines.ratings.filter(rated_on=today()).count() == 1
    assert Job.objects.filter(topic="recheck").count() == 1

    rate(client, firm.turbines, "kam", 2)
    assert firm.turbines.ratings.get(rated_on=today()).score == 2
    assert Job.objects.filter(topic="recheck").count() == 2


def test_a_head_rates_before_seeing_the_managers_score(client, firm):
    ProspectRating.objects.filter(account=firm.turbines).update(reason="A quiet word.")
    client.force_login(firm.head)

    assert "A quiet word." not in text_of(page(client, firm.turbines))
    rate(client, firm.turbines, "head", 1)

    text = text_of(page(client, firm.turbines))
    assert "A quiet word." in text
    assert "Disputed." in text


def test_scores_that_lie_close_are_not_disputed(client, firm):
    client.force_login(firm.head)

    rate(client, firm.turbines, "head", 3)

    assert "Disputed." not in text_of(page(client, firm.turbines))


@pytest.mark.parametrize("wrong", [{"score": 6}, {"score": ""}, {"reason": ""}, {"rated_on": ""}])
def test_a_rating_that_is_wrong_comes_back_with_what_was_typed(client, firm, wrong):
    client.force_login(firm.owner)

    response = rate(client, firm.turbines, "kam", **{"score": 4} | wrong)

    assert response.status_code == 422
    assert not firm.turbines.ratings.filter(rated_on=today()).exists()
    assert not Job.objects.exists()


def test_a_rating_is_not_of_a_day_to_come(client, firm):
    client.force_login(firm.owner)
    tomorrow = (today() + timedelta(days=1)).isoformat()

    assert rate(client, firm.turbines, "kam", 4, rated_on=tomorrow).status_code == 422


def test_nobody_rates_as_what_they_are_not(client, firm):
    client.force_login(firm.owner)
    assert rate(client, firm.turbines, "head", 4).status_code == 403
    client.force_login(firm.head)
    assert rate(client, firm.turbines, "kam", 4).status_code == 403
    assert rate(client, firm.turbines, "made-up", 4).status_code == 403
    firm.turbines.team.create(user=firm.stranger, part="technical")
    client.force_login(firm.stranger)
    assert rate(client, firm.turbines, "kam", 4).status_code == 403
    assert page(client, firm.turbines).context["forms"] == []


def way_back(client, account):
    """The address of the undo that the page offers after an act."""
    return list(page(client, account).context["messages"])[-1].extra_tags


def test_a_rating_is_undone_to_what_it_was(client, firm):
    client.force_login(firm.owner)
    rate(client, firm.turbines, "kam", 5)
    first = way_back(client, firm.turbines)
    rate(client, firm.turbines, "kam", 1)
    second = way_back(client, firm.turbines)

    assert client.post(first).status_code == 409
    assert client.post(second).status_code == 200
    assert firm.turbines.ratings.get(rated_on=today()).score == 5
    rate(client, firm.turbines, "kam", 5)
    assert way_back(client, firm.turbines) == ""


def test_an_undo_of_the_first_rating_leaves_none_and_nobody_else_undoes_it(client, firm):
    client.force_login(firm.owner)
    rate(client, firm.turbines, "kam", 5)
    undo = way_back(client, firm.turbines)

    client.force_login(firm.head)
    assert client.post(undo).status_code == 409
    client.force_login(firm.stranger)
    assert client.post(undo).status_code == 404
    client.force_login(firm.owner)
    assert client.post(undo).status_code == 200
    assert not firm.turbines.ratings.filter(rated_on=today()).exists()
    assert client.post(undo).status_code == 404


def override(client, account, **values):
    review = (today() + timedelta(days=90)).isoformat()
    data = {"segment": "strategic", "reason": "A new works.", "review_on": review} | values
    data = {f"override-{name}": value for name, value in data.items()}
    return client.post(f"/accounts/{account.pk}/prospects/", data | {"what": "override"})


def test_a_head_sets_a_segment_by_hand_until_its_review(client, firm):
    client.force_login(firm.head)

    for _again in range(2):
        assert override(client, firm.turbines).status_code == 302

    kept = SegmentOverride.objects.get()
    assert (kept.segment, kept.author, kept.set_on) == ("strategic", firm.head, today())
    assert Job.objects.filter(topic="recheck").count() == 1
    assert "A new works." in text_of(page(client, firm.turbines))


def test_a_segment_set_by_hand_is_undone(client, firm):
    client.force_login(firm.head)
    override(client, firm.turbines)

    assert client.post(way_back(client, firm.turbines)).status_code == 200
    assert not SegmentOverride.objects.exists()


def test_an_override_needs_a_reason_and_a_day_to_come(client, firm):
    client.force_login(firm.head)

    assert override(client, firm.turbines, reason="").status_code == 422
    assert override(client, firm.turbines, review_on=today().isoformat()).status_code == 422
    assert not SegmentOverride.objects.exists()


def test_an_owner_sets_no_segment(client, firm):
    client.force_login(firm.owner)

    assert override(client, firm.turbines).status_code == 403
    assert page(client, firm.turbines).context["override"] is None


def preview(client, account, parent=""):
    return client.get(f"/accounts/{account.pk}/parent/preview/", {"parent": parent})


def shares(response):
    figures = response.context["regrouping"].figures
    return {
        figure.basis: (figure.amount, round(figure.share, 4), figure.band) for figure in figures
    }


def test_the_shares_of_a_group_to_be_are_those_that_the_night_would_work_out(client, firm):
    client.force_login(firm.director)

    # 4,000 + 1,000 + 2,500 of 7,500; 6,000 + 1,500 + 5,000 of 12,500.
    assert shares(preview(client, firm.turbines, firm.quarry.pk)) == {
        "income": (Decimal(7500), 1, "mono"),
        "turnover": (Decimal(12500), 1, "mono"),
    }
    # 1,000 of 7,500 and 1,500 of 12,500.
    assert shares(preview(client, firm.branch)) == {
        "income": (Decimal(1000), Decimal("0.1333"), "key"),
        "turnover": (Decimal(1500), Decimal("0.1200"), "key"),
    }
    # 3,500 of 7,500 and 6,500 of 12,500.
    assert shares(preview(client, firm.branch, firm.quarry.pk)) == {
        "income": (Decimal(3500), Decimal("0.4667"), "critical"),
        "turnover": (Decimal(6500), Decimal("0.5200"), "critical"),
    }


def test_a_loop_is_said_before_it_is_saved(client, firm):
    client.force_login(firm.owner)

    assert "form no loop" in text_of(preview(client, firm.turbines, firm.branch.pk))


def test_of_a_group_to_be_the_accounts_out_of_sight_are_a_number(client, firm):
    AccountFactory(name="Hidden Branch", owner=firm.stranger, parent=firm.branch)
    alone = AccountFactory(name="Gear Works", owner=firm.owner)
    client.force_login(firm.owner)

    text = text_of(preview(client, alone, firm.turbines.pk))

    assert "Turbine Branch" in text
    assert "Hidden Branch" not in text
    assert "and 1 other account" in text


def test_only_who_changes_an_account_looks_at_its_group_to_be(client, firm):
    firm.turbines.team.create(user=firm.stranger, part="technical")
    client.force_login(firm.stranger)

    assert preview(client, firm.turbines).status_code == 403
    assert preview(client, firm.branch).status_code == 404

"""The runs: what they did, what failed, and one more on demand."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from firm.jobs import do_next_job
from firm.models import Job
from firm.today import day_that_ended
from kam_crm.events import HANDLERS
from segmentation.models import Flag, Run
from segmentation.nightly import recompute
from segmentation.nights.actions import ask_for_run
from tests.factories import AccountFactory, FlagFactory, RatingFactory
from tests.pages.conftest import sell


def text_of(response):
    return response.content.decode()


def do_jobs():
    while do_next_job(HANDLERS):
        pass


def a_failed_night(**about):
    day = day_that_ended().isoformat()
    facts = {"state": Job.State.DEAD, "attempts": 5, "error": "Traceback\nDataError: too long"}
    facts |= {"finished_at": timezone.now()}
    return Job.objects.create(topic="nightly", key=day, payload={"as_of": day}, **facts | about)


def test_runs_are_listed_with_what_they_did(client, firm):
    client.force_login(firm.owner)

    text = text_of(client.get("/nightly/"))

    assert f"/nightly/{firm.run.pk}/" in text
    assert "gross margin" in text
    assert "Recompute now" not in text


def test_a_run_says_how_it_fell_back_and_that_the_feed_is_stale(client, firm):
    firm.turbines.entries.update(cost=None, booked_cost=None)
    run = recompute(firm.run.as_of + timedelta(days=9))
    client.force_login(firm.owner)

    for path in ("/nightly/", f"/nightly/{run.pk}/"):
        text = text_of(client.get(path))
        assert "The ledger feed is stale." in text
        assert "Revenue is the basis, not gross margin." in text


def moved(firm):
    """A night in which an account of each manager moves."""
    for account in (firm.branch, firm.quarry):
        RatingFactory(account=account, score=5, rater="head", rated_on=day_that_ended())
    return recompute(day_that_ended())


def test_a_run_names_what_moved_to_those_who_see_it_and_counts_the_rest(client, firm):
    run = moved(firm)
    client.force_login(firm.director)
    text = text_of(client.get(f"/nightly/{run.pk}/"))
    assert "Turbine Branch" in text
    assert "Silver Quarry" in text

    client.force_login(firm.owner)
    response = client.get(f"/nightly/{run.pk}/")

    assert "Turbine Branch" in text_of(response)
    assert "Silver Quarry" not in text_of(response)
    assert "1 account outside yours" in text_of(response)
    counts = [(m.field, m.before, m.after, m.count) for m in response.context["moves"].counts]
    assert counts == [("segment", "typical", "strategic", 2)]


def test_a_run_tells_the_flags_of_its_night_and_the_time_of_its_steps(client, firm):
    FlagFactory(
        account=firm.turbines, raised_on=firm.run.as_of - timedelta(9), cleared_on=firm.run.as_of
    )
    client.force_login(firm.owner)

    response = client.get(f"/nightly/{firm.run.pk}/")
    raised, cleared = response.context["flags"]

    mine = Flag.objects.visible_to(firm.owner).filter(raised_on=firm.run.as_of)
    assert set(raised["flags"]) == set(mine)
    assert raised["count"] == mine.count() > 0
    assert [flag.account for flag in cleared["flags"]] == [firm.turbines]
    steps = {step["label"]: step["width"] for step in response.context["steps"]}
    assert next(iter(steps)) == "Adding up the ledger"
    assert len(steps) == len(firm.run.steps)
    assert "100.0" in steps.values()


def test_an_absent_run_is_not_found(client, firm):
    client.force_login(firm.owner)

    assert client.get("/nightly/999999/").status_code == 404


def test_a_failed_night_is_seen_and_its_error_by_those_who_can_act(client, firm):
    a_failed_night()
    client.force_login(firm.owner)
    text = text_of(client.get("/nightly/"))
    assert "failed." in text
    assert "5 attempts," in text
    assert "DataError" not in text

    client.force_login(firm.director)
    assert "DataError: too long" in text_of(client.get("/nightly/"))
    assert "Traceback" not in text_of(client.get("/nightly/"))


def test_the_mark_is_green_then_amber_and_red_when_the_last_run_failed(client, firm):
    client.force_login(firm.owner)

    def mark():
        return text_of(client.get("/accounts/")).split('class="k-asof"')[1].split("</summary>")[0]

    assert 'class="dot fresh"' in mark()
    with time_machine.travel(timezone.now() + timedelta(days=3), tick=False):
        # A session of its own day.
        client.force_login(firm.owner)
        late = mark()
    assert 'triangle late"' in late
    assert "days old" in late

    job = a_failed_night()
    assert 'octagon failed"' in mark()
    assert "the last run failed" in mark()

    Job.objects.filter(pk=job.pk).update(error="", state=Job.State.DONE)
    assert 'class="dot fresh"' in mark()


def test_a_run_that_came_after_the_failure_takes_the_red_away(client, firm):
    a_failed_night()
    recompute(day_that_ended())
    client.force_login(firm.owner)

    assert 'octagon failed"' not in text_of(client.get("/accounts/"))


def test_two_clicks_make_one_job_and_the_worker_computes_the_day(client, firm):
    sell(firm.turbines, 900, days_ago=0)
    client.force_login(firm.director)

    texts = [text_of(client.post("/nightly/recompute/", follow=True)) for _click in range(2)]

    assert "will be computed again." in texts[0]
    assert "is on its way already." in texts[1]
    assert "You can leave this page." in texts[1]
    job = Job.objects.get(topic="recompute")
    do_jobs()
    job.refresh_from_db()
    assert job.state == Job.State.DONE
    assert Run.objects.count() == 2

    done = text_of(client.get("/nightly/progress/"))
    assert "Show the run" in done
    assert "hx-get" not in done
    assert f"/nightly/{Run.objects.newest().pk}/" in done


def test_the_day_can_be_asked_for_again_when_the_run_is_done(firm):
    jobs = []
    for _time in range(2):
        job, is_new = ask_for_run(by=firm.director)
        jobs.append(job)
        assert is_new
        do_jobs()

    assert jobs[0] != jobs[1]
    assert Run.objects.count() == 3


def test_a_running_job_says_since_when(client, firm):
    job, _is_new = ask_for_run(by=firm.director)
    Job.objects.filter(pk=job.pk).update(state="running", lease_until=timezone.now(), attempts=1)
    client.force_login(firm.owner)

    assert "is being computed, since" in text_of(client.get("/nightly/progress/"))


def test_a_head_asks_for_no_run(client, firm):
    client.force_login(firm.head)

    assert client.post("/nightly/recompute/").status_code == 403
    assert not Job.objects.exists()


def test_the_word_of_a_run_that_was_asked_for_is_forgotten_after_an_hour(client, firm):
    ask_for_run(by=firm.director)
    do_jobs()
    Job.objects.update(finished_at=timezone.now() - timedelta(hours=2))
    client.force_login(firm.owner)

    assert "was computed again" not in text_of(client.get("/nightly/"))


def test_before_the_first_night_the_list_says_what_comes(client, firm):
    Run.objects.all().delete()
    client.force_login(firm.owner)

    assert "No night has run yet" in text_of(client.get("/nightly/"))


def test_the_list_has_pages(client, firm):
    for days in range(1, 31):
        run = Run.objects.get(pk=firm.run.pk)
        run.pk, run.as_of = None, firm.run.as_of - timedelta(days=days)
        run.save()
    client.force_login(firm.owner)

    with CaptureQueriesContext(connection) as seen:
        first = client.get("/nightly/")
    rest = client.get("/nightly/?page=2", headers={"HX-Request": "true"})

    assert (len(first.context["page"]), text_of(rest).count('scope="row"')) == (25, 6)
    assert "<html" not in text_of(rest)
    assert len(seen) <= 14


@pytest.mark.parametrize("page", ["/nightly/", "/nightly/{}/"])
def test_more_rows_cost_no_more_queries(client, firm, page):
    client.force_login(firm.owner)

    def queries_with_more(accounts):
        for _more in range(accounts):
            account = AccountFactory(owner=firm.owner)
            sell(account, 100)
            FlagFactory(account=account, raised_on=day_that_ended())
        run = recompute(day_that_ended())
        with CaptureQueriesContext(connection) as seen:
            client.get(page.format(run.pk))
        return len(seen)

    assert queries_with_more(4) == queries_with_more(12) <= 20

"""The rules: read by all, changed by few, and what moves is what the preview named."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from firm.jobs import do_next_job
from firm.models import Job, Policy
from firm.today import today
from kam_crm.events import HANDLERS
from segmentation.models import PolicyDraft, StandingChange, StandingHistory
from segmentation.nightly import recompute
from segmentation.rules.actions import draft_policy, newest_policy
from segmentation.rules.forms import PolicyForm
from segmentation.rules.numbers import ABOUT, NAMES
from tests.factories import AccountFactory, UserFactory
from tests.pages.conftest import sell


def text_of(response):
    return response.content.decode()


def numbers(**changed):
    """The form as it is opened, with some numbers changed."""
    newest = newest_policy()
    form = PolicyForm(base=newest, earliest=today(), like=Policy(**copy_of(newest)))
    values = {name: form[name].initial for name in form.fields}
    values |= {"valid_from": today().isoformat(), "reason": "Classes cut finer."}
    return {name: "" if value is None else value for name, value in (values | changed).items()}


def copy_of(policy):
    return {name: getattr(policy, name) for name in NAMES}


def do_jobs():
    while do_next_job(HANDLERS):
        pass


def previewed(client, **changed):
    """The draft that a director made on the page, with its preview."""
    response = client.post("/policy/new/", numbers(**changed))
    assert response.status_code == 302, response.context["form"].errors
    do_jobs()
    return PolicyDraft.objects.latest("pk")


def moves_of(rows):
    return sorted(rows.values_list("account__name", "field", "before", "after"))


def test_every_number_of_the_policy_stands_on_the_page():
    fields = {field.name for field in Policy._meta.concrete_fields}

    assert set(NAMES) == fields - ABOUT
    assert len(NAMES) == len(set(NAMES))


def test_everybody_reads_the_rules_and_few_may_change_them(client, firm):
    for user, may in ((firm.owner, False), (firm.head, False), (firm.director, True)):
        client.force_login(user)

        text = text_of(client.get("/policy/"))

        assert "Dependency bands" in text
        assert "A group with a greater share is critical." in text
        assert ("/policy/new/" in text) is may


def test_versions_say_who_when_why_and_what_changed(client, firm):
    for version, days, share in ((2, -10, 12), (3, 5, 15)):
        Policy.objects.create(
            version=version,
            valid_from=today() + timedelta(days=days),
            reason=f"Because of {share}.",
            author=firm.director,
            key_share=share,
        )
    client.force_login(firm.owner)

    response = client.get("/policy/")
    versions = response.context["versions"]

    assert [version["state"] for version in versions] == ["planned", "in force", "replaced"]
    assert response.context["planned"].version == 3
    change = versions[0]["changes"][0]
    assert (change["label"], change["unit"]) == ("Key over", "%")
    assert (change["before"], change["after"]) == ("12", "15")
    assert response.context["policy"].version == 2
    assert "Because of 12." in text_of(response)
    assert "Dora Director" in text_of(response)


def test_a_version_replaced_on_its_own_day_never_was_in_force(client, firm):
    for version in (2, 3):
        day = today() + timedelta(days=5)
        Policy.objects.create(version=version, valid_from=day, reason="Later.")
    client.force_login(firm.owner)

    states = [version["state"] for version in client.get("/policy/").context["versions"]]

    assert states == ["planned", "never in force", "in force"]


def test_more_versions_cost_no_more_queries(client, firm):
    client.force_login(firm.director)

    def queries_with_more(versions):
        for _more in range(versions):
            Policy.objects.create(
                version=newest_policy().version + 1,
                valid_from=today(),
                reason="More.",
                author=UserFactory(),
            )
        with CaptureQueriesContext(connection) as seen:
            client.get("/policy/")
        return len(seen)

    assert queries_with_more(3) == queries_with_more(10) <= 12


def test_the_run_moves_exactly_what_the_preview_named_and_no_day_before(client, firm):
    # Another night under the old rules: what it changes is no doing of the draft.
    sell(firm.branch, 10, 1, days_ago=0)
    recompute(today() - timedelta(days=1))
    stored = list(StandingHistory.objects.order_by("pk").values_list())
    client.force_login(firm.director)

    draft = previewed(client, abc_a=60, vip_core="30", mono_share="60", vip_prospects=5)
    named = moves_of(draft.moves)
    assert named
    assert list(StandingHistory.objects.order_by("pk").values_list()) == stored

    response = client.post(f"/policy/drafts/{draft.pk}/save/", follow=True)
    assert "Version 2 is saved." in text_of(response)
    night = recompute(today())

    assert night.policy.version == 2
    assert moves_of(StandingChange.objects.filter(run=night)) == named
    before = StandingHistory.objects.exclude(as_of=today()).order_by("pk")
    assert list(before.values_list()) == stored


def test_a_preview_stores_neither_version_nor_standing(client, firm):
    client.force_login(firm.director)

    draft = previewed(client, mono_share="60")

    assert Policy.objects.count() == 1
    assert not StandingChange.objects.exists()
    assert draft.numbers == {"mono_share": "60"}
    assert draft.as_of == firm.run.as_of
    assert (draft.before["band"], draft.after["band"]) == (
        {"critical": 3},
        {"critical": 1, "mono": 2},
    )


def test_a_preview_names_visible_accounts_and_counts_the_others(client, firm):
    client.force_login(firm.director)
    draft = previewed(client, abc_a=60, mono_share="60", critical_share="40")
    text = text_of(client.get(f"/policy/drafts/{draft.pk}/"))
    assert "Turbine Works" in text
    assert "Silver Quarry" in text

    roles_of_a_head_who_may(firm.head)
    client.force_login(firm.head)
    text = text_of(client.get(f"/policy/drafts/{draft.pk}/"))

    assert "Turbine Works" in text
    assert "Silver Quarry" not in text
    assert "1 account outside yours" in text


def roles_of_a_head_who_may(user):
    from django.contrib.auth.models import Permission

    role = user.roles.get().role
    role.permissions.add(Permission.objects.get(codename="add_policy"))


def test_a_draft_that_waits_is_found_on_the_rules_page_by_those_who_may(client, firm):
    client.force_login(firm.director)
    drafts = [previewed(client, abc_a=70), previewed(client, abc_a=75)]
    assert f"/policy/drafts/{drafts[1].pk}/" in text_of(client.get("/policy/"))

    client.post(f"/policy/drafts/{drafts[0].pk}/save/")
    assert "/policy/drafts/" not in text_of(client.get("/policy/"))

    client.force_login(firm.owner)
    previewed_by_nobody = text_of(client.get("/policy/"))
    assert "/policy/drafts/" not in previewed_by_nobody


def test_until_a_worker_came_the_page_says_that_you_can_leave(client, firm):
    client.force_login(firm.director)
    client.post("/policy/new/", numbers(abc_a=70))
    draft = PolicyDraft.objects.get()
    page = f"/policy/drafts/{draft.pk}/"

    assert "You can leave this page." in text_of(client.get(page))
    assert client.post(f"{page}save/").status_code == 409
    assert Policy.objects.count() == 1

    Job.objects.update(state=Job.State.DEAD, error="Boom", finished_at=draft.created_at)
    assert "The preview could not be computed." in text_of(client.get(page))

    Job.objects.update(state=Job.State.WAITING)
    do_jobs()
    panel = text_of(client.get(page, headers={"HX-Request": "true"}))
    assert "<html" not in panel
    assert "Before and after" in panel


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"key_share": "30"}, "The limits of key, critical and mono-client must rise."),
        ({"abc_a": "96"}, "Class B must end above class A."),
        ({"active_months": "23"}, "The population never spans less than two windows."),
        ({"mix_typical_high": "50"}, "It must not be below where the range begins."),
        ({"window_months": "61", "active_months": "122"}, "A window spans at most 60 months."),
        ({"abc_a": "101"}, "less than or equal to 100"),
        ({"abc_a": "70", "reason": ""}, "This field is required."),
        ({"abc_a": "70", "valid_from": ""}, "This field is required."),
        ({}, "No number differs from the newest version."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_kept(client, firm, changed, message):
    client.force_login(firm.director)

    response = client.post("/policy/new/", numbers(**changed))

    assert response.status_code == 422
    assert message in text_of(response)
    assert not PolicyDraft.objects.exists()


def test_no_version_holds_from_a_day_that_is_computed(client, firm):
    client.force_login(firm.director)
    computed = firm.run.as_of.isoformat()

    response = client.post("/policy/new/", numbers(abc_a=70, valid_from=computed))

    assert response.status_code == 422
    assert "Days before stand" in text_of(response)


def test_a_day_that_is_computed_meanwhile_is_refused(client, firm):
    client.force_login(firm.director)
    draft = previewed(client, abc_a=70)
    recompute(draft.valid_from)

    response = client.post(f"/policy/drafts/{draft.pk}/save/")

    assert response.status_code == 409
    assert "has been computed meanwhile" in text_of(response)


def test_the_second_of_two_who_save_meets_a_conflict(client, firm):
    client.force_login(firm.director)
    first, second = previewed(client, abc_a=70), previewed(client, abc_a=75)
    client.post(f"/policy/drafts/{first.pk}/save/")

    response = client.post(f"/policy/drafts/{second.pk}/save/")

    assert response.status_code == 409
    assert "Version 2 was saved meanwhile, by Dora Director." in text_of(response)
    assert newest_policy().abc_a == 70


def test_a_form_opened_before_another_version_keeps_its_numbers(client, firm):
    client.force_login(firm.director)
    typed = numbers(abc_a="77")
    Policy.objects.create(version=2, valid_from=today(), reason="First.", key_share=12)

    response = client.post("/policy/new/", typed)

    assert response.status_code == 409
    assert 'value="77"' in text_of(response)
    assert "Version 2 was saved while you wrote." in text_of(response)
    assert not PolicyDraft.objects.exists()


def test_saving_twice_makes_one_version(client, firm):
    client.force_login(firm.director)
    draft = previewed(client, abc_a=70)

    for _time in range(2):
        assert client.post(f"/policy/drafts/{draft.pk}/save/").status_code == 302

    assert Policy.objects.count() == 2
    assert newest_policy().author == firm.director


def test_the_form_begins_with_the_numbers_of_a_version_or_a_draft(client, firm):
    Policy.objects.create(version=2, valid_from=today(), reason="First.", key_share=12)
    client.force_login(firm.director)

    def key_share(query):
        return client.get(f"/policy/new/{query}").context["form"]["key_share"].initial

    assert key_share("") == "12"
    assert key_share("?numbers_of=1") == "10"
    draft = previewed(client, key_share="14")
    assert key_share(f"?draft={draft.pk}") == "14"
    assert key_share("?draft=nonsense&numbers_of=99") == "12"


def test_a_planned_version_is_called_off_by_one_from_the_same_day(client, firm):
    day = today() + timedelta(days=9)
    Policy.objects.create(version=2, valid_from=day, reason="Too soon.", key_share=12)
    client.force_login(firm.director)
    assert "?numbers_of=1" in text_of(client.get("/policy/"))

    early = client.post("/policy/new/", numbers(key_share="10"))
    assert early.status_code == 422

    draft = previewed(client, key_share="10", valid_from=day.isoformat())
    client.post(f"/policy/drafts/{draft.pk}/save/")
    assert Policy.objects.in_force(day).key_share == 10


def test_those_who_may_not_are_refused_before_anything_is_kept(client, firm):
    draft = draft_policy(
        base=newest_policy(),
        numbers={"abc_a": Decimal(70)},
        valid_from=today(),
        reason="Finer.",
        by=firm.director,
    )
    client.force_login(firm.head)

    assert client.post("/policy/new/", numbers(abc_a=60)).status_code == 403
    assert client.post(f"/policy/drafts/{draft.pk}/save/").status_code == 403
    assert PolicyDraft.objects.count() == 1


def test_more_moves_cost_no_more_queries(client, firm):
    client.force_login(firm.director)

    def queries_with_more(accounts):
        for _more in range(accounts):
            sell(AccountFactory(), 100)
        recompute(firm.run.as_of)
        draft = previewed(client, abc_a=60, abc_b=70, key_share="1")
        with CaptureQueriesContext(connection) as seen:
            client.get(f"/policy/drafts/{draft.pk}/")
        return len(seen), len(draft.moves.all())

    (few, some), (more, many) = queries_with_more(5), queries_with_more(20)
    assert many > some
    assert few == more <= 15


def test_a_version_is_never_changed(firm):
    with pytest.raises(Exception, match="rows"):
        Policy.objects.filter(version=1).update(key_share=1)

import pytest
from django.urls import reverse

from accounts.actions import imports
from accounts.models import LedgerEntry, LedgerImport
from firm.jobs import do_next_job
from firm.models import Job
from kam_crm.events import HANDLERS
from tests.factories import UserFactory
from tests.ledgers import feed_rows

pytestmark = pytest.mark.django_db

LINE = "K1,2024-02-29,100,60,EUR,INV-{0},1"
OTHER = "K1,2024-02-29,200,60,EUR,INV-{0},1"


@pytest.fixture
def administrator(client):
    user = UserFactory(name="Rupert Vane", roles=["administrator"])
    client.force_login(user)
    return user


@pytest.fixture
def two_imports():
    feed_rows(LINE.format(1), LINE.format(2), file_name="first.csv")
    feed_rows(OTHER.format(1), file_name="second.csv")
    return LedgerImport.objects.order_by("pk")


def page(client, imported, **headers):
    return client.get(reverse("ledger:undo_import", args=[imported.pk]), headers=headers)


def undo(client, imported):
    return client.post(reverse("ledger:undo_import", args=[imported.pk]), follow=True)


def test_the_page_tells_first_what_would_happen(client, administrator, two_imports):
    shown = page(client, two_imports[0])

    assert shown.context["outlook"] == imports.Outlook(withdrawn=1, left=1)
    assert LedgerEntry.objects.count() == 2


def test_an_undo_names_the_lines_that_it_left_with_the_import_that_did_it(
    client, administrator, two_imports
):
    shown = undo(client, two_imports[0])

    text = shown.content.decode()
    assert "Rupert Vane undid the import" in text
    assert "INV-1" in text
    assert "second.csv" in text
    assert "INV-2" not in text
    two_imports[0].refresh_from_db()
    assert two_imports[0].undone_by == administrator


def test_an_undo_asked_for_twice_happens_once(client, administrator, two_imports):
    undo(client, two_imports[1])
    undone_at = two_imports.get(file_name="second.csv").undone_at

    shown = undo(client, two_imports[1])

    assert "is undone already" in shown.content.decode()
    assert two_imports.get(file_name="second.csv").undone_at == undone_at


def test_a_large_import_is_undone_by_a_worker(client, administrator, two_imports, monkeypatch):
    monkeypatch.setattr(imports, "AT_ONCE", 0)
    second = two_imports[1]
    assert "are being counted" in page(client, second).content.decode()
    counted = page(client, second, **{"HX-Request": "true"}).content.decode()
    assert "lines that it had changed" in counted

    shown = undo(client, second)
    undo(client, second)

    assert "is being undone" in shown.content.decode()
    assert LedgerEntry.objects.filter(revenue=200).exists()
    assert Job.objects.filter(topic=imports.UNDO).count() == 1
    while do_next_job(HANDLERS):
        pass
    assert not LedgerEntry.objects.filter(revenue=200).exists()
    asked = {"HX-Request": "true", "HX-Target": "outlook"}
    assert page(client, second, **asked).headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("role", ["kam", "head", "analyst", "integration"])
def test_who_does_not_feed_the_ledger_undoes_nothing(client, two_imports, role):
    client.force_login(UserFactory(roles=[role]))

    assert undo(client, two_imports[1]).status_code == 403
    assert LedgerEntry.objects.filter(revenue=200).exists()


def test_an_import_of_before_former_values_were_kept_cannot_be_undone(
    client, administrator, two_imports
):
    event = LedgerEntry.pgh_event_model.objects.get()
    type(event).objects.update(pgh_label="update")

    shown = page(client, two_imports[1])

    assert "was taken in before" in shown.content.decode()
    undo(client, two_imports[1])
    assert LedgerEntry.objects.filter(revenue=200).exists()


def test_the_page_asks_the_database_no_more_for_more_lines(
    client, administrator, two_imports, django_assert_max_num_queries
):
    feed_rows(*(LINE.format(n) for n in range(10, 40)), file_name="third.csv")
    feed_rows(*(OTHER.format(n) for n in range(10, 40)), file_name="fourth.csv")
    third = LedgerImport.objects.get(file_name="third.csv")
    undo(client, third)

    with django_assert_max_num_queries(16):
        assert len(page(client, third).context["left"]) == 30

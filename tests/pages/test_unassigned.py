from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actions.imports import undo as undo_import
from accounts.models import AssignmentRule, LedgerEntry, LedgerImport, Source
from firm.versions import version_of
from segmentation.nightly import recompute
from tests.factories import AccountFactory, EntryFactory, UserFactory
from tests.ledgers import HEADER, feed_rows

pytestmark = pytest.mark.django_db

DAY = date(2024, 2, 29)
PAGE = reverse("ledger:unassigned")
RULES = reverse("ledger:rules")


@pytest.fixture
def administrator(client):
    user = UserFactory(name="Rupert Vane", roles=["administrator"])
    client.force_login(user)
    return user


@pytest.fixture
def account():
    return AccountFactory(account_ref="K1", name="Rivet Works")


def feed(*rows, **options):
    return feed_rows(*rows, header=f"{HEADER},product_line,account_name", **options)


def wait(document, product_line="", name="", revenue=10, **options):
    row = f",2024-02-29,{revenue},4,EUR,{document},1,{product_line},{name}"
    return feed(row, **options)


def owners():
    entries = LedgerEntry.objects.order_by("document").select_related("account")
    return {entry.document: entry.account and entry.account.account_ref for entry in entries}


def pks(*documents):
    return list(LedgerEntry.objects.filter(document__in=documents).values_list("pk", flat=True))


def assign(client, *documents, account="K1"):
    return client.post(
        reverse("ledger:assign"), {"line": pks(*documents), "account": account}, follow=True
    )


def take_back(client, shown):
    (message,) = shown.context["messages"]
    return client.post(message.extra_tags)


def new_rule(client, **values):
    source = Source.objects.get(name="erp")
    values = {"source": source.pk, "kind": "document", "account": "K1"} | values
    return client.post(RULES, values, follow=True)


def test_lines_without_an_account_are_listed_and_narrowed(client, administrator, account):
    wait("INV-1", "nails", "Rivets Ltd")
    wait("INV-2", source="crm")
    EntryFactory(account=account, document="INV-3")

    def documents(**query):
        return {line.document for line in client.get(PAGE, query).context["page"]}

    assert documents() == {"INV-1", "INV-2"}
    assert documents(text="nail") == documents(text="rivets l") == {"INV-1"}
    assert documents(source=Source.objects.get(name="crm").pk) == {"INV-2"}
    assert documents(currency="EUR", text="inv-2") == {"INV-2"}


def test_the_page_tells_the_share_as_the_night_counted_it(client, administrator, account):
    EntryFactory(account=account, revenue=Decimal(90), booked_on=DAY)
    wait("INV-1", revenue=-10)
    recompute(DAY)

    text = client.get(PAGE).content.decode()

    assert "−10.00" in text
    assert "10.00<span" in text


def test_chosen_lines_are_assigned_and_the_next_run_counts_them(client, administrator, account):
    for n in (1, 2, 3):
        wait(f"INV-{n}")

    shown = assign(client, "INV-1", "INV-2")

    assert owners() == {"INV-1": "K1", "INV-2": "K1", "INV-3": None}
    assert "2 lines are Rivet Works" in shown.content.decode()
    assert recompute(DAY).summary["turnover"] == "20.0000"


def test_an_assignment_is_taken_back_and_audited(client, administrator, account):
    wait("INV-1")
    shown = assign(client, "INV-1")

    assert take_back(client, shown).status_code == 200

    assert owners() == {"INV-1": None}
    event = LedgerEntry.pgh_event_model.objects.order_by("-pgh_id").first()
    assert event.account == account
    assert event.pgh_context.metadata["user"] == administrator.pk


def test_another_person_cannot_take_an_assignment_back(client, administrator, account):
    wait("INV-1")
    shown = assign(client, "INV-1")
    client.force_login(UserFactory(roles=["administrator"]))

    assert take_back(client, shown).status_code == 409
    assert owners() == {"INV-1": "K1"}


@pytest.mark.parametrize("sent", [{}, {"account": "K1"}, {"account": "K9"}])
def test_nothing_is_assigned_without_lines_or_to_an_unknown_account(
    client, administrator, account, sent
):
    wait("INV-1")
    if sent.get("account") != "K1":
        sent = sent | {"line": pks("INV-1")}

    assert client.post(reverse("ledger:assign"), sent).status_code == 422
    assert owners() == {"INV-1": None}


def test_a_line_that_has_an_account_is_not_assigned_again(client, administrator, account):
    EntryFactory(account=AccountFactory(account_ref="K2"), document="INV-1")

    assign(client, "INV-1")

    assert owners() == {"INV-1": "K2"}


def test_the_same_file_again_leaves_the_assignment(client, administrator, account):
    wait("INV-1")
    assign(client, "INV-1")

    assert wait("INV-1").unchanged == 1
    assert wait("INV-1", revenue=20).corrected == 1
    assert owners() == {"INV-1": "K1"}


def test_a_source_that_names_an_account_at_last_is_believed(client, administrator, account):
    wait("INV-1")
    assign(client, "INV-1")

    feed_rows("K2,2024-02-29,10,4,EUR,INV-1,1")

    assert owners() == {"INV-1": "K2"}
    assert LedgerEntry.objects.get().assigned_at is None


def test_the_undo_of_a_later_import_keeps_the_assignment(client, administrator, account):
    wait("INV-1")
    wait("INV-1", revenue=20)
    assign(client, "INV-1")

    undo_import(LedgerImport.objects.latest("pk"), by=administrator)

    assert owners() == {"INV-1": "K1"}
    assert LedgerEntry.objects.get().revenue == 10


def test_a_rule_is_followed_by_later_imports(client, administrator, account):
    wait("INV-1")
    new_rule(client, text="CN-")

    report = wait("CN-7")

    assert owners() == {"INV-1": None, "CN-7": "K1"}
    assert report.unassigned == 0
    assert wait("CN-7").unchanged == 1


def test_of_several_rules_the_name_comes_first_then_the_longest_beginning(
    client, administrator, account
):
    for ref in ("K2", "K3", "K4"):
        AccountFactory(account_ref=ref)
    wait("X")
    new_rule(client, kind="product_line", text="nails", account="K1")
    new_rule(client, text="A", account="K2")
    new_rule(client, text="AB", account="K3")
    new_rule(client, kind="name", text="Rivets", account="K4")

    wait("Z-1", "nails")
    wait("AX", "nails")
    wait("AB-1", "nails")
    wait("AB-2", "nails", "Rivets")

    assert owners() == {"X": None, "Z-1": "K1", "AX": "K2", "AB-1": "K3", "AB-2": "K4"}


def test_a_rule_assigns_what_waits_where_that_is_asked_and_is_undone_whole(
    client, administrator, account
):
    wait("CN-1", name="Rivets")
    wait("CN-2", source="crm")

    shown = new_rule(client, text="CN-", apply="on")

    assert owners() == {"CN-1": "K1", "CN-2": None}
    assert "1 line that waited is assigned" in shown.content.decode()
    assert take_back(client, shown).status_code == 200
    assert owners() == {"CN-1": None, "CN-2": None}
    assert not AssignmentRule.objects.exists()


def test_a_rule_is_changed_removed_and_brought_back(client, administrator, account):
    AccountFactory(account_ref="K2")
    wait("CN-1")
    new_rule(client, text="CN-", apply="on")
    rule = AssignmentRule.objects.get()
    values = {"source": rule.source_id, "kind": "document", "text": "CN-", "account": "K2"}
    address = reverse("ledger:rule", args=[rule.pk])

    client.post(address, values | {"version": version_of(rule)})
    wait("CN-2")
    assert owners() == {"CN-1": "K1", "CN-2": "K2"}

    shown = client.post(reverse("ledger:rule_remove", args=[rule.pk]), follow=True)
    wait("CN-3")
    assert owners()["CN-3"] is None

    message = list(shown.context["messages"])[-1]
    client.post(message.extra_tags)
    assert AssignmentRule.objects.get().account.account_ref == "K2"


def test_two_changes_of_a_rule_meet(client, administrator, account):
    AccountFactory(account_ref="K2")
    wait("CN-1")
    new_rule(client, text="CN-")
    rule = AssignmentRule.objects.get()
    version = version_of(rule)
    AssignmentRule.objects.update(text="CN")
    values = {"source": rule.source_id, "kind": "document", "text": "CN-", "account": "K2"}
    address = reverse("ledger:rule", args=[rule.pk])

    met = client.post(address, values | {"version": version})

    assert met.status_code == 409
    rule.refresh_from_db()
    assert (rule.text, rule.account) == ("CN", account)
    again = values | {"version": version_of(rule), "pick-text": "theirs", "pick-account": "mine"}
    assert client.post(address, again).status_code == 302
    rule.refresh_from_db()
    assert (rule.text, rule.account.account_ref) == ("CN", "K2")


def test_two_rules_for_one_text_are_refused(client, administrator, account):
    wait("CN-1")
    new_rule(client, text="CN-")

    assert new_rule(client, text="CN-").status_code == 422
    assert AssignmentRule.objects.count() == 1


def test_the_box_proposes_accounts_by_name(client, administrator, account):
    found = client.get(reverse("ledger:accounts_found"), {"account": "rivet"}).content.decode()

    assert 'value="K1"' in found


@pytest.mark.parametrize("role", ["kam", "head", "analyst", "integration"])
def test_lines_without_an_account_are_for_those_who_feed_and_see_every_account(client, role):
    client.force_login(UserFactory(roles=[role]))
    wait("INV-1")

    assert client.get(PAGE).status_code == 403
    assert assign(client, "INV-1").status_code == 403


@pytest.mark.parametrize("name", ["ledger:unassigned", "ledger:rules"])
def test_ten_more_rows_cost_no_more_queries(client, administrator, account, name):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(name))
        return len(captured)

    def fill(first):
        for n in range(first, first + 10):
            wait(f"INV-{n}", "nails")
            new_rule(client, text=f"CN-{n}")
            client.get(RULES)

    fill(0)
    queries()
    before = queries()
    fill(10)
    client.get(PAGE)
    assert queries() == before

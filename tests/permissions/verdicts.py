"""The permission matrix: what every route answers to every role. A new route is a new line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from firm.roles import ROLES
from tests.permissions.elsewhere import Elsewhere

SEES_EVERY_ACCOUNT = {"director", "analyst", "administrator"}
# No role at all, and the one that opens no page and no account by itself.
OUTCASTS = {"nobody", "integration"}
EVERYBODY = [*ROLES, "nobody"]

READ = ("GET",)
ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Who writes about accounts, and who decides on them, among those that they see.
WRITERS = frozenset({"kam", "hunter", "closer", "farmer", "head", "director", "administrator"})


@dataclass(frozen=True)
class Verdict:
    """The answers of one route about an object in another department.

    `shown`     200, and the object stands in it
    `hidden`    200, and the object does not
    `answered`  200, the same for everybody who gets it
    `absent`    404, word for word as for an id that does not exist
    `forbidden` 403, `sign in` 401 or the sign-in page, `no such method` 405
    `asked again` 422, and `refused` 409: an empty POST writes nothing
    `nothing done` 204: it has nothing to be done with
    `done`      an empty POST is all that this write needs
    `open`      whatever a door answers to whoever stands before it
    """

    address: Callable[[Elsewhere], dict] = lambda elsewhere: {}
    insiders: str = ""  # those who see every account
    outsiders: str = ""  # those of other departments
    outcasts: str = ""
    strangers: str = "sign in"
    methods: tuple[str, ...] = READ
    writers: frozenset[str] = frozenset()  # roles that may write here, about what they lead
    is_form: bool = False  # nothing is there to read for those who may not write
    empty: str = "asked again"  # what an empty POST gets from a writer
    # Answers of single roles that differ from those of their kind.
    but: Mapping[str, str] = field(default_factory=dict)

    def of(self, method, role):
        if role == "stranger":
            return self.strangers
        if self.outcasts == "forbidden" and role in OUTCASTS:
            return "forbidden"
        if method not in self.methods:
            return "no such method"
        if role in OUTCASTS:
            return self.outcasts
        if role in self.but:
            return self.but[role]
        seen = self.insiders if role in SEES_EVERY_ACCOUNT else self.outsiders
        return self.written(method, role, seen) if self.writers else seen

    def written(self, method, role, seen):
        if seen == "absent":
            return seen
        if role not in self.writers:
            return "forbidden" if method == "POST" or self.is_form else seen
        return self.empty if method == "POST" else seen


API_LIST = Verdict(insiders="shown", outsiders="hidden", outcasts="hidden")
API_ROW = Verdict(insiders="shown", outsiders="absent", outcasts="absent")
API_FIRM = Verdict(insiders="answered", outsiders="answered", outcasts="forbidden")
API_SAME = replace(API_FIRM, outcasts="answered")
API_NOTHING = Verdict(insiders="absent", outsiders="absent", outcasts="absent", methods=ALL)
PAGE_LIST = replace(API_LIST, outcasts="forbidden")
PAGE_ROW = replace(API_ROW, outcasts="forbidden")
PAGE_SAME = API_FIRM
PAGE_WRITE = replace(PAGE_ROW, methods=("GET", "POST"), writers=WRITERS)
PAGE_FORM = replace(PAGE_WRITE, is_form=True)
PAGE_ACT = replace(PAGE_FORM, methods=("POST",))
DECIDES = frozenset({"director", "administrator"})
FIRM_FORM = replace(PAGE_SAME, methods=("GET", "POST"), writers=DECIDES, is_form=True)
FIRM_ACT = replace(FIRM_FORM, methods=("POST",))
# For those who feed the ledger and use pages: the same people.
FEED_PAGE = replace(FIRM_FORM, methods=READ)
# Seeing a flag is not answering it: that is for those who work on the account or lead.
FLAG_FORM = replace(PAGE_FORM, writers=frozenset({"director"}))
READERS = frozenset(ROLES) - OUTCASTS
FLAG_ACT = replace(PAGE_ACT, writers=READERS)
EXPORTERS = frozenset({"kam", "head", "director", "analyst", "administrator"})
EXPORT = replace(PAGE_LIST, writers=EXPORTERS, is_form=True)
DOOR = Verdict(insiders="open", outsiders="open", outcasts="open", strangers="open", methods=ALL)


def at(address, verdict):
    """The verdict of a route whose address names a part of `Elsewhere`, or a key of any kind."""
    return replace(verdict, address=address)


def account(elsewhere):
    return {"pk": elsewhere.account.pk}


def run(elsewhere):
    return {"pk": elsewhere.run.pk}


def draft(elsewhere):
    return {"pk": elsewhere.draft.pk}


def figure(elsewhere):
    return {"figure": "population"}


def flag(elsewhere):
    return {"pk": elsewhere.flag.pk}


def notice(elsewhere):
    return {"pk": elsewhere.notice.pk}


def source(elsewhere):
    return {"pk": elsewhere.total.source_id}


def source_and_month(elsewhere):
    return source(elsewhere) | {"month": "2024-02"}


def source_and_total(elsewhere):
    return source(elsewhere) | {"total": elsewhere.total.pk}


def key(elsewhere):
    return {"key": "of-somebody-else"}


def person_and_key(elsewhere):
    return {"uidb36": "1", "key": "of-somebody-else"}


def imported(elsewhere):
    return {"pk": elsewhere.imported.pk}


# Files are of those who feed the ledger; nothing in them is of one department.
FEED_FORM = replace(FIRM_FORM, insiders="shown", outsiders="shown")
FEED_ACT = replace(FEED_FORM, methods=("POST",))

VERDICTS = {
    # Heads of other departments and those who only look have nothing of the account there.
    "start": replace(PAGE_LIST, insiders="hidden", but={"director": "shown"}),
    "firm:inbox": PAGE_SAME,
    "firm:inbox_read": replace(PAGE_SAME, methods=("POST",)),
    "firm:notice_open": at(notice, replace(PAGE_ROW, insiders="absent", methods=("POST",))),
    "accounts:list": PAGE_LIST,
    "accounts:export_csv": EXPORT,
    # Its text is packed: tests/pages/test_export.py reads it.
    "accounts:export_xlsx": replace(EXPORT, insiders="answered", outsiders="answered"),
    "search": PAGE_SAME,
    "accounts:card": at(account, PAGE_ROW),
    "accounts:lines": at(account, PAGE_ROW),
    "accounts:new": replace(PAGE_SAME, methods=("GET", "POST"), writers=WRITERS, is_form=True),
    "accounts:edit": at(account, PAGE_FORM),
    "accounts:owner": at(account, PAGE_WRITE),
    "accounts:parent": at(account, PAGE_FORM),
    "accounts:team": at(account, PAGE_WRITE),
    "accounts:team_leave": at(account, replace(PAGE_ACT, empty="absent")),
    "accounts:undo": at(account, replace(PAGE_ACT, empty="refused")),
    "feeds:list": FEED_PAGE,
    "feeds:source": at(source, FIRM_FORM),
    "feeds:totals": at(source, FIRM_FORM),
    "feeds:total_remove": at(source_and_total, replace(FIRM_ACT, empty="done")),
    "feeds:month": at(source_and_month, FEED_PAGE),
    "imports:list": replace(FEED_FORM, methods=READ),
    "imports:upload": FEED_ACT,
    "imports:import": at(imported, replace(FEED_FORM, methods=READ)),
    "imports:reading": at(imported, FEED_ACT),
    "imports:start": at(imported, FEED_ACT),
    "imports:take": at(imported, replace(FEED_ACT, empty="refused")),
    "imports:progress": at(imported, replace(FIRM_FORM, methods=READ)),
    "imports:rejected": at(imported, FEED_FORM),
    "imports:rejected_file": at(imported, replace(FEED_FORM, methods=READ)),
    "imports:discard": at(imported, FEED_ACT),
    "segmentation:dependence": PAGE_LIST,
    "segmentation:pareto": PAGE_LIST,
    "segmentation:rate": at(account, PAGE_WRITE),
    "segmentation:rate_undo": at(account, replace(PAGE_ACT, empty="absent")),
    "segmentation:parent_preview": at(account, replace(PAGE_FORM, methods=READ)),
    "accounts:lines_file": at(account, replace(PAGE_ROW, writers=EXPORTERS, is_form=True)),
    "accounts:newest_lines": at(account, PAGE_ROW),
    "accounts:record": at(account, PAGE_ROW),
    "segmentation:months": at(account, PAGE_ROW),
    "segmentation:group": at(account, PAGE_ROW),
    "segmentation:history": at(account, PAGE_ROW),
    "segmentation:policy": PAGE_SAME,
    "segmentation:policy_new": FIRM_FORM,
    "segmentation:policy_draft": at(draft, replace(FIRM_FORM, methods=READ)),
    "segmentation:policy_save": at(draft, replace(FIRM_ACT, empty="refused")),
    "segmentation:nightly": PAGE_SAME,
    "segmentation:nightly_progress": PAGE_SAME,
    "segmentation:nightly_recompute": replace(FIRM_ACT, empty="done"),
    "segmentation:nightly_run": at(run, PAGE_LIST),
    "segmentation:explain_account": at(account, PAGE_ROW),
    "segmentation:explain": at(figure, PAGE_LIST),
    "segmentation:method": PAGE_SAME,
    "segmentation:flags": PAGE_LIST,
    "segmentation:flag": at(flag, PAGE_ROW),
    "segmentation:account_flags": at(account, PAGE_ROW),
    "segmentation:flag_acknowledge": at(flag, FLAG_FORM),
    "segmentation:flags_acknowledge": replace(PAGE_SAME, methods=("POST",), writers=READERS),
    "segmentation:flags_wake": replace(
        PAGE_SAME, methods=("POST",), writers=READERS, empty="nothing done"
    ),
    "segmentation:flag_later": at(flag, FLAG_ACT),
    "segmentation:flag_now": at(flag, replace(FLAG_ACT, empty="nothing done")),
    "api:account-list": API_LIST,
    "api:account-detail": at(account, API_ROW),
    "api:account-standing": at(account, API_ROW),
    "api:entry-list": API_LIST,
    "api:flag-list": API_LIST,
    "api:standing-list": API_LIST,
    "api:portfolio": API_FIRM,
    "api:schema": API_SAME,
    "api:nowhere": API_NOTHING,
    "language": DOOR,
    "healthz": DOOR,
    "readyz": DOOR,
    "metrics": DOOR,
    "account_login": DOOR,
    "account_logout": DOOR,
    "account_inactive": DOOR,
    "account_signup": DOOR,
    "account_reauthenticate": DOOR,
    "account_email": DOOR,
    "account_email_verification_sent": DOOR,
    "account_change_password": DOOR,
    "account_set_password": DOOR,
    "account_reset_password": DOOR,
    "account_reset_password_done": DOOR,
    "account_reset_password_from_key": at(person_and_key, DOOR),
    "account_reset_password_from_key_done": DOOR,
    "account_confirm_login_code": DOOR,
    "account_confirm_email": at(key, DOOR),
}

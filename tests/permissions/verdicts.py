"""The permission matrix: what every route answers to every role. A new route is a new line."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from accounts.models import LedgerEntry
from firm.roles import ROLES
from tests.permissions.elsewhere import ABSENT, Elsewhere

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
    `not usable` 400, and `version needed` 428: an empty body writes nothing
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
    # Who gets past the door at all, whatever they ask.
    let_in: frozenset[str] = frozenset(EVERYBODY)
    # Answers of single roles that differ from those of their kind; "GET head" is of one method.
    but: Mapping[str, str] = field(default_factory=dict)

    def of(self, method, role):
        if role == "stranger":
            return self.strangers
        shut = self.outcasts == "forbidden" and role in OUTCASTS
        if shut or role not in self.let_in:
            return "forbidden"
        if method not in self.methods:
            return "no such method"
        for asked in (f"{method} {role}", role):
            if asked in self.but:
                return self.but[asked]
        seen = self.seen(role)
        return self.written(method, role, seen) if self.writers else seen

    def seen(self, role):
        if role in OUTCASTS:
            return self.outcasts
        return self.insiders if role in SEES_EVERY_ACCOUNT else self.outsiders

    def written(self, method, role, seen):
        if seen == "absent":
            return seen
        if role not in self.writers:
            return "forbidden" if method not in READ or self.is_form else seen
        return seen if method in READ else self.empty


API_LIST = Verdict(insiders="shown", outsiders="hidden", outcasts="hidden")
API_ROW = Verdict(insiders="shown", outsiders="absent", outcasts="absent")
API_FIRM = Verdict(insiders="answered", outsiders="answered", outcasts="forbidden")
API_SAME = replace(API_FIRM, outcasts="answered")
API_LIST_WRITE = replace(API_LIST, methods=("GET", "POST"), writers=WRITERS, empty="not usable")
API_ROW_WRITE = replace(API_ROW, methods=("GET", "PATCH"), writers=WRITERS, empty="version needed")
FEEDERS = frozenset({"director", "administrator", "integration"})
API_IMPORTS = replace(API_LIST_WRITE, let_in=FEEDERS, writers=FEEDERS)
API_IMPORT = replace(API_ROW, let_in=FEEDERS)
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
# Webhooks are their owner's; an administrator sees everybody's.
WEBHOOK = Verdict(
    insiders="forbidden",
    outsiders="forbidden",
    outcasts="forbidden",
    but={"director": "absent", "administrator": "shown"},
)
WEBHOOK_ACT = replace(
    WEBHOOK,
    methods=("POST",),
    empty="done",
    but={"director": "absent", "administrator": "done"},
)
API_WEBHOOK = replace(
    API_ROW, let_in=FEEDERS, writers=FEEDERS, empty="done", but={"director": "absent"}
)
API_WEBHOOK_ACT = replace(API_WEBHOOK, methods=("POST",))
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


def taken(elsewhere):
    line = LedgerEntry.with_withdrawn.get(account=elsewhere.account)
    return {"pk": line.imported_id}


def rule(elsewhere):
    return {"pk": elsewhere.rule.pk}


def rate(elsewhere):
    return {"pk": elsewhere.rate.pk}


def figure(elsewhere):
    return {"figure": "population"}


def flag(elsewhere):
    return {"pk": elsewhere.flag.pk}


def notice(elsewhere):
    return {"pk": elsewhere.notice.pk}


def token(elsewhere):
    return {"digest": elsewhere.token.pk}


def failed_import(elsewhere):
    return {"pk": elsewhere.failed_import.pk}


def source(elsewhere):
    return {"pk": elsewhere.total.source_id}


def source_and_month(elsewhere):
    return source(elsewhere) | {"month": "2024-02"}


def source_and_total(elsewhere):
    return source(elsewhere) | {"total": elsewhere.total.pk}


def key(elsewhere):
    return {"key": "of-somebody-else"}


def webhook(elsewhere):
    return {"pk": elsewhere.delivery.webhook_id}


def delivery(elsewhere):
    return {"pk": elsewhere.delivery.webhook_id, "number": elsewhere.delivery.pk}


def person_and_key(elsewhere):
    return {"uidb36": "1", "key": "of-somebody-else"}


def session(elsewhere):
    return {"pk": ABSENT}


def provider(elsewhere):
    return {"provider_id": "provider"}


def imported(elsewhere):
    return {"pk": elsewhere.imported.pk}


# Files are of those who feed the ledger; nothing in them is of one department.
FEED_FORM = replace(FIRM_FORM, insiders="shown", outsiders="shown")
FEED_ACT = replace(FEED_FORM, methods=("POST",))

VERDICTS = {
    # Heads of other departments and those who only look have nothing of the account there.
    "start": replace(PAGE_LIST, insiders="hidden", but={"director": "shown"}),
    "firm:settings": replace(PAGE_SAME, methods=("GET", "POST"), writers=READERS),
    "firm:sessions_end": replace(PAGE_SAME, methods=("POST",), writers=READERS, empty="done"),
    # Of somebody else: tests/firm/test_sessions.py ends them.
    "firm:session_end": at(session, replace(PAGE_ROW, insiders="absent", methods=("POST",))),
    "firm:inbox": PAGE_SAME,
    "firm:inbox_read": replace(PAGE_SAME, methods=("POST",)),
    "firm:tokens": replace(PAGE_SAME, methods=("GET", "POST"), writers=READERS),
    # A token is its person's own; an administrator sees and revokes it.
    "firm:token_revoke": at(
        token,
        replace(
            PAGE_ROW,
            methods=("GET", "POST"),
            writers=frozenset({"administrator"}),
            but={"director": "absent", "analyst": "absent"},
            empty="done",
        ),
    ),
    "firm:webhooks": replace(WEBHOOK, but={"director": "hidden", "administrator": "shown"}),
    "firm:webhook_new": FIRM_FORM,
    "firm:webhook": at(webhook, WEBHOOK),
    "firm:webhook_edit": at(
        webhook,
        replace(
            WEBHOOK,
            methods=("GET", "POST"),
            but=WEBHOOK.but | {"POST administrator": "asked again"},
        ),
    ),
    "firm:webhook_test": at(webhook, WEBHOOK_ACT),
    "firm:webhook_rotate": at(webhook, WEBHOOK_ACT),
    "firm:webhook_enable": at(webhook, WEBHOOK_ACT),
    "firm:webhook_switch_off": at(webhook, WEBHOOK_ACT),
    "firm:webhook_delete": at(webhook, WEBHOOK_ACT),
    "firm:webhook_delivery": at(delivery, WEBHOOK),
    "firm:webhook_again": at(delivery, WEBHOOK_ACT),
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
    "feeds:list": FEED_PAGE,
    "feeds:source": at(source, FIRM_FORM),
    "feeds:totals": at(source, FIRM_FORM),
    "feeds:total_remove": at(source_and_total, replace(FIRM_ACT, empty="done")),
    "feeds:month": at(source_and_month, FEED_PAGE),
    "segmentation:dependence": PAGE_LIST,
    "segmentation:pareto": PAGE_LIST,
    "segmentation:days": PAGE_SAME,
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
    # Of lines without an account there is no row elsewhere: tests/pages/test_unassigned.py.
    "ledger:unassigned": replace(FIRM_FORM, methods=READ),
    "ledger:assign": FIRM_ACT,
    "ledger:assignment_undo": replace(FIRM_ACT, empty="refused"),
    "ledger:accounts_found": replace(FIRM_FORM, methods=READ),
    "ledger:rules": FIRM_FORM,
    "ledger:rule": at(rule, FIRM_FORM),
    "ledger:rule_remove": at(rule, replace(FIRM_ACT, empty="done")),
    "ledger:unconverted": replace(FIRM_FORM, methods=READ),
    "ledger:rates": FIRM_FORM,
    "ledger:rate": at(rate, FIRM_FORM),
    # Undone by the first of them, it stays so for the next.
    "ledger:undo_import": at(taken, replace(FIRM_FORM, empty="done")),
    "api:account-list": API_LIST_WRITE,
    "api:account-detail": at(account, API_ROW_WRITE),
    "api:account-standing": at(account, API_ROW),
    "api:entry-list": API_LIST,
    # An import of a ledger is its sender's, and of those who see every account and feed it.
    "api:import-list": API_IMPORTS,
    "api:import-detail": at(failed_import, API_IMPORT),
    "api:import-rejected": at(failed_import, API_IMPORT),
    "api:import-left": at(failed_import, replace(API_IMPORT, insiders="answered")),
    "api:import-undo": at(
        failed_import, replace(API_IMPORT, methods=("POST",), writers=FEEDERS, empty="refused")
    ),
    "api:webhook-list": replace(API_IMPORTS, but={"GET director": "hidden"}),
    "api:webhook-detail": at(webhook, replace(API_WEBHOOK, methods=("GET", "PATCH", "DELETE"))),
    "api:webhook-secret": at(webhook, API_WEBHOOK_ACT),
    "api:webhook-enable": at(webhook, API_WEBHOOK_ACT),
    "api:webhook-disable": at(webhook, API_WEBHOOK_ACT),
    "api:webhook-test": at(webhook, API_WEBHOOK_ACT),
    "api:delivery-list": at(webhook, API_WEBHOOK),
    "api:delivery-again": at(delivery, API_WEBHOOK_ACT),
    "api:flag-list": API_LIST,
    "api:flag-acknowledge": at(
        flag,
        replace(
            API_ROW,
            methods=("POST",),
            writers=frozenset({"director"}),
            empty="version needed",
        ),
    ),
    "api:standing-list": API_LIST,
    "api:portfolio": API_FIRM,
    "api:schema": API_SAME,
    "api:docs": API_SAME,
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
    "factor_first": DOOR,
    "mfa_index": DOOR,
    "mfa_authenticate": DOOR,
    "mfa_reauthenticate": DOOR,
    "mfa_activate_totp": DOOR,
    "mfa_deactivate_totp": DOOR,
    "mfa_view_recovery_codes": DOOR,
    "mfa_generate_recovery_codes": DOOR,
    "mfa_download_recovery_codes": DOOR,
    "mfa_list_webauthn": DOOR,
    "mfa_add_webauthn": DOOR,
    "mfa_login_webauthn": DOOR,
    "mfa_reauthenticate_webauthn": DOOR,
    "mfa_remove_webauthn": at(session, DOOR),
    "mfa_edit_webauthn": at(session, DOOR),
    "openid_connect_login": at(provider, DOOR),
    "openid_connect_callback": at(provider, DOOR),
    "socialaccount_login_cancelled": DOOR,
    "socialaccount_login_error": DOOR,
}

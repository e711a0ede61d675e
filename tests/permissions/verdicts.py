"""The permission matrix: what every route answers to every role. A new route is a new line."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from firm.roles import ROLES
from tests.permissions.elsewhere import Elsewhere

SEES_EVERY_ACCOUNT = {"director", "analyst", "administrator"}
# No role at all, and the one that opens no page and no account by itself.
OUTCASTS = {"nobody", "integration"}
EVERYBODY = [*ROLES, "nobody"]

READ = ("GET",)
ALL = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Verdict:
    """The answers of one route about an object in another department.

    `shown`     200, and the object stands in it
    `hidden`    200, and the object does not
    `answered`  200, the same for everybody who gets it
    `absent`    404, word for word as for an id that does not exist
    `forbidden` 403, `sign in` 401 or the sign-in page, `no such method` 405
    `open`      whatever a door answers to whoever stands before it
    """

    address: Callable[[Elsewhere], dict] = lambda elsewhere: {}
    insiders: str = ""  # those who see every account
    outsiders: str = ""  # those of other departments
    outcasts: str = ""
    strangers: str = "sign in"
    methods: tuple[str, ...] = READ
    roles: tuple[str, ...] = ()  # whom the route serves, where it is not everybody

    def of(self, method, role):
        if role == "stranger":
            return self.strangers
        if self.outcasts == "forbidden" and role in OUTCASTS:
            return "forbidden"
        if method not in self.methods:
            return "no such method"
        if self.roles and role not in self.roles:
            return "forbidden"
        if role in OUTCASTS:
            return self.outcasts
        return self.insiders if role in SEES_EVERY_ACCOUNT else self.outsiders


API_LIST = Verdict(insiders="shown", outsiders="hidden", outcasts="hidden")
API_ROW = Verdict(insiders="shown", outsiders="absent", outcasts="absent")
API_FIRM = Verdict(insiders="answered", outsiders="answered", outcasts="forbidden")
API_SAME = replace(API_FIRM, outcasts="answered")
API_NOTHING = Verdict(insiders="absent", outsiders="absent", outcasts="absent", methods=ALL)
PAGE_LIST = replace(API_LIST, outcasts="forbidden")
PAGE_ROW = replace(API_ROW, outcasts="forbidden")
PAGE_SAME = API_FIRM
EXPORT = replace(PAGE_LIST, roles=("kam", "head", "director", "analyst", "administrator"))
DOOR = Verdict(insiders="open", outsiders="open", outcasts="open", strangers="open", methods=ALL)


def at(address, verdict):
    """The verdict of a route whose address names a part of `Elsewhere`, or a key of any kind."""
    return replace(verdict, address=address)


def account(elsewhere):
    return {"pk": elsewhere.account.pk}


def key(elsewhere):
    return {"key": "of-somebody-else"}


def person_and_key(elsewhere):
    return {"uidb36": "1", "key": "of-somebody-else"}


VERDICTS = {
    "start": replace(PAGE_SAME, methods=ALL),
    "accounts:list": PAGE_LIST,
    "accounts:export_csv": EXPORT,
    # Its text is packed: tests/pages/test_export.py reads it.
    "accounts:export_xlsx": replace(EXPORT, insiders="answered", outsiders="answered"),
    "search": PAGE_SAME,
    "accounts:card": at(account, PAGE_ROW),
    "accounts:lines": at(account, PAGE_ROW),
    "segmentation:dependence": PAGE_LIST,
    "segmentation:standing": at(account, PAGE_ROW),
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

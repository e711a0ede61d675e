"""What each role is for and what it allows: the list that an auditor reads."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission
from django.utils.translation import gettext_noop

from firm.models import Policy, Role
from firm.models.token import MANAGE_TOKENS

PAGES = "firm.use_pages"
EVERY_ACCOUNT = "accounts.view_every_account"
DEPARTMENT_ACCOUNTS = "accounts.view_department_accounts"
CREATE_ACCOUNTS = "accounts.add_account"
# On those of the own book, and where second account manager.
CHANGE_ACCOUNTS = "accounts.change_account"
# On those of the department, or on every one: owners, departments, and all that the owner may.
LEAD_DEPARTMENT = "accounts.lead_department_accounts"
LEAD_EVERY_ACCOUNT = "accounts.lead_every_account"
EXPORT = "accounts.export_account"
# Uploads of every kind, what became of them, and the lines that nobody's figures hold.
FEED = "accounts.feed_ledger"
PORTFOLIO = "segmentation.view_run"
FIRM_FLAGS = "segmentation.view_firm_flags"
DATA_FLAGS = "segmentation.view_data_flags"
ANSWER_FIRM_FLAGS = "segmentation.answer_firm_flags"
ANSWER_EVERY_FLAG = "segmentation.answer_every_flag"
NEW_POLICY = "firm.add_policy"
NEW_RUN = "segmentation.add_run"
RATE = "segmentation.add_prospectrating"
RATE_AS_HEAD = "segmentation.rate_as_head"
OVERRIDE = "segmentation.override_segment"
MANAGE_WEBHOOKS = "firm.manage_webhooks"
MANAGE_EVERY_WEBHOOK = "firm.manage_every_webhook"

WORKS = (PAGES, PORTFOLIO, CREATE_ACCOUNTS, CHANGE_ACCOUNTS, RATE)
LEADS = (*WORKS, RATE_AS_HEAD, OVERRIDE)
DECIDES = (NEW_POLICY, NEW_RUN)


@dataclass(frozen=True)
class RoleText:
    name: str
    description: str
    permissions: tuple[str, ...]


ROLES = {
    "kam": RoleText(
        "Key account manager",
        "Sees and works on the own book and on accounts where on the team, "
        "with the personal facts of people there; rates their prospects, exports the own list.",
        (*WORKS, EXPORT),
    ),
    "hunter": RoleText("Hunter", "Sees and works on own leads and accounts.", WORKS),
    "closer": RoleText("Closer", "Sees and works on own leads and accounts.", WORKS),
    "farmer": RoleText("Farmer", "Sees and works on own leads and accounts.", WORKS),
    "presale": RoleText(
        "Pre-sale",
        "Reads accounts where on the team; writes briefs and documents.",
        (PAGES, PORTFOLIO),
    ),
    "project_member": RoleText(
        "Project member",
        "Reads accounts where on the team; does the tasks given.",
        (PAGES, PORTFOLIO),
    ),
    "head": RoleText(
        "Sales head",
        "Sees the accounts of the own department and of those below it; "
        "decides on owners, prospects, overrides and approvals there.",
        (*LEADS, EXPORT, DEPARTMENT_ACCOUNTS, LEAD_DEPARTMENT, FIRM_FLAGS, ANSWER_FIRM_FLAGS),
    ),
    "director": RoleText(
        "Director",
        "Sees and leads every account; feeds the ledger, decides on the policy, and has figures "
        "computed again.",
        (
            *LEADS,
            *DECIDES,
            EXPORT,
            FEED,
            MANAGE_WEBHOOKS,
            EVERY_ACCOUNT,
            LEAD_EVERY_ACCOUNT,
            FIRM_FLAGS,
            ANSWER_FIRM_FLAGS,
            ANSWER_EVERY_FLAG,
        ),
    ),
    "analyst": RoleText(
        "Analyst",
        "Sees and exports every figure, and no personal section.",
        (PAGES, PORTFOLIO, EVERY_ACCOUNT, EXPORT, FIRM_FLAGS),
    ),
    "integration": RoleText(
        "Integration",
        "Uses the API alone; sees what the other roles of its user let it see.",
        (FEED, DATA_FLAGS, MANAGE_WEBHOOKS),
    ),
    "administrator": RoleText(
        "Administrator",
        "Sees and leads every account; keeps users, roles and settings, the policy among them.",
        (
            *LEADS,
            *DECIDES,
            EXPORT,
            FEED,
            EVERY_ACCOUNT,
            LEAD_EVERY_ACCOUNT,
            FIRM_FLAGS,
            DATA_FLAGS,
            MANAGE_TOKENS,
            MANAGE_WEBHOOKS,
            MANAGE_EVERY_WEBHOOK,
        ),
    ),
}


def sync():
    """Make the stored roles agree with `ROLES`, and see to it that a policy exists."""
    known = {
        f"{label}.{codename}": pk
        for pk, label, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for code, text in ROLES.items():
        role, _created = Role.objects.update_or_create(
            code=code, defaults={"name": text.name, "description": text.description}
        )
        role.permissions.set(known[name] for name in text.permissions if name in known)
    Policy.objects.get_or_create(
        version=1, defaults={"reason": gettext_noop("The method's defaults.")}
    )

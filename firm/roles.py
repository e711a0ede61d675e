"""What each role is for and what it allows: the list that an auditor reads."""

from dataclasses import dataclass

from django.contrib.auth.models import Permission

from firm.models import Policy, Role

PAGES = "firm.use_pages"
EVERY_ACCOUNT = "accounts.view_every_account"
DEPARTMENT_ACCOUNTS = "accounts.view_department_accounts"
PORTFOLIO = "segmentation.view_run"
FIRM_FLAGS = "segmentation.view_firm_flags"
DATA_FLAGS = "segmentation.view_data_flags"
ANSWER_FIRM_FLAGS = "segmentation.answer_firm_flags"
ANSWER_EVERY_FLAG = "segmentation.answer_every_flag"


@dataclass(frozen=True)
class RoleText:
    name: str
    description: str
    permissions: tuple[str, ...]


ROLES = {
    "kam": RoleText(
        "Key account manager",
        "Sees and works on the own book and on accounts where on the team, "
        "with the personal facts of people there.",
        (PAGES, PORTFOLIO),
    ),
    "hunter": RoleText("Hunter", "Sees and works on own leads and accounts.", (PAGES, PORTFOLIO)),
    "closer": RoleText("Closer", "Sees and works on own leads and accounts.", (PAGES, PORTFOLIO)),
    "farmer": RoleText("Farmer", "Sees and works on own leads and accounts.", (PAGES, PORTFOLIO)),
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
        "decides on owners, overrides and approvals there.",
        (PAGES, PORTFOLIO, DEPARTMENT_ACCOUNTS, FIRM_FLAGS, ANSWER_FIRM_FLAGS),
    ),
    "director": RoleText(
        "Director",
        "Sees every account; decides on the policy.",
        (
            PAGES,
            PORTFOLIO,
            EVERY_ACCOUNT,
            FIRM_FLAGS,
            ANSWER_FIRM_FLAGS,
            ANSWER_EVERY_FLAG,
        ),
    ),
    "analyst": RoleText(
        "Analyst",
        "Sees and exports every figure, and no personal section.",
        (PAGES, PORTFOLIO, EVERY_ACCOUNT, FIRM_FLAGS),
    ),
    "integration": RoleText(
        "Integration",
        "Uses the API alone; sees what the other roles of its user let it see.",
        (DATA_FLAGS,),
    ),
    "administrator": RoleText(
        "Administrator",
        "Sees every account; keeps users, roles and settings.",
        (PAGES, PORTFOLIO, EVERY_ACCOUNT, FIRM_FLAGS, DATA_FLAGS),
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
    Policy.objects.get_or_create(version=1, defaults={"reason": "The method's defaults."})

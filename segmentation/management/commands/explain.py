import json
from datetime import date

from django.core.management.base import BaseCommand, CommandError

from accounts.models import Account
from firm.today import day_that_ended
from segmentation.explain import NoRun, explain, explain_computed, ledger_lines


class Command(BaseCommand):
    help = "Explain an account's standing on a day, down to its ledger lines and the policy."

    def add_arguments(self, parser):
        parser.add_argument("account_ref")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the last day that counts")
        parser.add_argument("--json", action="store_true", help="everything, as JSON")

    def handle(self, *, account_ref, as_of, **options):
        account = Account.objects.filter(account_ref=account_ref).first()
        if account is None:
            raise CommandError(f"There is no account {account_ref}.")
        try:
            explanation = explain(account, as_of=as_of)
        except NoRun:
            explanation = explain_computed(account, as_of or day_that_ended())
        lines = ledger_lines(account, explanation)
        if options["json"]:
            explanation["ledger_lines"] = lines
            self.stdout.write(json.dumps(explanation, indent=1, ensure_ascii=False))
        else:
            self.stdout.write(as_text(explanation, lines))


def as_text(explanation, lines):
    """The explanation as a person reads it in a terminal."""
    account, group = explanation["account"], explanation["group"]
    told = [f"{account['name']} ({account['ref']})"]
    if group:
        told.append(f"Group: {group['name']} ({group['ref']})")
    stored = f"run {explanation['run']}" if explanation["stored"] else "computed now, not stored"
    told.append(f"As of {explanation['as_of']}, policy v{explanation['policy']}, {stored}")
    told.append(f"Rules: {explanation['rules']}")
    told += [explanation["basis_sentence"], explanation["lines"]["corrected"], ""]
    for figure in explanation["figures"]:
        value = f"{figure['value']} {figure['unit']}".strip()
        told.append(f"{figure['label']}: {value}")
        told += [f"    {figure[part]}" for part in ("sentence", "formula") if figure[part]]
    told += ["", "Group:"]
    told += [
        f"    {member['name']}: revenue {member['turnover']}, gross margin {member['income']}"
        for member in explanation["members"]
    ]
    told += ["", f"Ledger lines of both windows ({len(lines)}):"]
    told += [
        f"    {line['booked_on']}  {line['source']} {line['document']} {line['line']}  "
        f"revenue {line['revenue']}  cost {line['cost'] or '-'}"
        for line in lines
    ]
    return "\n".join(told)

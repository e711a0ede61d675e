"""What a webhook is told of each topic: what its owner sees of it, as the API writes it."""

from collections.abc import Mapping
from typing import Any

from accounts.api import AccountNameSerializer
from accounts.models import Account, LedgerImport
from firm import roles
from firm.models import Topic, User
from firm.webhooks.sending import Reader
from segmentation.api import FlagSerializer, PortfolioSerializer
from segmentation.models import Flag, Run


class FlagWordSerializer(FlagSerializer):
    """What a flag is; why it was raised stands in the API's list of flags."""

    class Meta(FlagSerializer.Meta):
        fields = ["id", "kind", "severity", "level", "account", "since", "cleared_on"]
        read_only_fields = fields


class RunWordSerializer(PortfolioSerializer):
    """Which day was computed; its figures are the API's portfolio."""

    class Meta(PortfolioSerializer.Meta):
        fields = ["run", "as_of", "policy"]
        read_only_fields = fields


def accounts(owner: User, subjects: list[int]) -> dict[str, Any]:
    seen = Account.objects.visible_to(owner).filter(pk__in=subjects).order_by("pk")
    told = AccountNameSerializer(seen, many=True).data
    return {"accounts": told} if told else {}


def standings(owner: User, subjects: list[int]) -> dict[str, Any]:
    """Accounts whose standing moved; where they stand now is the API's list of standings."""
    told, run = accounts(owner, subjects), Run.objects.newest()
    return {"as_of": run.as_of.isoformat()} | told if told and run else {}


def flags(owner: User, subjects: list[int]) -> dict[str, Any]:
    seen = Flag.objects.visible_to(owner).filter(pk__in=subjects).order_by("pk")
    told = FlagWordSerializer(seen.select_related("account", "policy"), many=True).data
    return {"flags": told} if told else {}


def run(owner: User, subjects: list[int]) -> dict[str, Any]:
    found = Run.objects.filter(pk__in=subjects).select_related("policy").first()
    if found is None or not owner.has_perm(roles.PORTFOLIO):
        return {}
    return {"run": RunWordSerializer(found).data}


def ledger_import(owner: User, subjects: list[int]) -> dict[str, Any]:
    seen = LedgerImport.objects.visible_to(owner).select_related("source")
    found = seen.filter(pk__in=subjects).first()
    if found is None or not owner.has_perm(roles.FEED):
        return {}
    counts = ("lines", "created", "corrected", "unchanged", "voided", "rejected", "unassigned")
    return {
        "import": {
            "id": found.pk,
            "source": found.source.name,
            "target": found.target,
            "state": found.state,
            "file_name": found.file_name,
            "report": {name: found.report[name] for name in counts if name in found.report},
        }
    }


READERS: Mapping[str, Reader] = {
    Topic.ACCOUNT_CREATED: accounts,
    Topic.ACCOUNT_CHANGED: accounts,
    Topic.STANDING_CHANGED: standings,
    Topic.FLAG_RAISED: flags,
    Topic.FLAG_CLEARED: flags,
    Topic.RUN_FINISHED: run,
    Topic.IMPORT_FINISHED: ledger_import,
}

"""What the operator of an installation should know before it serves."""

from django.conf import settings
from django.core import checks


@checks.register(checks.Tags.security, deploy=True)
def webhooks_reach_only_the_open_internet(app_configs, **kwargs):
    if not settings.WEBHOOK_ALLOWED_NETWORKS:
        return []
    networks = ", ".join(settings.WEBHOOK_ALLOWED_NETWORKS)
    return [
        checks.Warning(
            f"Webhooks may reach {networks} (KAM_WEBHOOK_NETWORKS).",
            hint="Whoever may have webhooks can speak to every host there.",
            id="firm.W001",
        )
    ]

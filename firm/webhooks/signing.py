"""Signs what is sent, as the specification of Standard Webhooks says."""

import base64
from datetime import UTC, datetime

from django.utils.crypto import salted_hmac
from standardwebhooks import Webhook as Signer

from firm.models import Delivery, Webhook

PREFIX = "whsec_"


def secret_of(webhook: Webhook) -> str:
    """The secret that its receiver knows it by."""
    return secret_from(webhook.seed)


def secret_from(seed: str) -> str:
    digest = salted_hmac("firm.webhook", seed, algorithm="sha256").digest()
    return PREFIX + base64.b64encode(digest).decode()


def headers_of(delivery: Delivery, body: str, now: datetime) -> dict[str, str]:
    """The headers of one attempt. For a day after a change of secret there are two signatures."""
    webhook = delivery.webhook
    seeds = [webhook.seed]
    if webhook.old_seed and now < webhook.old_seed_until:
        seeds.append(webhook.old_seed)
    at = now.astimezone(UTC)
    signatures = [Signer(secret_from(seed)).sign(delivery.message_id, at, body) for seed in seeds]
    return {
        "Content-Type": "application/json",
        "User-Agent": "KAM-CRM-Webhooks/1",
        "Accept-Encoding": "identity",
        "Connection": "close",
        "webhook-id": delivery.message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }

"""Writes down what webhooks are to be told, in the transaction in which it happens."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import QuerySet

from firm.models import Topic, Webhook


def tell(topic: Topic, about: QuerySet | Sequence[int]) -> None:
    """Write a delivery of `topic` about these keys for every webhook that asks for it.

    One statement whatever their number; nothing where nobody asks. Rows that every path
    changes tell of themselves: see `firm.webhooks.triggers`.
    """
    if not Webhook.objects.asking(topic).exists():
        return
    if isinstance(about, QuerySet):
        query, params = about.order_by().distinct().query.sql_with_params()
        subjects = f"ARRAY({query})"
    else:
        subjects, params = "%s::bigint[]", (list(about),)
    with connection.cursor() as cursor:
        # The text of a queryset of ours; its values are parameters.
        cursor.execute(f"SELECT tell_webhooks(%s, {subjects})", [topic.value, *params])

"""Triggers that tell webhooks of changed rows, whatever path the change took."""

import pgtrigger

REFERENCING = {
    pgtrigger.Insert: pgtrigger.Referencing(new="newer"),
    pgtrigger.Update: pgtrigger.Referencing(old="older", new="newer"),
    pgtrigger.Delete: pgtrigger.Referencing(old="older"),
}


def telling(name: str, topic: str, operation: pgtrigger.Operation, rows: str) -> pgtrigger.Trigger:
    """A trigger that tells `topic` of the keys that `rows` selects, once a statement.

    `rows` reads the statement's rows from `older` and `newer`.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=REFERENCING[operation],
        func=f"""
            IF EXISTS (
                SELECT FROM firm_webhook WHERE disabled_at IS NULL AND '{topic}' = ANY(topics)
            ) THEN
                PERFORM tell_webhooks('{topic}', ARRAY({rows}));
            END IF;
            RETURN NULL;
        """,
    )


def telling_of_account() -> list[pgtrigger.Trigger]:
    """Triggers of a dated table: whatever it says of an account changes the account."""
    topic = "account.changed"
    return [
        telling("tell_new", topic, pgtrigger.Insert, "SELECT account_id FROM newer"),
        telling("tell_changed", topic, pgtrigger.Update, "SELECT account_id FROM newer"),
        telling("tell_gone", topic, pgtrigger.Delete, "SELECT account_id FROM older"),
    ]

"""An example of each operation of the API: what is sent, and what comes back."""

import json
from typing import Any

ETAG = '"8812-4-2-31"'
ACCOUNT: dict[str, Any] = {
    "id": 57,
    "account_ref": "AW-00057",
    "name": "Northern Bearings",
    "legal_name": "Northern Bearings Ltd",
    "tax_number": "GB 123 4567 89",
    "kind": "company",
    "industry": "bearings",
    "country": "United Kingdom",
    "headcount": 240,
    "closed_on": None,
    "close_reason": "",
    "owner": {"id": 4, "name": "Daria Kowalczyk", "email": "daria@example.com"},
    "department": {"id": 2, "code": "north", "name": "North"},
    "parent": {"id": 31, "account_ref": "AW-00031", "name": "Bearings Holding"},
    "etag": ETAG,
}
NAME = {name: ACCOUNT[name] for name in ("id", "account_ref", "name")}
ENTRY = {
    "id": 90210,
    "source": "erp",
    "document": "INV-2024-0117",
    "line": "1",
    "account": NAME,
    "booked_on": "2024-02-14",
    "revenue": "1250.0000",
    "cost": "800.0000",
    "currency": "EUR",
    "booked_revenue": "1250.0000",
    "booked_cost": "800.0000",
    "rate_on": None,
    "product_line": "Ball bearings",
}
STANDING = {
    "account": 57,
    "as_of": "2024-02-29",
    "policy": 3,
    "account_ref": "AW-00057",
    "group": "AW-00031",
    "rank": 2,
    "basis": "450.0000",
    "turnover": "1250.0000",
    "income": "450.0000",
    "previous": "400.0000",
    "share": "0.120000",
    "abc": "A",
    "core": True,
    "group_share": "0.280000",
    "band": "key",
    "key": True,
    "trend": "growing",
    "prospects": 4,
    "segment": "strategic",
}
FLAG = {
    "id": 12,
    "kind": "lost",
    "severity": "high",
    "level": "",
    "account": NAME,
    "reason": "Northern Bearings has bought nothing since 31 Jan 2023.",
    "money": "450.0000",
    "evidence": {"last": "2023-01-31"},
    "since": "2024-02-29",
    "cleared_on": None,
    "rests_until": None,
    "policy": 3,
    "etag": '"3%7C%7C%7C"',
}

IMPORT = {
    "id": 311,
    "state": "done",
    "source": "erp",
    "file_name": "ledger.csv",
    "by": "Warehouse",
    "started_at": "2024-02-29T22:00:03Z",
    "finished_at": "2024-02-29T22:00:04Z",
    "error": "",
    "report": {
        "lines": 120,
        "created": 100,
        "corrected": 3,
        "unchanged": 16,
        "voided": 0,
        "rejected": 1,
        "unassigned": 2,
        "unconverted": 0,
        "seconds": 0.412,
    },
    "rejected": "https://kam.example.com/api/v1/ledger/imports/311/rejected/",
    "undone_at": None,
    "undo": {},
    "left": "https://kam.example.com/api/v1/ledger/imports/311/left/",
}
COMING = IMPORT | {"state": "waiting", "finished_at": None, "report": {}}
REJECTED = {
    "id": 7,
    "row": 18,
    "values": {"account_ref": "AW-00057", "booked_on": "14.02.2024", "revenue": "10"},
    "problems": [
        {
            "field": "booked_on",
            "value": "14.02.2024",
            "message": "is no day: write it as 2024-02-29",
        }
    ],
}
UNDONE = IMPORT | {
    "state": "undone",
    "undone_at": "2024-03-01T08:15:00Z",
    "undo": {"withdrawn": 100, "restored": 2, "left": 1},
}
LEFT = {"id": 1, "document": "INV-2024-0117", "line": "1", "kept_by": 314}
CSV = (
    "account_ref,booked_on,revenue,cost,document,line\r\n"
    "AW-00057,2024-02-14,1250.00,800.00,INV-2024-0117,1\r\n"
)
LINE = {
    "account_ref": "AW-00057",
    "booked_on": "2024-02-14",
    "revenue": "1250.00",
    "document": "INV-2024-0117",
}


WEBHOOK = {
    "id": 3,
    "address": "https://hooks.example.com/kam",
    "description": "Warehouse",
    "topics": ["standing.changed", "flag.raised"],
    "active": True,
    "disabled_at": None,
    "disabled_for": "",
    "failing_since": None,
    "owner": 9,
    "created_at": "2024-02-28T09:30:00Z",
}
SECRET = "whsec_" + "bm90IGEgcmVhbCBzZWNyZXQsIGp1c3QgYW4gZXhhbXA="
DELIVERY = {
    "id": 501,
    "webhook_id": "msg_0f8fad5bd9cb469fa16570867728950e",
    "topic": "flag.raised",
    "subjects": [12],
    "state": "delivered",
    "attempts": 1,
    "created_at": "2024-02-29T02:00:14Z",
    "sent_at": "2024-02-29T02:00:16Z",
    "next_at": "2024-02-29T02:00:14Z",
    "finished_at": "2024-02-29T02:00:16Z",
    "status": 204,
    "fault": "",
    "detail": "",
    "milliseconds": 84,
}


def page(row):
    following = "https://kam.example.com/api/v1/accounts/?cursor=WyJpZCIsZmFsc2VdOmFi"
    return {"next": following, "previous": None, "results": [row]}


# By operation: the body that is sent, if any, and the body of the answer.
EXAMPLES: dict[str, tuple[Any, Any]] = {
    "accounts_list": (None, page(ACCOUNT)),
    "accounts_retrieve": (None, ACCOUNT),
    "accounts_create": (
        {
            "account_ref": "AW-00057",
            "name": "Northern Bearings",
            "country": "United Kingdom",
            "owner": "daria@example.com",
            "parent": "AW-00031",
        },
        ACCOUNT,
    ),
    "accounts_partial_update": ({"headcount": 240, "industry": "bearings"}, ACCOUNT),
    "ledger_imports_create": (
        {"text/csv": CSV, "application/x-ndjson": json.dumps(LINE) + "\n"},
        COMING,
    ),
    "ledger_imports_list": (None, page(IMPORT)),
    "ledger_imports_retrieve": (None, IMPORT),
    "ledger_imports_undo_create": (None, UNDONE),
    "ledger_imports_left_list": (None, page(LEFT)),
    "ledger_imports_rejected_list": (None, page(REJECTED)),
    "ledger_entries_list": (None, page(ENTRY)),
    "standings_list": (None, page(STANDING)),
    "flags_list": (None, page(FLAG)),
    "webhooks_list": (None, page(WEBHOOK)),
    "webhooks_retrieve": (None, WEBHOOK),
    "webhooks_create": (
        {
            "address": "https://hooks.example.com/kam",
            "description": "Warehouse",
            "topics": ["standing.changed", "flag.raised"],
        },
        WEBHOOK | {"secret": SECRET},
    ),
    "webhooks_partial_update": ({"topics": ["standing.changed", "flag.raised"]}, WEBHOOK),
    "webhooks_secret_create": (None, WEBHOOK | {"secret": SECRET}),
    "webhooks_enable_create": (None, WEBHOOK),
    "webhooks_disable_create": (None, WEBHOOK),
    "webhooks_test_create": (None, DELIVERY),
    "webhooks_deliveries_list": (None, page(DELIVERY)),
    "webhooks_deliveries_again": (None, DELIVERY),
    "flags_acknowledge_create": (
        {"reason": "They move house; orders are promised for April.", "until": "2024-04-30"},
        FLAG | {"rests_until": "2024-04-30"},
    ),
    "portfolio_retrieve": (
        None,
        {
            "run": 41,
            "as_of": "2024-02-29",
            "policy": 3,
            "summary": {"population": 240, "total": "3750.0000", "hhi": "812.5000"},
            "facts": {},
        },
    ),
    "accounts_standing_retrieve": (
        None,
        {"account": "AW-00057", "as_of": "2024-02-29", "policy": 3, "figures": [], "lines": []},
    ),
}

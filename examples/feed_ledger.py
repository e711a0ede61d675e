"""Feeds a ledger to KAM CRM, waits until it is taken in, and prints what stands then.

    export KAM_TOKEN=kam_...
    python feed_ledger.py http://127.0.0.1:8000 erp ledger.csv

Sent again, the same file is the same import. Nothing but Python's standard library is needed.
"""

import hashlib
import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlencode

KINDS = {
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".ndjson": "application/x-ndjson",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OVER = ("done", "asking", "failed", "undone")
TRIES = 5


class Problem(Exception):
    """What the API could not do, as it told it."""


class Api:
    def __init__(self, site, token):
        self.root = f"{site.rstrip('/')}/api/v1"
        self.token = token

    def ask(self, address, body=None, **headers):
        """The answer and its headers. Waits where it is told to, and asks again."""
        if address.startswith("/"):
            address = self.root + address
        headers = {"Authorization": f"Bearer {self.token}", **headers}
        request = urllib.request.Request(address, body, headers)  # noqa: S310
        for attempt in range(1, TRIES + 1):
            try:
                with urllib.request.urlopen(request) as answer:  # noqa: S310
                    return json.load(answer), answer.headers
            except urllib.error.HTTPError as error:
                if error.code not in (429, 503) or attempt == TRIES:
                    raise Problem(told(error)) from error
                time.sleep(int(error.headers.get("Retry-After", 5)))
        return None

    def send(self, source, path):
        """Send a ledger; give the address of its import. The key is made of what is sent."""
        body = path.read_bytes()
        key = hashlib.sha256(source.encode() + b"\0" + body).hexdigest()
        kind = KINDS[path.suffix.lower()]
        query = urlencode({"source": source})
        headers = {"Content-Type": kind, "Idempotency-Key": key}
        _import, headers = self.ask(f"/ledger/imports/?{query}", body, **headers)
        return headers["Location"]

    def wait(self, address, seconds=0.5):
        """The import, once it is over."""
        while True:
            found, _headers = self.ask(address)
            if found["state"] in OVER:
                return found
            time.sleep(seconds)

    def rows(self, address):
        """Every row of a list, page after page."""
        while address:
            page, _headers = self.ask(address)
            yield from page["results"]
            address = page["next"]


def told(error):
    try:
        problem = json.load(error)
        return f"{problem['type']}: {problem['detail']} {problem.get('errors', '')}".strip()
    except ValueError:
        return f"{error.code} {error.reason}"


def main(site, source, file):
    api = Api(site, os.environ["KAM_TOKEN"])
    imported = api.wait(api.send(source, Path(file)))
    report = imported["report"]
    print(f"import {imported['id']}: {imported['state']} {imported['error']}".rstrip())
    for name in ("lines", "created", "corrected", "unchanged", "rejected", "unassigned"):
        print(f"  {name}: {report.get(name, 0)}")
    for row in api.rows(imported["rejected"]):
        why = "; ".join(f"{each['field']} {each['message']}" for each in row["problems"])
        print(f"  row {row['row']}: {why}")
    try:
        for row in api.rows("/standings/?fields=account_ref,abc,share,segment&limit=500"):
            print(f"  {row['account_ref']}: {row['abc']} {row['share']} {row['segment']}")
    except Problem as problem:
        # Before the first night there is nothing to read.
        print(f"  {problem}")
    return 0 if imported["state"] == "done" and not report.get("rejected") else 1


if __name__ == "__main__":
    try:
        sys.exit(main(*sys.argv[1:]))
    except Problem as problem:
        sys.exit(str(problem))

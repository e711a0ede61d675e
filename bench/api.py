"""Page 1 of the API's longest list against page 1,000, which a keyset makes alike."""

import statistics

from bench.pages import milliseconds, reader

FIRST = "/api/v1/standings/?limit=100"


def api_rows(accounts):
    """Medians of the first page and of the thousandth, as a row of the report."""
    with reader() as client:
        address, number = FIRST, 1
        while number < 1000 and (following := client.get(address).json()["next"]):
            address, number = following, number + 1
        turns = [(milliseconds(client, FIRST), milliseconds(client, address)) for _ in range(40)]
    near, far = (statistics.median(taken) for taken in zip(*turns, strict=True))
    return [
        (
            f"API page 1 against page {number:,}",
            f"{accounts:,} accounts, 100 rows a page",
            f"{far:.1f} ms",
            f"{near:.1f} ms",
            f"{far / near:.2f} x",
            "≤ 1.2 x",
        )
    ]

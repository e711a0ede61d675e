"""Every page in every language: nothing English is left on it."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from accounts.models import (
    Account,
    LedgerEntry,
    LedgerImport,
    ProductLine,
    RejectedRow,
    Source,
)
from firm.models import Department, Notification, User, Webhook
from segmentation.models import PolicyDraft
from tests.factories import UserFactory
from tests.house.test_catalogues import catalogue, forms
from tests.permissions.elsewhere import TRACE, Elsewhere
from tests.permissions.verdicts import VERDICTS

FILES = ("accounts:export", "accounts:lines_file", "imports:rejected_file")
ELSE = ("api:", "account_", "healthz", "readyz", "metrics", "language", *FILES)
# Names and signs that are the same everywhere.
COMMON = {
    "VIP",
    "ABC",
    "HHI",
    "KAM",
    "CRM",
    "CSV",
    "XLSX",
    "API",
    "EUR",
    "USD",
    "UTC",
    "USB",
    "UTF",
    "ISO",
    "KOI",
    "JIS",
    "Shift",
    "Big",
    "Windows",
    "Webhook",
    "gzip",
    "https",
    "Ctrl",
    "Enter",
    "Esc",
    "English",
    "Italiano",
    "Markdown",
}
QUIET = ("script", "style", "code", "pre")
SHOWN = ("aria-label", "title", "placeholder", "alt")


class Reader(HTMLParser):
    """Collects what a person sees or hears of a page."""

    def __init__(self):
        super().__init__()
        self.texts, self.silent = [], []

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        # What names its own language is not of the page's: "English" stands there for the English.
        if tag in QUIET or ("lang" in given and tag != "html"):
            self.silent.append(tag)
        elif not self.silent:
            self.texts += [given[name] for name in SHOWN if given.get(name)]

    def handle_endtag(self, tag):
        if self.silent and self.silent[-1] == tag:
            self.silent.pop()

    def handle_data(self, data):
        if data.strip() and not self.silent:
            self.texts.append(" ".join(data.split()))


def read(client, address):
    reader = Reader()
    response = client.get(address)
    reader.feed(response.content.decode())
    return reader.texts


@pytest.fixture
def pages(client, db):
    """Addresses of all pages, of a firm whose names are no words of any language."""

    def pages(language):
        elsewhere = Elsewhere.make()
        for model in (Account, Department, User, ProductLine, Source):
            for row in model.objects.all():
                row.name = f"Ω{row.pk}"
                row.save()
        Account.objects.update(legal_name="", industry="", country="", account_ref="Ω")
        LedgerEntry.objects.update(document="Ω")
        LedgerImport.objects.update(file_name="Ω")
        RejectedRow.objects.update(values={"Ω": "Ω"}, problems=[])
        with elsewhere.imported.file.open("wb") as file:
            file.write("Ω1,Ω2,Ω3\nΩ,Ω,Ω\n".encode())
        Webhook.objects.update(address="https://Ω")
        PolicyDraft.objects.update(reason="Ω")
        reader = UserFactory(name="Ω Ω", roles=["director", "administrator"], language=language)
        Notification.objects.update(recipient=reader)
        client.force_login(reader)
        return [
            reverse(name, kwargs=verdict.address(elsewhere))
            for name, verdict in VERDICTS.items()
            if not name.startswith(ELSE) and "GET" in verdict.methods
        ]

    return pages


def english(language):
    """Messages whose translation differs from them."""
    code = {"zh-hans": "zh_Hans"}.get(language, language)
    return {
        message.id
        for message in catalogue(code)
        if isinstance(message.id, str) and message.id and message.id not in forms(message.string)
    }


@pytest.mark.parametrize("language", ["ru", "it", "zh-hans"])
def test_no_message_is_shown_in_english(client, pages, language):
    untranslated = english(language)

    found = {
        address: left
        for address in pages(language)
        if (left := [text for text in read(client, address) if text in untranslated])
    }

    assert found == {}


@pytest.mark.parametrize("language", ["ru", "zh-hans"])
def test_no_latin_word_stands_on_a_page_of_another_script(client, pages, language):
    found = {}
    for address in pages(language):
        for text in read(client, address):
            # What was stored before the names were taken away: notices, the record of changes.
            plain = re.sub(rf"\S+@\S+|{TRACE}( Ltd)?|ZR-1|rivets|Zanzibar", "", text)
            if left := set(re.findall(r"[A-Za-z]{3,}", plain)) - COMMON:
                found.setdefault(address, []).append((sorted(left), text))

    assert found == {}

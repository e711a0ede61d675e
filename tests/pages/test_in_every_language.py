"""Every page in every language: nothing English is left on it."""

import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from accounts.models import Account, ProductLine
from firm.models import Department, User
from tests.factories import UserFactory
from tests.house.test_catalogues import catalogue, forms
from tests.pages.conftest import make_firm
from tests.permissions.verdicts import VERDICTS

DOORS = ("api:", "account_", "healthz", "readyz", "metrics", "language")
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
    "Ctrl",
    "Enter",
    "Esc",
    "English",
    "Italiano",
    "Markdown",
}
SHOWN = ("aria-label", "title", "placeholder", "alt")


class Reader(HTMLParser):
    """Collects what a person sees or hears of a page."""

    def __init__(self):
        super().__init__()
        self.texts, self.silent = [], 0

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        self.silent += tag in ("script", "style", "code", "pre")
        self.texts += [given[name] for name in SHOWN if given.get(name)]

    def handle_endtag(self, tag):
        self.silent -= tag in ("script", "style", "code", "pre")

    def handle_data(self, data):
        if data.strip() and not self.silent:
            self.texts.append(" ".join(data.split()))


def read(client, address):
    reader = Reader()
    reader.feed(client.get(address).content.decode())
    return reader.texts


@pytest.fixture
def pages(client, db):
    """Addresses of all pages, of a firm whose names are no words of any language."""

    def pages(language):
        firm = make_firm()
        for model in (Account, Department, User, ProductLine):
            for row in model.objects.all():
                row.name = f"Ω{row.pk}"
                row.save()
        reader = UserFactory(name="Ω Ω", roles=["director", "administrator"], language=language)
        client.force_login(reader)
        return [
            reverse(name, kwargs=verdict.address(Somewhere(firm)))
            for name, verdict in VERDICTS.items()
            if not name.startswith(DOORS) and verdict.methods != ("POST",)
        ]

    return pages


class Somewhere:
    """The firm in the words of the permission matrix."""

    def __init__(self, firm):
        self.account, self.owner, self.department = firm.turbines, firm.owner, firm.north


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
            plain = re.sub(r"\S+@\S+|\bA\d{4}\b", "", text)
            if left := set(re.findall(r"[A-Za-z]{3,}", plain)) - COMMON:
                found.setdefault(address, []).append((sorted(left), text))

    assert found == {}

"""What people read is there in every language, whole, with the same values in it."""

import re
import subprocess
import sys

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

KEYWORDS = ["gettext_lazy", "gettext_noop", "ngettext_lazy:1,2", "pgettext_lazy:1c,2"]
LANGUAGES = {"ru": 3, "it": 2, "zh_Hans": 1}


def catalogue(language):
    path = settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file, locale=language)


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """Every message of the sources, as `make messages` reads them."""
    path = tmp_path_factory.mktemp("messages") / "messages.pot"
    extract = [sys.executable, "-m", "babel.messages.frontend", "--quiet", "extract"]
    options = ["--mapping-file", "babel.cfg", "--output-file", str(path)]
    words = [part for word in KEYWORDS for part in ("--keyword", word)]
    ignored = ["--ignore-dirs", ".* build node_modules"]
    command = [*extract, *options, *words, *ignored, "."]
    subprocess.run(command, cwd=settings.BASE_DIR, check=True)
    with path.open("rb") as file:
        return {(message.context, message.id) for message in read_po(file) if message.id}


def forms(text):
    return [text] if isinstance(text, str) else list(text)


def values(text):
    return set(re.findall(r"%\((\w+)\)s|\{(\w+)\}", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_exactly_what_the_sources_say(language, sources):
    messages = {(message.context, message.id) for message in catalogue(language) if message.id}

    assert messages == sources


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language):
    assert catalogue(language).num_plurals == LANGUAGES[language]
    open_ones = [
        message.id
        for message in catalogue(language)
        if message.id and (message.fuzzy or not all(forms(message.string)))
    ]
    assert open_ones == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_asks_for_the_values_that_its_source_gives(language):
    for message in catalogue(language):
        given = {value for form in forms(message.id) for value in values(form)}
        for form in forms(message.string):
            assert values(form) <= given, form
        if isinstance(message.id, str):
            assert values(message.string) == given, message.string
            assert message.string.count("%%") == message.id.count("%%"), message.string

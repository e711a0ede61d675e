"""The portfolio before and after a draft, row by row."""

from django.utils.translation import gettext as _

from firm.templatetags.figures import percent_sign, plain
from segmentation.mix import JUDGED
from segmentation.models import AbcClass, Band, Segment


def comparison(before: dict, after: dict) -> list[dict]:
    """Counts of accounts, the tests and the mix, with both values as people read them."""
    return [row(label, told(before), told(after)) for label, told in measures()]


def row(label, was, now):
    return {"label": label, "before": was, "after": now, "changed": was != now}


def measures():
    yield _("Accounts in the population"), lambda day: plain(day["population"])
    for name, choices in (("segment", Segment), ("abc", AbcClass), ("band", Band)):
        for value, label in choices.choices:
            if (name, value) != ("band", Band.NONE):
                yield heading(name, label), count_of(name, value)
    yield _("Key groups together"), lambda day: percent_sign(day["key_total"])
    yield _("Concentration, HHI"), lambda day: plain(day["hhi"])
    yield _("Effective clients"), lambda day: plain(day["effective_clients"], 1)
    for value in JUDGED:
        yield _("Mix: %(segment)s") % {"segment": value.label}, in_the_mix(value)


def heading(name, label):
    texts = {"segment": _("Segment %(word)s"), "abc": _("Class %(word)s")}
    return texts.get(name, _("Band %(word)s")) % {"word": label}


def count_of(name, value):
    return lambda day: plain(day[name].get(value, 0))


def in_the_mix(segment):
    def told(day):
        found = day["mix"]["segments"][segment]
        share = f"{plain(found['percent'], 1)} %"
        words = {"in": _("in range"), "under": _("under"), "over": _("over")}
        verdict = words.get(found["verdict"])
        return f"{share}, {verdict}" if verdict else share

    return told

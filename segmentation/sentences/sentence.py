"""What every sentence is written with."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from firm.templatetags.figures import plain

ALARM, WARNING, NOTE = 3, 2, 1


@dataclass(frozen=True)
class Sentence:
    """What is so, how much hangs on it, and the one thing to do about it."""

    severity: int
    title: str
    text: str
    act: str = ""
    url: str = ""


def accounts_with(**asked):
    """The account list, narrowed."""
    return f"{reverse('accounts:list')}?{urlencode(asked)}"


def explained(figure):
    return reverse("segmentation:explain", args=[figure])


def rule(name):
    return f"{reverse('segmentation:method')}#{name}"


def limit(number):
    """A percentage of the policy as people write it: 20 %."""
    return f"{plain(number, 'free')} %"

"""What the figures of a run say, in sentences, the worst first."""

from segmentation.sentences.groups import dependency, key_total
from segmentation.sentences.ledger import basis, comparison, left_out, losses, stale_feed
from segmentation.sentences.segments import mix

__all__ = ["basis", "left_out", "losses", "mix", "sentences", "stale_feed"]


def sentences(run, banded, names):
    """Everything a reader of `run` has to know at once.

    `banded` are its groups in a band; `names` says by their keys what the reader may call them.
    """
    said = [
        *stale_feed(run),
        *dependency(run, banded, names),
        *key_total(run),
        *basis(run),
        *losses(run),
        *left_out(run),
        *mix(run),
        *comparison(run),
    ]
    return sorted(said, key=lambda sentence: -sentence.severity)

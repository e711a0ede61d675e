"""Records of what the numbers say."""

from segmentation.models.draft import DraftMove, PolicyDraft
from segmentation.models.flag import Flag, PutOff, looked_after_by, on_work_of
from segmentation.models.judgement import (
    ProspectRating,
    Qualification,
    Segment,
    SegmentOverride,
)
from segmentation.models.run import KeyPeriod, Run, StandingChange
from segmentation.models.standing import (
    AbcClass,
    Band,
    GroupStanding,
    Standing,
    StandingHistory,
    Trend,
)

__all__ = [
    "AbcClass",
    "Band",
    "DraftMove",
    "Flag",
    "GroupStanding",
    "KeyPeriod",
    "PolicyDraft",
    "ProspectRating",
    "PutOff",
    "Qualification",
    "Run",
    "Segment",
    "SegmentOverride",
    "Standing",
    "StandingChange",
    "StandingHistory",
    "Trend",
    "looked_after_by",
    "on_work_of",
]

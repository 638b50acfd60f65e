"""Settings of the vision room: every figure that decides what is shown or masked, with its reason."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from vision.recognition.face_threshold import RecogniseSettings

SEGMENT_GAP = 0.5
"""Seconds without a sighting after which a face must be recognised anew."""
SHOWN_REACH = 0.3
"""Most seconds from the nearest sighting for a face to be shown."""
CROSSING_REACH = 0.13
"""Seconds that one agreeing crop counts for while another face shares the place: until the next crop is due."""
BRIDGED_GAP = 2.5
"""Seconds between the end of a track and the start of another in its place up to which both are masked as one."""

SAME_PLACE = 0.3
"""IoU from which two boxes are one face seen twice, or two faces one after the other in the same place."""
SHADOW_LEAD = 0.25
"""Score by which a detection must lead over another that it partly covers for that one to be its shadow: half of the
face, an ear or a chin. YuNet nearly always gives real faces .8 or more, shadows .3 to .45.
"""
SHADOW_COVER = 0.1
"""Share of the smaller of the two boxes from which they count as covering each other."""
SHADOW_SHARE = 0.3
"""Share of a track's sightings as a shadow from which the track counts as a shadow."""
FIRM_SIGHTINGS = 5
FIRM_SCORE = 0.7
"""Sightings, at least one with this score, after which a face does not simply disappear."""
SEEN_WELL = 0.8
"""Score that YuNet gives nearly every face of which nothing is hidden."""
FALSE_FACE_SECONDS = 2.5
"""Seconds for which a part of a face is taken for a face at most; what stays longer is one."""
FALSE_FACE_SIDE = 0.65
"""Side of such a part at most, in sides of the face."""
FALSE_FACE_WITHIN = 0.8
"""Share of such a part that lies within the face at least."""
FALSE_FACE_SWAY = 0.1
"""By how much its place on the face may vary (standard deviation), in sides of the face."""
SQUARE_WITHIN = 1.1
"""Width of a pixel over its height (or the inverse) up to which faces are searched for in stored pixels. PAL's 4:3 is
1.09; at 2.9 a face went unseen for half a second.
"""
MAX_STRETCH = 4.0
"""Largest such ratio by which a picture is stretched: a file may claim any ratio."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DetectSettings(_Settings):
    """How faces are searched for."""

    detector: str = Field(default="yunet", description="The detector; a+b masks what either finds.")
    width: int = Field(
        default=640,
        ge=160,
        le=7680,
        description=("Width in px of the picture that is searched; larger input is scaled down, never up."),
    )
    every: float = Field(
        default=0.12,
        gt=0,
        le=0.15,
        description=("Seconds between two looks at the whole picture; boxes between are interpolated."),
    )
    thorough_every: float = Field(
        default=1.0,
        gt=0,
        le=2,
        description=(
            "Seconds between two thorough looks (full size in tiles, for small faces; quarter size, for huge ones)."
        ),
    )
    tile: int = Field(
        default=1280,
        ge=320,
        le=7680,
        description="Largest side in px that is searched at once in a thorough look; larger pictures are tiled.",
    )
    birth: float = Field(default=0.5, gt=0, le=0.6, description=("Least score at which a single detection is masked."))
    tentative: float = Field(
        default=0.3, gt=0, le=0.4, description="Least score at which two detections in a row at one place are a face."
    )
    keep: float = Field(default=0.2, gt=0, le=0.3, description="Least score where a face is already expected.")


class TrackSettings(_Settings):
    """How detections become tracks (SORT)."""

    iou: float = Field(
        default=0.2, gt=0, lt=1, description="Smallest overlap of a prediction with the detection that continues it."
    )
    lost: float = Field(default=1.0, ge=0, le=30, description="Seconds a track is looked for after its last sighting.")
    crossing: float = Field(
        default=0.25,
        gt=0,
        le=0.25,
        description=("From this share of the smaller face covered by another, who is who is decided again afterwards."),
    )
    cut: float = Field(
        default=0.45,
        ge=0.45,
        lt=1,
        description=(
            "Below this correlation of a face's patch with the previous frame, the picture was cut and tracks end."
        ),
    )


class MaskSettings(_Settings):
    """What is drawn over a face, and how far beyond it."""

    style: Literal["mosaic", "solid", "blur", "avatar"] = Field(
        default="mosaic",
        description=(
            "avatar: a drawn face, the same for everybody, whose mouth is open while its person speaks. blur is a look,"
            " not a protection: it re-identifies."
        ),
    )
    shape: Literal["box", "head"] = Field(
        default="box", description="head: rounded, with the whole box inside, and so somewhat larger."
    )
    cells: int = Field(
        default=4,
        ge=2,
        le=6,
        description="Mosaic cells across the face. With 8, scaled smoothly, ArcFace knew every second face again.",
    )
    colour: tuple[int, int, int] = Field(default=(96, 96, 96), description="Colour of the solid mask, BGR.")
    side: float = Field(default=0.35, ge=0.1, le=3, description="Margin on each side, in face widths.")
    above: float = Field(default=0.5, ge=0.1, le=3, description="Margin above the brow, in face heights (hair).")
    below: float = Field(default=0.25, ge=0.1, le=3, description="Margin below the chin, in face heights.")
    before: float = Field(
        default=0.5, ge=0.5, le=30, description="Seconds masked before a masked face's first sighting."
    )
    after: float = Field(
        default=0.8,
        ge=0.8,
        le=30,
        description="Seconds masked after a masked face's last sighting, where it was heading.",
    )
    growth: float = Field(
        default=0.6,
        ge=0.6,
        le=10,
        description="How much the mask grows per second away from a sighting, in face sizes. Of swaying faces, 5 % come"
        " out from under it at 0.6, 12 % at 0 (evaluation.runs.safety_margins).",
    )


class SpeakerSettings(_Settings):
    """Scoring whose lips move with the sound."""

    scorer: Literal["auto", "lr-asd", "light-asd", "talknet", "talknet-ava", "both", "lips", "none"] = Field(
        default="auto",
        description="auto: LR-ASD where its weights are, else lips; both: LR-ASD and Light-ASD, at the cost of both.",
    )
    lips: float = Field(default=0.4, ge=0, le=10, description="Share of the lips' log odds that is added to a model's.")
    synchrony: float = Field(
        default=0.0,
        ge=0,
        le=100,
        description="Log odds that lips in perfect time with the sound add to the speaking scores (talkers: .3 of it).",
    )
    window: float = Field(default=6.0, ge=1, le=30, description="Seconds scored at once.")
    overlap: float = Field(
        default=0.6, ge=0, le=10, description="Seconds by which windows overlap; their scores are cross-faded."
    )
    silence: float = Field(
        default=2e-4, ge=0, le=1, description=("Below this RMS of the sound nobody speaks and nothing is scored.")
    )

    smooth: float = Field(
        default=0.5,
        gt=0,
        le=10,
        description="Seconds over which log odds are averaged: the Gaussian's standard deviation.",
    )
    rival: float = Field(
        default=0.7,
        ge=0,
        le=1,
        description="Share of another face's log odds above `quiet` that a face loses; 0: none.",
    )
    quiet: float = Field(default=-2.0, ge=-20, le=0, description="Below these log odds another face takes nothing.")
    bias: float = Field(default=-0.07, ge=-20, le=20, description="Log odds that stand for a probability of one half.")
    slope: float = Field(default=0.76, gt=0, le=10, description="Factor of the log odds in the probability.")


class VisionSettings(_Settings):
    """All settings of the room."""

    detect: DetectSettings = DetectSettings()
    track: TrackSettings = TrackSettings()
    recognise: RecogniseSettings = RecogniseSettings()
    mask: MaskSettings = MaskSettings()
    speaker: SpeakerSettings = SpeakerSettings()

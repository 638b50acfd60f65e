"""The face threshold: how alike a face must be to somebody enrolled to be shown, and the other figures that decide it.

:func:`vision.recognition.identification.identify` applies them. A recogniser brings a threshold of its own from the
weights store (``weights/manifest.toml``); a user may make it stricter.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

JOINED = 0.54
"""Cosine from which two photos are surely of one person: no two people of the media reach it with SFace
(``python -m evaluation.runs.face_likelihood``; a log-likelihood ratio of 7 for good photos).
"""
LOOSER = 0.04
"""How far a user may lower the threshold for recognising somebody.

With SFace no stranger of the composed meetings was shown at .38, some were at .35: ``python -m
evaluation.runs.shown_strangers --set recognise.track=0.38``.
"""


class RecogniseSettings(BaseModel):
    """When a face counts as an enrolled person. Showing a stranger is the worst error, so all rules must hold.

    All figures can be made stricter; only ``track`` can be made slightly looser: see :func:`vision.factory.calibrated`.

    Measured with SFace on 411 stretches of 2 s of the composed meetings, each against all 8 people by the mean of two
    photos: strangers reach at most 0.36 (99 % are below 0.30), the person themselves 0.39 or more in 95 %. Single crops
    of strangers reach 0.47 against single photos: a decision never depends on one crop.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    recogniser: str = Field(
        default="sface",
        description="The recogniser. Each needs templates of its own and brings its own thresholds.",
    )
    every: float = Field(
        default=0.4, gt=0, le=2, description="Seconds between two crops of a track that are recognised."
    )
    quality: float = Field(default=0.3, ge=0, le=1, description="Crops below this quality (0..1) are ignored.")
    upright: bool = Field(
        default=True,
        description="Whether YuNet's faces are looked at again, turned upright, before they are recognised.",
    )
    track: float = Field(
        default=0.42,
        gt=0,
        lt=1,
        description=("Least cosine between the track's mean and the person's templates."),
    )
    single: float = Field(
        default=0.08,
        ge=0.05,
        lt=1,
        description="Added to that for a person with only one template: at .05 a stranger (.472) was shown as somebody "
        "enrolled from one turned photo.",
    )
    support: float = Field(
        default=0.25,
        ge=0.2,
        lt=1,
        description="Least cosine between the track's mean and each photo, for photos that are little alike.",
    )
    margin: float = Field(default=0.1, ge=0.1, lt=1, description=("Least lead of the best person over the next best."))
    crop: float = Field(
        default=0.3, ge=0.2, lt=1, description=("Least cosine to the person's templates for a crop to agree.")
    )
    agree: int = Field(default=3, ge=3, le=100, description="Crops that must agree.")
    again: int = Field(
        default=2,
        ge=2,
        le=100,
        description="Crops that must agree where the picture of a person just recognised jumped.",
    )
    slack: float = Field(
        default=0.04,
        ge=0,
        le=0.04,
        description=(
            "By how much the track's cosine may be lower for a part of an unbroken track between two parts in which the"
            " same person was recognised; by half of it beside one."
        ),
    )
    familiar: float = Field(
        default=0.6,
        ge=0.6,
        le=1,
        description=(
            "Cosine to crops of the same recording in which the person was recognised for certain from which a part"
            " that is a little too unlike the photos is accepted; 1: never."
        ),
    )
    share: float = Field(default=0.5, ge=0.5, le=1, description="Share of the good crops that must agree.")
    reject: float = Field(
        default=0.3,
        ge=0.3,
        lt=1,
        description=("A good crop less like the track's mean than this is somebody else; it is masked."),
    )
    doubt: float = Field(
        default=0.1,
        ge=0.08,
        lt=1,
        description=("A good crop less like the person's templates than this is somebody else; it is masked."),
    )
    hold: float = Field(
        default=3.0,
        ge=0,
        le=3,
        description=("Seconds of an unbroken track that one agreeing crop can vouch for, on either side."),
    )

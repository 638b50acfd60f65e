"""Settings of the registry, and the requirements for an enrolment."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

KeyringMode = Literal["auto", "file", "keyring"]
"""Where the vault's key is stored when created: the OS keyring if there is one (auto), always there, or never there."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FaceQuality(_Settings):
    """Requirements for photos (docs/reference/enrolment-checks.md)."""

    min_score: float = Field(default=0.6, ge=0, le=1, description="Detections below this are not taken for a face.")
    min_side: int = Field(default=64, ge=16, le=4096, description="Least width and height of the face box, px.")
    bystander: float = Field(
        default=0.35,
        ge=0,
        le=1,
        description="A second face is ignored if its side is under this share of the largest.",
    )
    min_highlight: float = Field(
        default=60, ge=0, le=255, description="Too dark when the brightest 5 % of the face is below."
    )
    max_burnt: float = Field(
        default=0.35, ge=0, le=1, description="Too bright when more than this share of the face is white."
    )
    min_sharpness: float = Field(
        default=0.012,
        ge=0,
        le=1,
        description="Least variance of the Laplacian relative to the variance of the face at 112 x 112 px.",
    )
    max_turn: float = Field(
        default=0.75,
        ge=0,
        le=5,
        description="Most sideways shift of the nose from the middle of the face, in eye distances.",
    )
    frontal: float = Field(default=0.4, ge=0, le=5, description="A turn under this counts as seen from the front.")
    own_share: float = Field(
        default=0.75, ge=0.75, le=1, description="Share of the finder's `same` that a photo added later must reach."
    )
    one_person: float = Field(
        default=7.0,
        ge=7,
        le=50,
        description="Log-likelihood ratio from which two photos are surely of one person.",
    )
    two_people: float = Field(
        default=-3.0,
        ge=-3,
        le=0,
        description="Log-likelihood ratio up to which two photos are of two people. Between the two nothing tells, and "
        "each photo is kept on its own.",
    )
    min_photos: int = Field(default=1, ge=1, le=100, description="Good photos (or video frames) needed.")
    min_share: float = Field(default=0.5, ge=0, le=1, description="Share of the given photos that must be good.")
    templates: int = Field(default=8, ge=1, le=100, description="Most templates kept from one video.")
    frame_step: float = Field(
        default=0.4, ge=0, le=10, description="Least seconds between two frames looked at in a video."
    )
    max_frames: int = Field(default=60, ge=1, le=10000, description="Most frames looked at in a video.")


class VoiceQuality(_Settings):
    """Requirements for voice clips."""

    min_speech: float = Field(default=5.0, gt=0, le=600, description="Net speech needed over all clips, s.")
    max_clip: float = Field(
        default=300.0, gt=0, le=3600, description="No more than this much of a clip is listened to, s."
    )
    min_level: float = Field(default=-45.0, ge=-90, le=0, description="Least level of the speech, dB below full scale.")
    max_clipped: float = Field(
        default=0.002, ge=0, le=1, description="Most share of speech samples flattened at the top."
    )
    min_snr: float = Field(default=10.0, ge=0, le=60, description="Least estimated ratio of speech to noise, dB.")
    window: float = Field(
        default=1.5, gt=0, le=30, description="Net speech in a window compared to find a second speaker, s."
    )
    other_share: float = Field(
        default=0.15, ge=0, le=0.15, description="Least share of windows that makes a second speaker."
    )
    template: float = Field(default=10.0, gt=0, le=60, description="Net speech that goes into one template, s.")
    one_person: float = Field(
        default=7.0, ge=7, le=50, description="As for faces, of two clips or of two parts of one."
    )
    two_people: float = Field(default=-5.0, ge=-5, le=0, description="As for faces; in between, the longer is used.")
    own_share: float = Field(default=0.75, ge=0.75, le=1, description="As for faces, for a clip added later.")
    alike_share: float = Field(
        default=1.25,
        ge=1,
        le=1.25,
        description="Share of the embedder's `same` from which a voice is too like that of somebody else: at `same` "
        "one pair of people in twenty would be.",
    )
    max_templates: int = Field(default=6, ge=1, le=100, description="Most templates made from one clip.")


class Settings(_Settings):
    """The registry: where it is, how its key is kept, and what is assumed of people who are not enrolled."""

    folder: Path | None = Field(
        default=None,
        description="Folder of the encrypted records; default $DISCREET_HOME/registered or the user's data folder.",
    )
    keyring: KeyringMode | None = Field(
        default=None, description="Where the key of a new registry goes; not set: $DISCREET_KEYRING, else auto."
    )
    quote_strangers: bool = Field(
        default=True, description="Quote people who are not enrolled, under a pseudonym; false silences them."
    )
    face: FaceQuality = FaceQuality()
    voice: VoiceQuality = VoiceQuality()

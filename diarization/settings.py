"""Settings of the diarization room."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from diarization.sortformer_settings import SortformerSettings

_NAME = r"^[a-z0-9][a-z0-9.+-]*$"
VoiceprintName = Literal["ecapa+campplus", "ecapa", "campplus", "titanet-s", "titanet-l"]
"""The voiceprint models of an embedding; with "+" their unit vectors are concatenated."""

PIECES_AT_ONCE = 16
"""Pieces of equal length that are embedded at once, unless settings say otherwise."""
SPEECH_ON, SPEECH_OFF = 0.5, 0.35
"""Probabilities at which Silero VAD begins and ends speech: its authors' defaults (snakers4/silero-vad)."""
SHORTEST_SPEECH, SPEECH_PAD = 0.1, 0.05
"""Seconds: shorter speech is a click; the pad keeps the quiet first and last sounds of a word."""


class _Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FusionSettings(_Settings):
    """How voices, faces and enrolled people are joined. Cosines are those of the room's own models.

    Settings that give somebody a name, and with it rights, can be made stricter freely, but looser only slightly. Of
    2040 pairs of voices of different people (21 people of the test media, templates of three clips), none has a cosine
    above .406 (99 % are below .334); for one person, 99 % are above .60.
    """

    name_similarity: float = Field(
        default=0.42, ge=0.41, le=1, description="Least cosine of a voice to a template to take it for that person."
    )
    name_margin: float = Field(
        default=0.10, ge=0.05, le=2, description="Least lead over the next enrolled person; with less it is a tie."
    )
    suspect_similarity: float = Field(
        default=0.28,
        ge=-1,
        le=0.33,
        description="Least cosine at which a voice may be that person's: enough to withhold, not to grant.",
    )
    min_voice: float = Field(
        default=1.5, ge=1.0, le=600, description="Least seconds of clean speech for a voice alone to name somebody."
    )
    min_lips: float = Field(
        default=0.35,
        ge=0.25,
        le=1,
        description="How much livelier lips must be inside a voice's turns than outside (-1..1) to join them.",
    )
    lips_margin: float = Field(
        default=0.10,
        ge=0.05,
        le=1,
        description="Least lead of one pairing of face and voice over the next; with less it is a tie.",
    )
    min_seen: float = Field(
        default=1.0,
        ge=0.5,
        le=600,
        description="Seconds a face must be on screen during a voice's turns for its lips to count.",
    )
    sure_lips: float = Field(
        default=0.50,
        ge=0.40,
        le=1,
        description="Least such lead for a recognised face to give its name, and the right to be heard, to a voice.",
    )
    min_person: float = Field(
        default=2.0,
        ge=0,
        le=600,
        description="Seconds an unknown, silent face must be seen well to be a person of its own.",
    )
    same_face: float = Field(default=0.50, ge=0.40, le=1, description="Least cosine of two face tracks of one person.")
    min_confidence: float = Field(
        default=0.5, ge=0.4, le=1, description="A turn less sure than this is not taken for an enrolled person's."
    )
    stranger_quoted: bool = Field(default=True, description="Whether people who are not enrolled may be quoted.")


class DiarizationSettings(_Settings):
    """How speech is found and speakers are distinguished. Defaults suit close talk and far-field meetings alike.

    Where unlike voices are joined, or an overlap is missed, a stranger can keep their own voice because somebody else
    agreed. Of the speech of strangers in the composed meetings, .07 % does by default and at the loosest ``same_voice``
    and ``strictness``, .15 % at the highest ``overlap`` (``evaluation.runs.safety_margins``).
    """

    diarizer: str = Field(
        default="embedded",
        pattern=_NAME,
        description='Which diarizer: "embedded", "sortformer", or one from the entry points discreet.diarizers.',
    )
    sortformer: SortformerSettings = SortformerSettings()
    voiceprint: str = Field(
        default="ecapa+campplus",
        pattern=_NAME,
        description='Models that make a voice embedding: "ecapa+campplus", "ecapa", "campplus", "titanet-s", '
        '"titanet-l", or one from the entry points discreet.voiceprints.',
    )
    voiceprint_backend: Literal["onnx", "nemo"] = Field(
        default="onnx", description="How TitaNet runs: converted, or in NeMo (extra `nemo`) with the .nemo file."
    )
    threads: int = Field(default=1, ge=1, le=64, description="Threads of one model.")
    cores: int = Field(default=2, ge=1, le=64, description="Voiceprints made side by side.")
    batch: int = Field(default=4, ge=1, le=256, description="Windows and pieces given to a model at once.")
    step: float = Field(default=1.0, gt=0, le=10, description="Seconds from one 10 s window to the next.")
    speech_on: float = Field(default=0.45, ge=0, le=1, description="Speech probability that a turn must reach.")
    speech_rise: float = Field(
        default=0.30, ge=0, le=1, description="Speech probability at which a turn begins: first sounds are quiet."
    )
    speech_off: float = Field(default=0.35, ge=0, le=1, description="Speech probability under which a turn ends.")
    overlap: float = Field(default=0.45, ge=0, le=0.7, description="Probability of two voices that gives both a turn.")
    overlap_similarity: float = Field(
        default=0.07,
        ge=-1,
        le=1,
        description="Below this cosine a voice is not in a long overlap, if the other voice is.",
    )
    same_voice: float | None = Field(
        default=None,
        ge=0.2,
        le=1,
        description="Cosine of two long groups of speech from which on they are one speaker (short ones: less); "
        "not set, it is learnt from each recording.",
    )
    strictness: float = Field(
        default=0.0, ge=-0.2, le=1, description="Added to that cosine: more separates speakers, less joins them."
    )
    min_gap: float = Field(
        default=0.20, ge=0, le=10, description="A pause of one speaker shorter than this is closed, s."
    )
    min_turn: float = Field(default=0.0, ge=0, le=10, description="Turns shorter than this are dropped, s.")
    num_speakers: int | None = Field(default=None, ge=1, le=1000, description="Number of speakers, if it is known.")
    min_speakers: int = Field(default=1, ge=1, le=1000, description="Least number of speakers.")
    max_speakers: int | None = Field(default=None, ge=1, le=1000, description="Greatest number of speakers.")
    fusion: FusionSettings = FusionSettings()

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        most = self.max_speakers
        if most is not None and most < self.min_speakers:
            raise ValueError(f"max_speakers ({most}) is less than min_speakers ({self.min_speakers})")
        known = self.num_speakers
        if known is not None and (known < self.min_speakers or (most is not None and known > most)):
            raise ValueError(f"num_speakers ({known}) lies outside min_speakers and max_speakers")
        if max(self.speech_off, self.speech_rise) > self.speech_on:
            raise ValueError("speech_off or speech_rise is greater than speech_on")
        return self

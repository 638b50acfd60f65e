"""Settings of the voice room."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

ANCHORS = (350.0, 750.0, 1400.0, 2300.0, 3400.0, 5000.0)
"""Hz at which formant shifts are given; between them the shift is interpolated, beyond them constant."""
PITCH_CELLS = tuple(2 ** (s / 12) for s in (-6.5, -5.5, -4.5, 5.5, 6.5, 7.5))
"""Pitch ratios at the centres of the cells: more than four semitones away, so that no voice stays near the original."""
PITCH_SPREAD = 0.5
"""Semitones that a pitch may differ from its centre, either way."""
FORMANT_CELLS = (0.28, 0.35)
"""Mean size of the formant shift for each cell, nepers; its sign follows the pitch."""
SWING_CELLS = (-0.08, 0.0, 0.08)
"""How much more the upper formants move than the lower ones, for each cell, nepers."""
FORMANT_SPREAD = 0.02
"""Nepers that either may differ from its centre."""
BEND = 0.04
"""Nepers by which the shift at each anchor may vary."""
TILT_CELLS = (-1.5, 1.5)
"""Spectral tilt for each cell, dB per octave."""
TILT_SPREAD = 0.6
"""dB per octave that it may differ from its centre."""
CONTRAST = (0.65, 0.8)
"""Least and greatest height of the formants' peaks and valleys relative to the original voice."""
SWAY = 0.04
"""Nepers by which pitch and formants wander slowly."""
SWAY_HZ = ((0.08, 0.15), (0.2, 0.35), (0.45, 0.7))
"""Ranges of the wandering's three rates, Hz."""
WARM_SECONDS = 0.1
"""Seconds a converter runs before it is first heard: longer than its frames, so that its buffers are full."""

SECRET_BYTES = 16
"""Least bytes of a voice secret: 128 bits cannot be guessed."""


class VoiceSettings(BaseModel):
    """How voices are converted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Literal["prosody", "words", "flat", "warp"] = Field(
        default="prosody",
        description="what becomes of a voice that is not to be heard: its words are said again by a synthesiser, with"
        " the speaker's timing and melody ('prosody'), without ('words') or with part of them ('flat'); or it is"
        " converted ('warp'), which does not withstand an attacker",
    )
    sex: Literal["same", "any"] = Field(
        default="any",
        description="whether low and high voices are said again in any voice, or low ones in low and high ones in high"
        " voices ('same'), which tells an attacker who is a man and who is a woman",
    )
    doubtful: Literal["silence", "say", "convert"] = Field(
        default="silence",
        description="what becomes of a word that was hardly understood, or of a language that cannot be synthesised;"
        " 'convert' is the converter of 'warp', 'say' only works for English",
    )
    least_confidence: float = Field(
        default=0.15, ge=0.15, le=1.0, description="confidence of a word below which it was hardly understood"
    )
    converter: str = Field(default="warp", description="which converter 'warp' uses: 'warp', or one of a plugin")
    crossfade: float = Field(default=0.015, ge=0.005, le=0.1, description="seconds to fade from one voice to the next")
    guard: float = Field(
        default=0.03,
        ge=0.015,
        le=2.0,
        description="seconds cut from both ends of a kept voice, for turns found imprecisely; at least a usual fade",
    )
    handover: float = Field(
        default=0.25,
        ge=0.25,
        le=2.0,
        description="seconds around the turns of those who did not agree in which nobody keeps the own voice; at 0.1,"
        " three times as much of strangers' own voice remains (evaluation.runs.safety_margins)",
    )

    @model_validator(mode="before")
    @classmethod
    def _a_converter_is_used(cls, given: Any) -> Any:
        """Set the mode to ``warp`` if a converter is named but no mode."""
        if isinstance(given, dict) and given.get("converter", "warp") != "warp" and "mode" not in given:
            return {**given, "mode": "warp"}
        return given

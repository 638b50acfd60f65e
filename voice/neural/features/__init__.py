"""What the lab's networks hear and say: features of the sound, of what is said, and of how."""

from voice.neural.features.bark import BAND_HERTZ, BANDS, PITCH, VOICING, bark_features, cosines
from voice.neural.features.content import CONTENT, ContentEncoder
from voice.neural.features.prosody import (
    HEARD,
    LOUDNESS,
    MOVEMENT,
    PROSODY,
    VOICED,
    Controls,
    controlled,
    prosody_of,
    resampled,
)
from voice.neural.features.units import UNITS, learn_centres, load_centres, run_lengths, save_centres, units_of

__all__ = [
    "BANDS",
    "BAND_HERTZ",
    "CONTENT",
    "HEARD",
    "LOUDNESS",
    "MOVEMENT",
    "PITCH",
    "PROSODY",
    "UNITS",
    "VOICED",
    "VOICING",
    "ContentEncoder",
    "Controls",
    "bark_features",
    "controlled",
    "cosines",
    "learn_centres",
    "load_centres",
    "prosody_of",
    "resampled",
    "run_lengths",
    "save_centres",
    "units_of",
]

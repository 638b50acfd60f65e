"""What replaces the sound of private words: beep, silence, removal, surrogate."""

from redaction.operators.base import Operator
from redaction.operators.beep import Beep
from redaction.operators.factory import operator
from redaction.operators.kokoro import Kokoro, speak_surrogates
from redaction.operators.redactor import RedactedAudio, Redactor, cuts_of
from redaction.operators.silence import Remove, Silence
from redaction.operators.surrogate import SURROGATE, Clip, Surrogate
from redaction.operators.surrogate_names import SurrogateChooser, SurrogateName, names_in

__all__ = [
    "SURROGATE",
    "Beep",
    "Clip",
    "Kokoro",
    "Operator",
    "RedactedAudio",
    "Redactor",
    "Remove",
    "Silence",
    "Surrogate",
    "SurrogateChooser",
    "SurrogateName",
    "cuts_of",
    "names_in",
    "operator",
    "speak_surrogates",
]

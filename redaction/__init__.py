"""Words: which of them are private, and making them inaudible and unreadable.

Nothing heavy is imported here: the models' libraries are loaded by ``from_store``.
"""

from redaction.asr.transcriber import Transcriber, Transcript, still_unheard
from redaction.attribution import UNQUOTED, assign_words, redact_unquoted
from redaction.operators.kokoro import Clip, Kokoro, speak_surrogates
from redaction.operators.operators import (
    Beep,
    Operator,
    Redactor,
    Remove,
    Silence,
    Surrogate,
    cuts_of,
    operator,
    speech_level,
)
from redaction.operators.surrogate_names import Surrogates
from redaction.pii_finder import PiiFinder
from redaction.policy import DEFAULT_POLICY, PRESETS, Policy, PolicyError, load_policy
from redaction.settings import RedactionSettings
from redaction.surface_forms import Forms, unquoted_forms
from redaction.text.entity import Find
from redaction.text.spans import Private, Redacted, inaudible, placeholder, redact_unheard, redact_words
from redaction.verification import Proof, RedactedAudio, prove

__all__ = [
    "DEFAULT_POLICY",
    "PRESETS",
    "UNQUOTED",
    "Beep",
    "Clip",
    "Find",
    "Forms",
    "Kokoro",
    "Operator",
    "PiiFinder",
    "Policy",
    "PolicyError",
    "Private",
    "Proof",
    "Redacted",
    "RedactedAudio",
    "RedactionSettings",
    "Redactor",
    "Remove",
    "Silence",
    "Surrogate",
    "Surrogates",
    "Transcriber",
    "Transcript",
    "assign_words",
    "cuts_of",
    "inaudible",
    "load_policy",
    "operator",
    "placeholder",
    "prove",
    "redact_unheard",
    "redact_unquoted",
    "redact_words",
    "speak_surrogates",
    "speech_level",
    "still_unheard",
    "unquoted_forms",
]

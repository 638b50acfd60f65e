"""Words: which of them are private, and making them inaudible and unreadable.

Nothing heavy is imported here: the models' libraries are loaded by ``from_store``.
"""

from redaction.finds import Find
from redaction.forms import Forms, unquoted_forms
from redaction.operators import (
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
from redaction.pii import PiiFinder
from redaction.policies import DEFAULT_POLICY, PRESETS, Policy, PolicyError, load_policy
from redaction.proof import Proof, RedactedAudio, prove
from redaction.quotes import UNQUOTED, assign_words, redact_unquoted
from redaction.settings import RedactionSettings
from redaction.spans import Private, Redacted, inaudible, redact_unheard, redact_words
from redaction.speak import Clip, Kokoro, speak_surrogates
from redaction.surrogates import Surrogates
from redaction.transcribe import Transcriber, Transcript

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
    "prove",
    "redact_unheard",
    "redact_unquoted",
    "redact_words",
    "speak_surrogates",
    "speech_level",
    "unquoted_forms",
]

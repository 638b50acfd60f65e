"""Private words: finding them, and making them inaudible and unreadable.

Nothing heavy is imported here: ``from_store`` loads the models' libraries.
"""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from redaction.asr import Transcriber, Transcript, still_unheard
    from redaction.attribution import UNQUOTED, assign_words, redact_unquoted
    from redaction.operators import (
        Beep,
        Clip,
        Kokoro,
        Operator,
        RedactedAudio,
        Redactor,
        Remove,
        Silence,
        Surrogate,
        SurrogateChooser,
        cuts_of,
        names_in,
        operator,
        speak_surrogates,
    )
    from redaction.pii_finder import PiiFinder
    from redaction.policy import DEFAULT_POLICY, PRESETS, Policy, PolicyError, load_policy
    from redaction.settings import RedactionSettings
    from redaction.surface_forms import SurfaceForms, unquoted_forms
    from redaction.text import Entity, PrivateSpan, RedactedWords
    from redaction.text.private_spans import NOT_UNDERSTOOD, inaudible, placeholder, redact, redact_unheard
    from redaction.unmasked_words import silence_new_words
    from redaction.verification import Verification, verify
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "asr": ["Transcriber", "Transcript", "still_unheard"],
            "attribution": ["UNQUOTED", "assign_words", "redact_unquoted"],
            "operators": [
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
                "cuts_of",
                "names_in",
                "operator",
                "speak_surrogates",
            ],
            "pii_finder": ["PiiFinder"],
            "policy": ["DEFAULT_POLICY", "PRESETS", "Policy", "PolicyError", "load_policy"],
            "settings": ["RedactionSettings"],
            "surface_forms": ["SurfaceForms", "unquoted_forms"],
            "text": ["Entity", "PrivateSpan", "RedactedWords"],
            "text.private_spans": ["NOT_UNDERSTOOD", "inaudible", "placeholder", "redact", "redact_unheard"],
            "unmasked_words": ["silence_new_words"],
            "verification": ["Verification", "verify"],
        },
    )

__all__ = [
    "DEFAULT_POLICY",
    "NOT_UNDERSTOOD",
    "PRESETS",
    "UNQUOTED",
    "Beep",
    "Clip",
    "Entity",
    "Kokoro",
    "Operator",
    "PiiFinder",
    "Policy",
    "PolicyError",
    "PrivateSpan",
    "RedactedAudio",
    "RedactedWords",
    "RedactionSettings",
    "Redactor",
    "Remove",
    "Silence",
    "SurfaceForms",
    "Surrogate",
    "SurrogateChooser",
    "Transcriber",
    "Transcript",
    "Verification",
    "assign_words",
    "cuts_of",
    "inaudible",
    "load_policy",
    "names_in",
    "operator",
    "placeholder",
    "redact",
    "redact_unheard",
    "redact_unquoted",
    "silence_new_words",
    "speak_surrogates",
    "still_unheard",
    "unquoted_forms",
    "verify",
]

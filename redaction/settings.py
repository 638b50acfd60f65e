"""Settings for words: recogniser, language, which entities are private, how wide a word is cut."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, field_validator

from redaction.policy import DEFAULT_POLICY, Action

_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it ja
jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn so sq
sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo zh yue
"""
LANGUAGES = frozenset(_CODES.split())
"""Languages that Whisper transcribes."""

QUOTE_PAD = 0.25
"""Seconds silenced before and after the turn of somebody who must not be quoted: its edges are not exact."""


class WhisperXSettings(BaseModel):
    """WhisperX, which runs in its own Python (`setup.sh --with whisperx`) with local folders only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    python: Path | None = Field(None, description="Python of its environment; not set: where setup.sh makes it")
    model: str = Field("whisper-base", description="Whisper model that it runs: an id of the store, or a folder")
    align: Path | None = Field(None, description="folder of a wav2vec2 model for the language (Transformers)")
    punkt: Path | None = Field(None, description="folder that holds NLTK's tokenizers/punkt_tab")
    patience: float = Field(
        600.0, gt=0.0, le=86400, description="seconds one piece of speech may take before it is given up"
    )


class RedactionSettings(BaseModel):
    """The redaction room's settings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asr: str = Field(
        "whisper-base",
        description="speech recogniser: an id in the weights store, vosk, whisperx, or a folder with a Whisper model",
    )
    whisperx: WhisperXSettings = WhisperXSettings()
    ner: str = Field("spacy-en-sm", description="spaCy model, an id in the weights store")
    pii: tuple[str, ...] = Field((), description="plugins that find private words beside the built-in recognisers")
    language: str | None = Field(None, description="language that is spoken, ISO 639-1; detected when not given")
    cpu_threads: int = Field(0, ge=0, le=64, description="threads of the speech recogniser; 0: one per core, at most 4")
    beam: int = Field(2, ge=1, le=10, description="beam width of the speech recogniser")
    chunk: float = Field(28.0, ge=5.0, le=30.0, description="longest piece of speech transcribed at once, seconds")

    align: bool = Field(True, description="place English words by the sound of their phones (forced alignment)")

    policy: dict[str, Action] = Field(
        default_factory=lambda: dict(DEFAULT_POLICY),
        validate_default=True,
        description="entity -> beep, silence, remove, surrogate or keep; what is not named here keeps its default",
    )
    policy_name: str = Field("default", description="what the policy is called")
    policy_default: Action = Field(
        "beep", description="operator for a kind of private word that the policy does not name"
    )
    threshold: float = Field(
        0.35, ge=0.0, le=0.4, description="least score at which something is private; names told by a capital have 0.4"
    )
    deny: tuple[str, ...] = Field((), repr=False, description="names and phrases that are always private")
    allow: tuple[str, ...] = Field((), description="words that are never private, e.g. the clinic's own name")
    near: bool = Field(True, description="also redact words that sound like a private name")

    unheard: Action = Field("silence", description="operator for speech that could not be understood")

    pad_before: float = Field(0.12, ge=0.0, le=2.0, description="seconds redacted before a private word")
    pad_after: float = Field(0.16, ge=0.0, le=2.0, description="seconds redacted after a private word")
    tail: float = Field(
        0.4,
        ge=0.0,
        le=2.0,
        description="seconds redacted of a pause after a private word, because rooms go on sounding",
    )
    pad_into: float = Field(
        0.15,
        ge=0.0,
        le=1.0,
        description="share of a neighbouring word that padding may cover; 1: no limit but the padding",
    )
    pad_into_sure: float = Field(
        0.05,
        ge=0.0,
        le=1.0,
        description="the same where the private word was clearly understood and the result is listened to again",
    )
    sure: float = Field(0.6, ge=0.6, le=1.0, description="confidence from which a word counts as clearly understood")
    merge_gap: float = Field(
        0.25, ge=0.0, le=5.0, description="private words of one kind that are closer than this are joined, seconds"
    )
    least_confidence: float = Field(
        0.15,
        ge=0.15,
        le=1.0,
        description="below this confidence the place of a private word is unsure, and it is redacted wider",
    )

    proof: bool = Field(True, description="listen to the redacted places again, and redact wider what is still heard")
    proof_context: float = Field(
        3.0, ge=0.5, le=15.0, description="seconds before and after a redaction that are listened to with it"
    )
    proof_rounds: int = Field(
        3,
        ge=1,
        le=5,
        description="how often a word that is still heard is redacted wider before its whole segment is silenced",
    )

    beep_hz: float = Field(1000.0, ge=100.0, le=4000.0, description="frequency of the beep")
    beep_level: float = Field(0.06, ge=0.0, le=1.0, description="RMS of the beep, near the level of speech")
    fade: float = Field(0.008, ge=0.001, le=0.1, description="length of the fades at the edges, seconds")

    @field_validator("language", mode="after")
    @classmethod
    def _is_spoken(cls, language: str | None) -> str | None:
        if language is not None and language not in LANGUAGES:
            raise ValueError(f"{language!r} is not a language the recogniser knows; write its code, e.g. en")
        return language

    @field_validator("policy", mode="after")
    @classmethod
    def _defaults_stay(cls, policy: dict[str, Action]) -> dict[str, Action]:
        # Somebody who keeps places in the clear must not lose the protection of everything not listed.
        return {**DEFAULT_POLICY, **policy}

    def action(self, entity: str) -> Action:
        """What happens to ``entity``: an operator's name, or ``keep``."""
        return self.policy.get(entity, self.policy_default)

    def for_proof(self) -> RedactionSettings:
        """The settings for verification, without alignment: whether a word is heard matters, not exactly when."""
        return self.model_copy(update={"align": False})

    def uses(self, operator: str) -> bool:
        """Whether the operator may be used."""
        return operator in (*self.policy.values(), self.policy_default, self.unheard)


# attribution.py
ATTRIBUTED_SHARE = 0.5
"""If more than this share of a word lies in the turn of someone not quoted, it may be theirs."""

# pii_finder.py
SEED_SCORE = 0.5
"""Least score of a person's name that makes all other mentions of it private."""
MENTION_SCORE = 0.6
"""Score of such a mention."""

# surface_forms.py
FORM_LETTERS = 3
"""Fewest letters of an uncommon word that reveals something."""
FORM_DIGITS = 4
"""Fewest digits of a number that reveals something."""
FORM_PHRASE = 5
"""Fewest letters and digits of a phrase that reveals something, whatever its words."""
UNQUOTED_WORDS = 8
"""Consecutive words of somebody who must not be quoted that nobody else says by chance."""

# unmasked_words.py
NEAR_NEW_WORD = 1.0
"""Seconds by which two hearings may place one word apart."""
WIDER_NEW_WORD = 0.15
"""Seconds silenced on both sides of a new word; more in every round."""
LAST_ROUND_MARGIN = 1.0
"""Seconds silenced on both sides of a word that is still heard in the last round."""
NEW_DIGITS = 3
"""Number words in a row that tell a number."""
SAME_WORD_LIKENESS = 0.7
"""Least likeness in spelling of two hearings of one word."""

# verification.py
HEARD_NEAR = 1.0
"""Seconds around a redaction within which its word may be heard: recognisers shift words."""
REDACTION_GROWTH = 0.15
"""Seconds by which a redaction grows on both sides the first time; twice as much the second."""
HEARD_PAD = 0.1
"""Seconds around a word that is still heard that are redacted with it."""
SKIPPED_WORDS = 4
"""Words in a row that the listener must have missed, though they are not redacted, for it to have skipped them."""
TELLING_LENGTH = 4
"""Letters or digits from which a word that is heard again tells something by itself."""
HEARD_AT_ONCE = 0.3
"""Seconds around a word within which anything that is heard may be that word."""

# private_spans.py
SEGMENT_PAUSE = 0.6
"""Seconds: words further apart belong to different segments."""

# windows.py
WORDS_AT_ONCE = 120
"""Words processed together. A window ends with a sentence or a pause if it can."""
SHARED_WORDS = 24
"""Words of its neighbours that a window includes on each side: more than the longest private phrase."""

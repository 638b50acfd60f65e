"""The document: ``timeline.json``, schema ``discreet/timeline/1``.

Frozen Pydantic models that reject unknown keys. Times are seconds from the recording's start, rounded to the
millisecond. The invariants that keep people safe are checked whenever a document is created, so a document that would
leak a name or a private word cannot be written: see :meth:`Timeline._check`.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

LONGEST = 1e6
"""Seconds, some eleven days: a time beyond this is an error."""
Seconds = Annotated[float, Field(ge=0.0, le=LONGEST, allow_inf_nan=False), AfterValidator(lambda t: round(t, 3))]
"""Seconds from the start of the recording, to the millisecond."""
Unit = Annotated[float, Field(ge=0.0, le=1.0), AfterValidator(lambda p: round(p, 4))]
"""A probability or a confidence, 0..1."""

PLACEHOLDER = re.compile(r"^\[[A-Z][A-Z0-9_ ]*\]\Z")
"""What may replace a redacted word, e.g. ``[PERSON]``."""
_BREAKS = {"Cc", "Cs", "Zl", "Zp"}
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
"""Overrides of the direction of text, which make one label look like another."""
_LONGEST_LABEL = 200


def _one_line(text: str) -> str:
    if not text.strip() or len(text) > _LONGEST_LABEL:
        raise ValueError("a label is one line of 200 characters at most")
    if any(unicodedata.category(c) in _BREAKS or ord(c) in _BIDI for c in text):
        raise ValueError("a label is one line without control characters or overrides of the text's direction")
    return text


Label = Annotated[str, AfterValidator(_one_line)]
"""A person's label: it is used in captions and RTTM, where a line break would start somebody else's line."""
Number = Annotated[float, Field(ge=-1e9, le=1e9, allow_inf_nan=False)]
"""A coordinate, a time or a cost: finite, and not absurdly large."""


class Document(BaseModel):
    """Base class of all documents: frozen; an unknown key is an error."""

    # An error must not quote the rejected input: it may be a private word.
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, hide_input_in_errors=True)


class Recording(Document):
    """What was recorded: length (s), picture size (px, 0 x 0 without a picture), rates (Hz, 0 without)."""

    duration: Seconds = Field(description="length, s")
    width: int = Field(0, ge=0, description="of the picture, px; 0 without a picture")
    height: int = Field(0, ge=0, description="of the picture, px; 0 without a picture")
    fps: float = Field(
        0.0, ge=0.0, le=1e6, allow_inf_nan=False, description="frames per second on average; 0 without a picture"
    )
    sample_rate: int = Field(0, ge=0, description="of the sound, Hz; 0 without sound")


class Person(Document):
    """Somebody in the recording. ``name`` is null unless that person is enrolled and agreed to be named."""

    id: str = Field(description="the same in tracks, turns, words and redactions")
    name: Label | None = Field(None, description="only of somebody enrolled who agreed to be named")
    pseudonym: Label = Field(description="what is written where there is no name")
    registered: bool = Field(False, description="whether this is somebody enrolled")
    seen: bool = Field(False, description="whether the face may be shown")
    heard: bool = Field(False, description="whether the own voice may be kept")
    quoted: bool = Field(True, description="whether the words may stand")

    @model_validator(mode="after")
    def _unregistered_has_no_name(self) -> Person:
        if self.name is not None and not self.registered:
            raise ValueError(f"person {self.id}: a name without an enrolment")
        return self

    @property
    def label(self) -> str:
        """The label of this person: the name if allowed, else the pseudonym."""
        return self.name or self.pseudonym


class _Span(Document):
    start: Seconds = Field(description="s")
    end: Seconds = Field(description="s")

    @model_validator(mode="after")
    def _ends_after_start(self) -> _Span:
        if self.end < self.start:
            raise ValueError(f"end {self.end} is before start {self.start}")
        return self


class Track(_Span):
    """One face over time: ``boxes`` rows ``[t, x, y, w, h]`` (s, px), ``speaking`` rows ``[t, probability]``."""

    id: str = Field(description="of the track")
    person: str | None = Field(None, description="id of the person; null: nobody of the list")
    boxes: list[tuple[Number, Number, Number, Number, Number]] = Field(
        [], description="rows [t, x, y, w, h]: time in s, box in px; in the public form only of a face that is shown"
    )
    masked: bool = Field(True, description="whether the face is masked throughout")
    speaking: list[tuple[Number, Number]] = Field(
        [], description="rows [t, probability that this face speaks, by lips and voice]"
    )


class Evidence(Document):
    """How strongly each source supports a turn's person, 0..1; null if that source says nothing."""

    voice: Unit | None = Field(None, description="from the sound of the voice")
    face: Unit | None = Field(None, description="from a recognised face")
    lips: Unit | None = Field(None, description="from the movement of lips")


class Turn(_Span):
    """A segment of one speaker. ``overlap``: somebody else speaks during part of it."""

    person: str = Field(description="id of the person who speaks")
    confidence: Unit = Field(0.0, description="that it is this person, 0..1")
    evidence: Evidence = Field(Evidence(), description="what that rests on; nulls in the public form")
    overlap: bool = Field(False, description="whether somebody else speaks at the same time in part of it")


class Word(_Span):
    """A spoken word. The ``text`` of a redacted word is its placeholder; the word itself is stored nowhere."""

    text: str = Field(description="as it was said, or a placeholder such as [PERSON]")
    person: str | None = Field(None, description="id of the person who said it; null: unknown")
    confidence: Unit = Field(0.0, description="of the speech recogniser, 0..1")
    redaction: str | None = Field(None, description="id of the redaction that took it out; null: it stands")


class Redaction(_Span):
    """Something that was taken out: a face, a voice or a word, with what was done and why."""

    id: str = Field(description="of the redaction")
    kind: Literal["face", "voice", "word"] = Field(description="what was taken out")
    person: str | None = Field(None, description="id of the person it is about; null: unknown")
    entity: str | None = Field(None, description="of a word: the kind of private word, such as PERSON")
    operator: str = Field(
        description="what was done: the mask's style, convert, resynthesise (said again by a synthesiser), beep, ..."
    )
    score: Unit = Field(1.0, description="how sure it was, 0..1")
    reason: str = Field(description="why; it never quotes what was taken out; no likeness in the public form")


class StageReport(Document):
    """What one stage cost: wall seconds, their ratio to the recording's length, and peak resident memory in MB."""

    name: str = Field(description="of the stage")
    seconds: Number = Field(description="by the clock")
    rtf: Number = Field(description="seconds over the length of the recording")
    peak_rss_mb: Number = Field(description="most resident memory, MB")


class Provenance(Document):
    """How the result was made: version, models with their hashes, settings, costs, and what was not done."""

    version: str = Field("", description="of Discreet")
    created: str = Field("", description="when, ISO 8601, UTC")
    source: str = Field("", description="which recording it was made from: a keyed hash, for its owner alone")
    source_sha256: str = Field("", description="of the recording; empty in the public form, for it links copies")
    profile: str = Field("", description="which set of models")
    models: dict[str, str] = Field({}, description="model -> SHA-256")
    settings: dict[str, Any] = Field(
        {}, description="all that decided, without lists of private words and without paths"
    )
    mark: str = Field(
        "",
        description="name of the mark of speech that a synthesiser made (discreet verify); empty: none was made",
    )
    stages: list[StageReport] = Field([], description="what each stage cost")
    notes: list[str] = Field([], description="what was not done, and what is odd about the recording")

    @property
    def origin(self) -> str:
        """Identifies the source recording, in current and in older documents."""
        return self.source or self.source_sha256


class Timeline(Document):
    """The whole document, from which every export is made.

    Raises:
        ValueError: an id is used twice or is not defined, a redacted word is not a placeholder, or a person who has not
            agreed to be quoted has words.
    """

    schema_: Literal["discreet/timeline/1"] = Field(
        "discreet/timeline/1", alias="schema", description="version of this format"
    )
    recording: Recording = Field(description="what was recorded")
    people: list[Person] = Field([], description="everybody in it")
    tracks: list[Track] = Field([], description="faces over time")
    turns: list[Turn] = Field([], description="who speaks when")
    words: list[Word] = Field([], description="what is said, in order")
    redactions: list[Redaction] = Field([], description="what was taken out")
    provenance: Provenance = Field(Provenance(), description="how this was made")

    @model_validator(mode="after")
    def _check(self) -> Timeline:
        for kind, ids in (
            ("people", [p.id for p in self.people]),
            ("tracks", [t.id for t in self.tracks]),
            ("redactions", [r.id for r in self.redactions]),
        ):
            if len(set(ids)) != len(ids):
                raise ValueError(f"{kind}: an id is used twice")
        people = {person.id: person for person in self.people}
        redactions = {redaction.id for redaction in self.redactions}
        spoken_of: list[Track | Turn | Word | Redaction] = [*self.tracks, *self.turns, *self.words, *self.redactions]
        for item in spoken_of:
            if item.person is not None and item.person not in people:
                raise ValueError(f"person {item.person} is not among the people")
        for word in self.words:
            if word.redaction is not None:
                if word.redaction not in redactions:
                    raise ValueError(f"redaction {word.redaction} is not among the redactions")
                if not PLACEHOLDER.match(word.text):
                    raise ValueError("a redacted word is not written as a placeholder")
            elif word.person is not None and not people[word.person].quoted:
                raise ValueError(f"{word.person} has not agreed to be quoted, but a word of theirs is in it")
        return self

    def person(self, id: str) -> Person:
        """The person with this id. Raises KeyError if there is none."""
        for person in self.people:
            if person.id == id:
                return person
        raise KeyError(id)

    def to_json(self) -> str:
        """The document as JSON text, one line per item: readable, and small even with long tracks."""
        parts = []
        for key, value in self.model_dump(mode="json", by_alias=True).items():
            if isinstance(value, list) and value:
                items = ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in value)
                parts.append(f"{json.dumps(key)}: [\n  {items}\n ]")
            else:
                parts.append(f"{json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}")
        return "{\n " + ",\n ".join(parts) + "\n}\n"

    @classmethod
    def from_json(cls, text: str | bytes) -> Timeline:
        """Read a document. Raises pydantic.ValidationError (a ValueError) if it is not one."""
        return cls.model_validate_json(text)

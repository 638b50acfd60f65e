"""The people of a recording: voices, faces and enrolled people joined, turn by turn.

What a person agreed to is granted only on confident evidence. A voice counts as an enrolled person's if it is similar
to their template, or if the lips of their recognised face clearly move in its turns and no template contradicts. A
doubtful turn of theirs is assigned to an unknown person who has agreed to nothing. To withhold, suspicion is enough: a
stranger who may be somebody who must not be quoted is not quoted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from diarization.base import Diarization
from diarization.fusion.assignment import FusionProblem, PersonHypothesis, link
from diarization.fusion.clean_speech import clean_seconds, turns_by_label
from diarization.fusion.identification import NOBODY, VoiceGallery, identify, probability
from diarization.fusion.lip_sync import SILENT_LIPS, faces, lip_movement_level
from diarization.fusion.own_voice_check import MIXED, split_by_template
from diarization.fusion.reassignment import refine
from diarization.fusion.settings import BRIEF_OVERLAP, OWN_LIPS, RIVAL_LIPS
from diarization.fusion.split import split_by_lips
from diarization.settings import DiarizationSettings, FusionSettings
from timeline import Evidence, FaceTrack, Person, Turn


class Answers(Protocol):
    """What an enrolled person agrees to today."""

    @property
    def seen(self) -> bool:
        """The face may be shown."""
        ...

    @property
    def heard(self) -> bool:
        """The person's own voice may be kept."""
        ...

    @property
    def quoted(self) -> bool:
        """The words may be quoted."""
        ...

    @property
    def named(self) -> bool:
        """The name may be written."""
        ...


@dataclass(frozen=True, slots=True)
class EnrolledPerson:
    """An enrolled person: name, and what they agree to."""

    name: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Fusion:
    """The people of a recording and their turns.

    Attributes:
        people: "p1", "p2", ... in order of first appearance. Pseudonyms have the same number: "Speaker 2" is "p2",
            heard or only seen.
        turns: by start; ``person`` is an id of ``people``.
        track_person: person of each face track; a passing blur that cannot be recognised belongs to nobody.
        enrolled: registry id of each enrolled person. Not for the document.
        possible: by start, what somebody may have said although it is not one of their turns: what they did not agree
            to is withheld there, and it grants nothing. Not for the document.
        notes: what a reader of the report must know about how the people were found.
    """

    people: list[Person]
    turns: list[Turn]
    track_person: dict[str, str]
    enrolled: dict[str, str] = field(default_factory=dict)
    possible: tuple[Turn, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def withheld(self) -> list[Turn]:
        """Turns and possible turns: all times in which what somebody did not agree to must be withheld."""
        return sorted([*self.turns, *self.possible], key=lambda turn: (turn.start, turn.end, turn.person))


def fuse(
    diarization: Diarization,
    tracks: Sequence[FaceTrack],
    voices: VoiceGallery | None,
    people: Mapping[str, EnrolledPerson],
    settings: DiarizationSettings | None = None,
) -> Fusion:
    """Join voices, faces and enrolled people.

    Args:
        diarization: who speaks when, by voice alone.
        tracks: faces over time, with speaking scores.
        voices: templates made with the same voiceprint model; if None, or of another model, voices name nobody.
        people: everybody enrolled, by id.
        settings: of the room.
    """
    rules = (settings or DiarizationSettings()).fusion
    gallery = voices if voices is not None and voices.model == diarization.model else None
    seen = faces(tracks, rules)
    checked = split_by_template(split_by_lips(diarization, seen), gallery, rules)
    diarization = checked.diarization
    by_label = turns_by_label(diarization)
    clean = clean_seconds(by_label)
    heard = {label: identify(diarization.embeddings[label], clean[label], gallery, rules) for label in by_label}
    heard |= {label: replace(heard[label], match=None, probability=0.0) for label in checked.unlike & heard.keys()}
    scene = FusionProblem(by_label, heard, diarization.embeddings, seen)
    linked, telling = link(scene, rules)
    found = [someone for someone in linked if someone.voices or _counts(someone, rules)]
    for someone in found:
        if someone.enrolled not in people:
            someone.enrolled = None
    fusion = _PeopleNumbering(scene, found, people, rules).fusion(diarization)
    return replace(fusion, notes=(*[MIXED] * checked.mixed, *[SILENT_LIPS] * (not telling)))


def _counts(someone: PersonHypothesis, rules: FusionSettings) -> bool:
    """Whether faces without a voice are a person: recognised, or seen clearly and long enough."""
    tracks = [track for face in someone.faces for track in face.tracks]
    seen = sum(track.end - track.start for track in tracks if track.embedding is not None)
    return someone.enrolled is not None or seen >= rules.min_person


def _logit(p: float) -> float:
    return float(np.log(p / (1 - p)))


def _lips(someone: PersonHypothesis, turn: Turn) -> float | None:
    tracks = [track for face in someone.faces for track in face.tracks]
    return lip_movement_level(tracks, turn.start, turn.end, someone.quiet, someone.lively) if someone.lead > 0 else None


class _PeopleNumbering:
    """Numbers the people and writes their turns."""

    def __init__(
        self,
        scene: FusionProblem,
        found: Sequence[PersonHypothesis],
        people: Mapping[str, EnrolledPerson],
        rules: FusionSettings,
    ) -> None:
        self._scene, self._found, self._people, self._rules = scene, list(found), people, rules
        self._doubtful = PersonHypothesis()

    def fusion(self, diarization: Diarization) -> Fusion:
        turns = refine(diarization, self._found, self._rights)
        spoken = [(someone, self._turn(someone, turn)) for k, someone in enumerate(self._found) for turn in turns[k]]
        cautious = not all(self._quoted(someone) for someone in self._found)
        spoken = [(self._owner_of(someone, turn, cautious), turn) for someone, turn in spoken]
        owner = {label: someone for someone in self._found for label in someone.voices}
        possible = [(owner.get(turn.person, self._doubtful), turn) for turn in diarization.possible]
        if any(someone is self._doubtful for someone, _ in [*spoken, *possible]):
            self._found.append(self._doubtful)
        order = sorted(self._found, key=lambda p: self._appearance(p, spoken))
        ids = {id(someone): f"p{i + 1}" for i, someone in enumerate(order)}
        given, maybe = (
            [turn.model_copy(update={"person": ids[id(someone)]}) for someone, turn in some]
            for some in (spoken, possible)
        )
        return Fusion(
            people=[self._person(p, ids[id(p)], cautious) for p in order],
            turns=sorted(given, key=lambda turn: (turn.start, turn.end, turn.person)),
            track_person={track.id: ids[id(p)] for p in order for face in p.faces for track in face.tracks},
            enrolled={ids[id(p)]: p.enrolled for p in order if p.enrolled is not None},
            possible=tuple(maybe),
        )

    def _appearance(
        self, someone: PersonHypothesis, spoken: Sequence[tuple[PersonHypothesis, Turn]]
    ) -> tuple[float, float, str]:
        """When the person is first seen or heard; on a tie, who is heard first, then by track."""
        never = float("inf")
        heard = min((turn.start for other, turn in spoken if other is someone), default=never)
        seen = min((face.start for face in someone.faces), default=never)
        tracks = min((track.id for face in someone.faces for track in face.tracks), default="~")
        return min(heard, seen), heard, tracks

    def _owner_of(self, someone: PersonHypothesis, turn: Turn, cautious: bool) -> PersonHypothesis:
        """Whose turn this counts as: a doubtful one belongs to nobody known."""
        grants = self._heard(someone) or self._named(someone) or (cautious and self._quoted(someone))
        return self._doubtful if grants and turn.confidence < self._rules.min_confidence else someone

    # -- evidence -------------------------------------------------------------------------------------------------

    def _turn(self, someone: PersonHypothesis, turn: Turn) -> Turn:
        """The turn with its evidence, and the confidence that it is this person's."""
        voice = turn.evidence.voice if turn.evidence.voice is not None else turn.confidence
        lips = _lips(someone, turn)
        face = self._face(someone, turn)
        odds = _logit(float(np.clip(voice, 0.02, 0.98)))
        levels = [_lips(p, turn) for p in self._found if p is not someone and p.voices]
        rival = max((found for found in levels if found is not None), default=0.0)
        # Smoothed over a third of a second, lips cannot vouch for such a short moment under somebody else's words.
        if lips is not None and not (turn.overlap and turn.end - turn.start < BRIEF_OVERLAP):
            odds += OWN_LIPS * (lips - 0.5) if not turn.overlap else max(0.0, OWN_LIPS * (lips - 0.5))
            odds -= 0.0 if turn.overlap else RIVAL_LIPS * max(0.0, rival - max(lips, 0.5))
        confidence = float(1 / (1 + np.exp(-odds)))
        if someone.enrolled is not None:
            confidence *= self._identity(someone) * someone.sure.get(turn.person, 1.0)
            known = self._scene.voices[turn.person].similarity.get(someone.enrolled)
            voice = voice if known is None else voice * probability(known, self._rules)
        return turn.model_copy(
            update={
                "confidence": round(confidence, 4),
                "evidence": Evidence(
                    voice=round(voice, 4),
                    face=None if face is None else round(face, 4),
                    lips=None if lips is None else round(lips, 4),
                ),
            }
        )

    def _face(self, someone: PersonHypothesis, turn: Turn) -> float | None:
        """Similarity of the face on screen during the turn to its enrolled person; None if there is none."""
        shown = [
            track.similarity
            for face in someone.faces
            for track in face.tracks
            if track.enrolled is not None
            and track.enrolled == someone.enrolled
            and track.start < turn.end
            and turn.start < track.end
        ]
        return float(np.clip(max(shown), 0, 1)) if shown else None

    def _identity(self, someone: PersonHypothesis) -> float:
        """Probability 0..1 that somebody is their enrolled person, from voice and recognised face."""
        by_voice = max((self._scene.voices[v].probability for v in someone.voices), default=0.0)
        known = any(face.enrolled == someone.enrolled for face in someone.faces)
        by_lips = float(np.clip(0.5 + someone.lead, 0, 1)) if someone.lead > 0 else 0.0
        in_time = float(1 / (1 + np.exp(-someone.in_time))) if someone.in_time > 0 else 0.0
        by_face = max(by_lips, in_time) if known else 0.0
        return 1 - (1 - by_voice) * (1 - by_face)

    # -- consent --------------------------------------------------------------------------------------------------

    def _answers(self, someone: PersonHypothesis) -> Answers | None:
        return self._people[someone.enrolled].answers if someone.enrolled is not None else None

    def _heard(self, someone: PersonHypothesis) -> bool:
        answers = self._answers(someone)
        return answers is not None and answers.heard

    def _named(self, someone: PersonHypothesis) -> bool:
        answers = self._answers(someone)
        return answers is not None and answers.named

    def _rights(self, someone: PersonHypothesis) -> tuple[bool, ...]:
        """What the person gains from owning a turn: heard, quoted, named."""
        return self._heard(someone), self._quoted(someone), self._named(someone)

    def _quoted(self, someone: PersonHypothesis) -> bool:
        """Whether the words may be quoted. A stranger who may be somebody who must not be quoted is not quoted."""
        answers = self._answers(someone)
        if answers is not None:
            return answers.quoted
        if not someone.voices:
            return self._rules.stranger_quoted
        suspects = {id for voice in someone.voices for id in self._scene.voices.get(voice, NOBODY).suspects}
        suspects |= {face.enrolled for face in (*someone.faces, *someone.tied) if face.enrolled is not None}
        refused = any(id in self._people and not self._people[id].answers.quoted for id in suspects)
        return self._rules.stranger_quoted and not refused

    def _person(self, someone: PersonHypothesis, id: str, cautious: bool) -> Person:
        answers = self._answers(someone)
        quoted = self._quoted(someone)
        if someone is self._doubtful:
            quoted = quoted and not cautious
        return Person(
            id=id,
            name=self._people[someone.enrolled].name if someone.enrolled and answers and answers.named else None,
            pseudonym=f"Speaker {id.removeprefix('p')}",
            registered=answers is not None,
            seen=answers is not None and answers.seen,
            heard=answers is not None and answers.heard,
            quoted=quoted,
        )

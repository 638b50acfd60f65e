"""Which voice belongs to which face, and who they are: one problem over the whole meeting.

Voices (clusters), faces (a person's tracks over time) and enrolled people are grouped into persons by
:mod:`diarization.fusion.correlation_clustering`. The evidence for two of them being one person: lips that move in a
voice's turns and rest outside them, or move in time with it; a voice similar to a template, a recognised face, and the
similarity of two voices or faces. Two cannot be one person if they are on screen, or talk, at the same time. A pairing
that is less certain than a lead of ``lips_margin`` makes it is a tie, and a tie is no pairing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from diarization.fusion import correlation_clustering
from diarization.fusion.identification import Voice
from diarization.fusion.lip_sync import Face, LipFit, lip_fit, lips_are_reliable, seen_together
from diarization.fusion.settings import (
    APART_ODDS,
    BOTH_AT_ONCE,
    ELSEWHERE_ODDS,
    MATCH_ODDS,
    ON_SCREEN,
    SAME_CLUSTER,
    SAME_VOICE,
    STEEPNESS,
    UNLIKE_ODDS,
)
from diarization.fusion.synchrony import synchrony_ratio
from diarization.settings import FusionSettings
from timeline import FaceTrack, FloatArray, Segment, Turn, intersect, total

_NEVER = -np.inf


@dataclass(slots=True, eq=False)
class PersonHypothesis:
    """A person being assembled.

    Attributes:
        voices: cluster labels.
        faces: their faces.
        enrolled: the enrolled person's id, or None.
        sure: 0..1, the probability that each of the voices is this person's (by label).
        lead: how strongly the lips support that voice and face are one; 0 without lips.
        in_time: log-odds that the faces are the voices' by lips in time with them; 0 if unknown.
        quiet, lively: mean speaking score of the faces outside and inside the voices' turns.
        tied: other faces that fit the voices and could be theirs as well.
    """

    voices: list[str] = field(default_factory=list)
    faces: list[Face] = field(default_factory=list)
    enrolled: str | None = None
    sure: dict[str, float] = field(default_factory=dict)
    lead: float = 0.0
    in_time: float = 0.0
    quiet: float = 0.0
    lively: float = 1.0
    tied: list[Face] = field(default_factory=list)

    @property
    def tracks(self) -> list[FaceTrack]:
        """The tracks of all the faces."""
        return [track for face in self.faces for track in face.tracks]


@dataclass(frozen=True, slots=True, eq=False)
class FusionProblem:
    """What is to be joined.

    Attributes:
        turns: of each cluster label.
        voices: what the gallery says about each label.
        embeddings: unit voice embedding of each label.
        faces: by first sighting.
    """

    turns: Mapping[str, Sequence[Turn]]
    voices: Mapping[str, Voice]
    embeddings: Mapping[str, FloatArray]
    faces: Sequence[Face]


def least_sure_probability(settings: FusionSettings) -> float:
    """Least probability of a pairing that is not a tie: that of a lead, or a cosine, higher by ``lips_margin``."""
    return float(1 / (1 + np.exp(-STEEPNESS * settings.lips_margin)))


def talk_at_once(a: Sequence[Turn], b: Sequence[Turn]) -> bool:
    """Whether two clusters talk at the same time too often to be one person."""
    one, other = ([Segment(t.start, t.end) for t in turns] for turns in (a, b))
    return total(intersect(one, other)) > BOTH_AT_ONCE * min(total(one), total(other))


class _Evidence:
    """The log-odds that two things of a scene are one person's."""

    def __init__(self, scene: FusionProblem, settings: FusionSettings) -> None:
        self.scene, self.settings = scene, settings
        self.labels = list(scene.turns)
        plain = {(v, i): lip_fit(f, scene.turns[v]) for v in self.labels for i, f in enumerate(scene.faces)}
        self.fits = {(v, i): self._beside(plain, v, i) for v, i in plain}
        rows = [[plain[v, i] for v in self.labels] for i in range(len(scene.faces))]
        self.telling = lips_are_reliable(rows, settings.sure_lips)

    def _beside(self, plain: Mapping[tuple[str, int], LipFit], label: str, index: int) -> LipFit:
        """How a face fits a voice, ignoring the turns of its best voice if both voices can be one person's.

        Lips that move in those turns as well are no evidence against it. But the fit is never better than the best one,
        which is
        compared with everything: if another voice could equally be the face's, neither is certain.
        """
        best = max(plain[v, index].lead for v in self.labels)
        if plain[label, index].lead >= best or best < self.settings.min_lips:
            return plain[label, index]
        hosts = [v for v in self.labels if plain[v, index].lead == best and self.voices(label, v) > _NEVER]
        left_out = [turn for v in hosts for turn in self.scene.turns[v]]
        if not hosts:
            return plain[label, index]
        found = lip_fit(self.scene.faces[index], self.scene.turns[label], left_out)
        return replace(found, lead=min(found.lead, best))

    def voices(self, one: str, other: str) -> float:
        """The log-odds of two clusters, which the diarizer took for two people."""
        a, b = self.scene.voices[one].match, self.scene.voices[other].match
        if talk_at_once(self.scene.turns[one], self.scene.turns[other]) or (a is not None and b is not None and a != b):
            return _NEVER
        if a is not None and a == b:
            return 0.0
        cosine = float(self.scene.embeddings[one] @ self.scene.embeddings[other])
        if cosine < SAME_CLUSTER:
            return _NEVER
        return float(np.clip(STEEPNESS * (cosine - SAME_VOICE), APART_ODDS, UNLIKE_ODDS))

    def faces(self, one: Face, other: Face) -> float:
        """The log-odds of two faces that were not joined by appearance."""
        if seen_together(one.tracks, other.tracks) or (
            one.enrolled and other.enrolled and one.enrolled != other.enrolled
        ):
            return _NEVER
        return 2 * UNLIKE_ODDS

    def identity(self, label: str, enrolled: str) -> float:
        """The log-odds of a voice and an enrolled person, from the templates of their voice."""
        voice = self.scene.voices[label]
        if voice.match is not None:
            if voice.match != enrolled:
                return _NEVER
            return MATCH_ODDS + STEEPNESS * max(0.0, voice.similarity[enrolled] - self.settings.name_similarity)
        known = voice.similarity.get(enrolled)
        if known is None:
            return 0.0
        if known < self.settings.suspect_similarity:
            return _NEVER
        return min(0.0, STEEPNESS * (known - self.settings.name_similarity))

    def lips(self, label: str, index: int) -> float:
        """The log-odds of a voice and a face, from the lips and from the templates of the recognised person."""
        face, found = self.scene.faces[index], self.fits[label, index]
        settings = self.settings
        known = face.enrolled is not None and self.scene.voices[label].match == face.enrolled
        # A recognised face gives a voice its name and rights, so more evidence is required, unless the voice has them
        # already.
        least = settings.min_lips if face.enrolled is None or known else settings.sure_lips
        weight = max(APART_ODDS, MATCH_ODDS + STEEPNESS * (found.lead - least))
        if found.lead <= -settings.min_lips:
            weight = ELSEWHERE_ODDS if not known else APART_ODDS
        elif known:
            weight = max(weight, -MATCH_ODDS / 2)  # lips that hardly move tell little
        if not self.telling and found.lead < settings.sure_lips:
            weight = 2 * UNLIKE_ODDS
        elif found.seen < settings.min_seen:
            weight = min(weight, 2 * UNLIKE_ODDS)
        weight += synchrony_ratio(face.tracks, self.scene.turns[label])
        return weight + (self.identity(label, face.enrolled) if face.enrolled is not None else 0.0)


def link(scene: FusionProblem, settings: FusionSettings) -> tuple[list[PersonHypothesis], bool]:
    """The people of the scene, each with the voices and faces that are surely theirs, and :func:`lips_are_reliable`.

    Every voice and face belongs to one of them.
    """
    evidence = _Evidence(scene, settings)
    labels, faces = evidence.labels, scene.faces
    seen = {face.enrolled for face in faces}
    # An enrolled person who is only heard is a node of its own; one who is seen is represented by the face.
    only_heard = sorted({v.match for v in scene.voices.values() if v.match is not None} - seen)
    sizes = len(labels), len(faces), len(only_heard)
    weights = np.full((sum(sizes), sum(sizes)), _NEVER)
    for i, label in enumerate(labels):
        for j in range(i):
            weights[i, j] = weights[j, i] = evidence.voices(label, labels[j])
        for j in range(len(faces)):
            at = len(labels) + j
            weights[i, at] = weights[at, i] = evidence.lips(label, j)
        for j, id in enumerate(only_heard):
            at = len(labels) + len(faces) + j
            weights[i, at] = weights[at, i] = evidence.identity(label, id)
    for i, face in enumerate(faces):
        at = len(labels) + i
        for j in range(i):
            weights[at, len(labels) + j] = weights[len(labels) + j, at] = evidence.faces(face, faces[j])
        for j in range(len(only_heard)):
            other = len(labels) + len(faces) + j
            # Somebody's face may not have been recognised: no evidence either way.
            weights[at, other] = weights[other, at] = _NEVER if face.enrolled is not None else 0.0
    return _people(evidence, only_heard, weights), evidence.telling


def _people(
    evidence: _Evidence, only_heard: Sequence[str], weights: correlation_clustering.Weights
) -> list[PersonHypothesis]:
    scene, labels = evidence.scene, evidence.labels
    groups, probability = correlation_clustering.likeliest_grouping(weights)
    kept = (groups[:, None] == groups[None, :]) & (probability >= least_sure_probability(evidence.settings))
    out: list[PersonHypothesis] = []
    left = list(range(len(weights)))
    while left:
        members, new = {left[0]}, {left[0]}
        while new:
            new = {j for i in new for j in left if kept[i, j]} - members
            members |= new
        left = [i for i in left if i not in members]
        out.append(_hypothesis(evidence, only_heard, sorted(members), probability))
    _exclude(evidence, out)
    for someone in out:
        # Faces that fitted but were not assigned are kept: somebody's "no" may depend on them.
        someone.tied = [
            face
            for i, face in enumerate(scene.faces)
            if face not in someone.faces
            and any(evidence.fits[label, i].lead >= evidence.settings.min_lips for label in someone.voices)
        ]
    return [someone for someone in out if someone.voices or someone.faces] if labels or scene.faces else []


def _exclude(evidence: _Evidence, people: list[PersonHypothesis]) -> None:
    """Join the one stranger who is only heard with the one who is only seen, if everybody else is both.

    Only where lips tell nothing: otherwise lips that rest tell that somebody off camera talks. It gives nobody a right:
    neither is anybody we know. What an enrolled person may have said is nobody's.
    """
    scene, rules = evidence.scene, evidence.settings
    silent = any(p.enrolled is not None and p.faces and not p.voices for p in people)
    if evidence.telling or silent:
        return
    heard = [p for p in people if p.voices and not p.faces and p.enrolled is None]
    if len(heard) != 1:
        return
    turns = [turn for label in heard[0].voices for turn in scene.turns[label]]
    least = ON_SCREEN * total([Segment(t.start, t.end) for t in turns])
    fits = [(p, lip_fit(Face(tuple(p.tracks), None), turns)) for p in people if p.faces and not p.voices]
    seen = [(p, found) for p, found in fits if found.seen >= max(least, rules.min_seen)]
    if len(seen) == 1 and seen[0][1].lead > -rules.min_lips:
        heard[0].faces = seen[0][0].faces
        people.remove(seen[0][0])


def _hypothesis(
    evidence: _Evidence, only_heard: Sequence[str], members: Sequence[int], probability: correlation_clustering.Weights
) -> PersonHypothesis:
    scene, labels = evidence.scene, evidence.labels
    voices = [i for i in members if i < len(labels)]
    faces = [i for i in members if 0 <= i - len(labels) < len(scene.faces)]
    names = [i for i in members if i >= len(labels) + len(scene.faces)]
    someone = PersonHypothesis([labels[i] for i in voices], [scene.faces[i - len(labels)] for i in faces])
    someone.enrolled = next((only_heard[i - len(labels) - len(scene.faces)] for i in names), None)
    someone.enrolled = someone.enrolled or next((f.enrolled for f in someone.faces if f.enrolled is not None), None)
    others = {i: [j for j in (*faces, *names) if j != i] for i in voices}
    someone.sure = {labels[i]: float(max((probability[i, j] for j in others[i]), default=1.0)) for i in voices}
    if voices and faces:
        turns = [turn for label in someone.voices for turn in scene.turns[label]]
        someone.in_time = synchrony_ratio(someone.tracks, turns)
        found = lip_fit(Face(tuple(someone.tracks), someone.enrolled), turns)
        if not evidence.telling and found.lead < evidence.settings.sure_lips:
            return someone
        someone.lead, someone.quiet, someone.lively = max(0.0, found.lead), found.quiet, found.lively
    return someone

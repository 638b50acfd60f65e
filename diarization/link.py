"""Which voice goes with which face: one assignment over the whole meeting.

Every voice cluster is paired with at most one face (a person's tracks over time), the pairing as a whole being the
best by lips, and by identity where a face and a voice are both known. A pairing that hardly beats another is a tie,
and a tie is no pairing. Then what is left is looked at again: a voice that fits a face already paired may be the same
person's (clusters split people who shout and whisper), and so may a face that fits a paired voice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linear_sum_assignment

from diarization.lips import Face, Fit, fit, together
from diarization.naming import Voice
from diarization.settings import FusionSettings
from timeline import FloatArray, Segment, Turn, intersect, total

_IDENTITY = 0.5
"""What it adds to the lips' lead that face and voice are the same enrolled person's."""
_NEVER = -10.0
_SAME_CLUSTER = 0.15
"""Cosine that two clusters of one face need at least."""
_BOTH_AT_ONCE = 0.2
"""Share of the shorter one's time that two clusters of one person may overlap at most."""


@dataclass(slots=True, eq=False)
class Someone:
    """A person in the making.

    Attributes:
        voices: cluster labels.
        faces: their faces.
        enrolled: the enrolled person's id, or None.
        lead: how far the lips speak for voice and face being one, 0 without.
        quiet, lively: mean speaking score of the faces outside and inside the voices' turns.
        tied: faces that fit nearly as well as, or that would have been, theirs.
    """

    voices: list[str] = field(default_factory=list)
    faces: list[Face] = field(default_factory=list)
    enrolled: str | None = None
    lead: float = 0.0
    quiet: float = 0.0
    lively: float = 1.0
    tied: list[Face] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What is to be brought together.

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


def _spans(turns: Sequence[Turn]) -> list[Segment]:
    return [Segment(turn.start, turn.end) for turn in turns]


def _identity(voice: Voice, face: Face, settings: FusionSettings) -> float:
    """What identities say about a voice and a face being one person's: for, against, or nothing."""
    if face.enrolled is None:
        return 0.0
    if voice.match is not None:
        return _IDENTITY if voice.match == face.enrolled else _NEVER
    known = voice.similarity.get(face.enrolled)
    return _NEVER if known is not None and known < settings.suspect_similarity else 0.0


def _clash(scene: Scene, one: str, other: str) -> bool:
    """Whether two clusters talk at once too much to be one person."""
    a, b = _spans(scene.turns[one]), _spans(scene.turns[other])
    return total(intersect(a, b)) > _BOTH_AT_ONCE * min(total(a), total(b))


def link(scene: Scene, settings: FusionSettings) -> list[Someone]:
    """The people of the scene, each with the voices and faces that are surely theirs; everything is in one of them."""
    labels = list(scene.turns)
    fits = {(label, i): fit(face, scene.turns[label]) for label in labels for i, face in enumerate(scene.faces)}
    score = np.full((len(labels), len(scene.faces)), _NEVER)
    for row, label in enumerate(labels):
        for i, face in enumerate(scene.faces):
            score[row, i] = _pairing(fits[label, i], scene.voices[label], face, settings)
    people: dict[str, Someone] = {label: Someone(voices=[label]) for label in labels}
    taken: set[int] = set()
    for row, i in _assignment(score, settings.min_lips):
        label = labels[row]
        lead = score[row, i] - settings.lips_margin
        rivals = [
            j for j in range(len(scene.faces)) if j != i and fits[label, j].lead > max(lead, settings.min_lips / 2)
        ]
        if rivals and not all(_one_face(scene.faces[i], scene.faces[j]) for j in rivals):
            people[label].tied = [scene.faces[j] for j in (i, *rivals)]
            continue
        someone = people[label]
        best = fits[label, i]
        someone.faces, someone.lead = [scene.faces[i]], best.lead
        someone.quiet, someone.lively = best.quiet, best.lively
        taken.add(i)
    for label in labels:
        # What fitted but was not given is remembered: somebody's "no" may hang on it.
        possible = [j for j in range(len(scene.faces)) if fits[label, j].lead >= settings.min_lips]
        people[label].tied += [scene.faces[j] for j in possible if scene.faces[j] not in people[label].faces]
    _more_faces(scene, people, taken, score, labels, settings)
    merged = _merge_by_face(scene, list(people.values()), settings)
    strangers = [Someone(faces=[face]) for i, face in enumerate(scene.faces) if i not in taken]
    return _name(scene, [*merged, *strangers], settings)


def _pairing(found: Fit, voice: Voice, face: Face, settings: FusionSettings) -> float:
    """What it is worth to take a voice and a face for one person's."""
    identity = _identity(voice, face, settings)
    if identity > 0:
        # Known to be one person: only lips that clearly speak at other times stand against it.
        return found.lead + identity if found.lead > -settings.min_lips else _NEVER
    if identity < 0 or found.seen < settings.min_seen or found.lead < _least(face, settings):
        return _NEVER
    return found.lead


def _least(face: Face, settings: FusionSettings) -> float:
    """The lead a face's lips need. A recognised face gives a voice its name and rights, so it needs more."""
    return settings.min_lips if face.enrolled is None else settings.sure_lips


def _assignment(score: np.ndarray[tuple[int, ...], np.dtype[np.float64]], least: float) -> list[tuple[int, int]]:
    """The best pairing of rows and columns as a whole, of those worth at least ``least``."""
    if not score.size:
        return []
    value = np.where(score >= least, score, 0.0)
    rows, columns = linear_sum_assignment(-value)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if score[r, c] >= least]


def _one_face(a: Face, b: Face) -> bool:
    """Whether two faces could be one person's tracks."""
    known = {face.enrolled for face in (a, b)} - {None}
    return len(known) < 2 and not together(a.tracks, b.tracks)


def _more_faces(
    scene: Scene,
    people: Mapping[str, Someone],
    taken: set[int],
    score: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
    labels: Sequence[str],
    settings: FusionSettings,
) -> None:
    """Give faces nobody has to the voice they fit, if they can be more tracks of its face."""
    for i, face in enumerate(scene.faces):
        if i in taken or not len(labels):
            continue
        row = int(score[:, i].argmax())
        second = float(np.sort(score[:, i])[-2]) if len(labels) > 1 else _NEVER
        someone = people[labels[row]]
        clear = score[row, i] >= settings.min_lips and score[row, i] - second >= settings.lips_margin
        if clear and someone.faces and all(_one_face(face, other) for other in someone.faces):
            someone.faces.append(face)
            someone.tied = [other for other in someone.tied if other is not face]
            taken.add(i)


def _merge_by_face(scene: Scene, people: list[Someone], settings: FusionSettings) -> list[Someone]:
    """Join voices without a face to the person whose lips move in their turns, if the voices can be one."""
    out = list(people)
    for someone in people:
        if someone.faces:
            continue
        (label,) = someone.voices
        for host in [p for p in out if p.faces and p is not someone]:
            others = [turn for voice in host.voices for turn in scene.turns[voice]]
            found = max((fit(face, scene.turns[label], others) for face in host.faces), key=lambda f: f.lead)
            least = max(_least(face, settings) for face in host.faces)
            rivals = [fit(face, scene.turns[label]).lead for p in out if p is not host for face in p.faces]
            fitting = found.seen >= settings.min_seen and found.lead >= least
            clear = found.lead - max(rivals, default=-1.0) >= settings.lips_margin
            if fitting and clear and _may_join(scene, host, someone, settings):
                host.voices.append(label)
                out.remove(someone)
                break
    return out


def _may_join(scene: Scene, host: Someone, other: Someone, settings: FusionSettings) -> bool:
    """Whether the voices of two can be one person's."""
    known = {scene.voices[v].match for v in (*host.voices, *other.voices)} | {f.enrolled for f in host.faces}
    if len(known - {None}) > 1:
        return False
    for a in host.voices:
        for b in other.voices:
            if float(scene.embeddings[a] @ scene.embeddings[b]) < _SAME_CLUSTER or _clash(scene, a, b):
                return False
    return all(_identity(scene.voices[v], f, settings) != _NEVER for v in other.voices for f in host.faces)


def _name(scene: Scene, people: list[Someone], settings: FusionSettings) -> list[Someone]:
    """Give each enrolled person to at most one of the people, joining those that are one."""
    for someone in people:
        heard = {scene.voices[v].match for v in someone.voices} - {None}
        seen = {face.enrolled for face in someone.faces} - {None}
        if heard:
            someone.enrolled = next(iter(heard)) if len(heard | seen) == 1 else None
        elif seen and len(seen) == 1 and (not someone.voices or someone.lead >= settings.sure_lips):
            someone.enrolled = next(iter(seen))
    out: list[Someone] = []
    order = sorted(people, key=lambda p: -_claim(scene, p))
    for someone in order:
        home = next((p for p in out if someone.enrolled is not None and p.enrolled == someone.enrolled), None)
        if home is None:
            out.append(someone)
        elif any(_clash(scene, a, b) for a in home.voices for b in someone.voices) or any(
            together(a.tracks, b.tracks) for a in home.faces for b in someone.faces
        ):
            someone.enrolled = None
            out.append(someone)
        else:
            home.voices += someone.voices
            home.faces += someone.faces
            home.tied += someone.tied
            if someone.lead > home.lead:
                home.lead, home.quiet, home.lively = someone.lead, someone.quiet, someone.lively
    return out


def _claim(scene: Scene, someone: Someone) -> float:
    """How good the grounds are on which somebody is taken for an enrolled person."""
    by_voice = max((scene.voices[v].probability for v in someone.voices), default=0.0)
    by_face = max((t.similarity for f in someone.faces for t in f.tracks), default=0.0)
    return by_voice + by_face

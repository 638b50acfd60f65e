"""What recognised people look like in this very recording.

A photo may be years old and differently lit. Two parts of one recording with the same person are far more similar than
two people ever are: in the composed meetings, crops of the same person reach .56 and more in 99 of 100 stretches of 2
s, those of different people .49 at most. So a part that is not similar enough to the photos can still be recognised by
what the same person looked like before or after.

Recognition of this kind does not propagate: only parts recognised by the photos alone provide crops. And it is never
enough by itself: the part must also be somewhat similar to the photos, and clearly less similar to everybody who is
known to be someone else because they were in the picture at the same time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from vision.geometry import Floats, shared
from vision.recognition.face_threshold import RecogniseSettings
from vision.recognition.identification import EnrolledFaces, Identification, unit
from vision.recognition.settings import (
    APART_OVERLAP,
    BELOW_TRACK,
    FAMILIAR_AHEAD,
    FAMILIAR_CROP,
    RUN_OF_CROPS,
    SEEN_TOGETHER,
    SURE_CROPS,
)
from vision.tracking.tracklet import TrackletSegment


@dataclass(slots=True)
class _Person:
    own: list[Floats] = field(default_factory=list)
    others: list[Floats] = field(default_factory=list)
    parts: list[TrackletSegment] = field(default_factory=list)


class WithinRecordingTemplates:
    """Templates of everybody who was recognised with certainty.

    Args:
        parts: all segments of the recording with their identifications by the photos.
        firm: for each, whether the person was recognised from it alone.
        known: the enrolled people.
        settings: thresholds.
    """

    def __init__(
        self,
        parts: Sequence[tuple[TrackletSegment, Identification]],
        firm: Sequence[bool],
        known: EnrolledFaces,
        settings: RecogniseSettings,
    ) -> None:
        self._known, self._settings = known, settings
        self._people: dict[str, _Person] = {}
        for (stretch, verdict), itself in zip(parts, firm, strict=True):
            if verdict.person is not None and itself and not stretch.crossing and verdict.agrees.sum() >= SURE_CROPS:
                person = self._people.setdefault(verdict.person, _Person())
                person.own.append(_runs(stretch, verdict.agrees))
                person.parts.append(stretch)
        if settings.familiar >= 1:
            self._people.clear()
        for stretch, verdict in parts:
            runs = _runs(stretch, stretch.quality >= settings.quality) if self._people else np.zeros((0, 1))
            if not len(runs):
                continue
            for id, person in self._people.items():
                if verdict.person == id:
                    continue
                if verdict.person is not None or any(_elsewhere(stretch, own) for own in person.parts):
                    person.others.append(np.asarray(runs, np.float32))

    def judge(self, stretch: TrackletSegment, verdict: Identification, again: str | None = None) -> Identification:
        """``verdict``, or that ``stretch`` is somebody by how they looked elsewhere in the recording.

        ``again``: who the face was just before or after; only that person can be accepted, with ``settings.again``
        crops.
        """
        if verdict.person is not None or verdict.mean is None or not self._people:
            return verdict
        of_mean = self._known.similarity(verdict.mean[None])[0]
        best = int(np.argmax(of_mean))
        id = self._known.ids[best]
        person = self._people.get(id)
        if person is None or (again is not None and again != id):
            return verdict
        settings = self._settings
        bar = settings.track - BELOW_TRACK + (settings.single if self._known.counts[best] < 2 else 0.0)
        lead = float(of_mean[best] - np.delete(of_mean, best).max(initial=-1.0))
        if of_mean[best] < bar or lead < settings.margin or any(_elsewhere(stretch, own) for own in person.parts):
            return verdict
        own = np.concatenate(person.own)
        others = np.concatenate(person.others) if person.others else np.zeros((0, own.shape[1]), np.float32)
        alike = float((own @ verdict.mean).max())
        if alike < settings.familiar or alike < FAMILIAR_AHEAD + (others @ verdict.mean).max(initial=-1.0):
            return verdict
        good = stretch.quality >= settings.quality
        near = (stretch.embeddings @ own.T).max(axis=1)
        far = (stretch.embeddings @ others.T).max(axis=1, initial=-1.0)
        photo = self._known.similarity(stretch.embeddings)[:, best]
        agrees = good & (near >= settings.familiar - FAMILIAR_CROP) & (near > far) & (photo >= settings.doubt)
        least = settings.agree if again is None else settings.again
        if agrees.sum() < max(least, settings.share * good.sum()):
            return verdict
        return replace(
            verdict,
            person=id,
            similarity=float(of_mean[best]),
            agrees=agrees,
            rejects=good & ~agrees,
            reason=f"recognised ({of_mean[best]:.2f}), looks as elsewhere in the recording ({alike:.2f})",
        )


def _runs(stretch: TrackletSegment, chosen: npt.NDArray[np.bool_]) -> Floats:
    """Means ``[R, D]`` of every three consecutive ``chosen`` crops, weighted by quality."""
    rows = stretch.embeddings[chosen] * stretch.quality[chosen, None]
    count = len(rows) - RUN_OF_CROPS + 1
    if count < 1:
        return np.zeros((0, stretch.embeddings.shape[1]), np.float32)
    return np.stack([unit(rows[i : i + RUN_OF_CROPS].sum(axis=0)) for i in range(count)])


def _elsewhere(one: TrackletSegment, two: TrackletSegment) -> bool:
    """Whether both were in the picture at the same time in different places, and so are two people."""
    start, end = max(one.times[0], two.times[0]), min(one.times[-1], two.times[-1])
    if end - start < SEEN_TOGETHER:
        return False
    at = np.linspace(start, end, 5)
    places = [np.stack([np.interp(at, part.times, part.boxes[:, i]) for i in range(4)], axis=1) for part in (one, two)]
    apart = [float(shared(a[None], b[None])[0, 0]) < APART_OVERLAP for a, b in zip(*places, strict=True)]
    return all(apart)

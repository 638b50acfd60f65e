"""Finding and embedding all faces in one picture, for enrolment."""

from __future__ import annotations

import numpy as np

from registered import FoundFace
from vision.detection.base import Detections, Image
from vision.detection.multiscale import FaceSearch
from vision.factory import ModelStore, calibrated, make_detector, make_recogniser, same_person, stored_models
from vision.geometry import Floats
from vision.recognition.base import FaceRecogniser
from vision.recognition.likelihood import FaceLikelihood, face_likelihoods
from vision.settings import VisionSettings
from vision.tracking.sort import shadowed

SAME = 0.363
"""SFace's threshold for the same person, from its authors' evaluation on LFW."""
STEEPNESS = 20.0
"""Log-odds by which a cosine counts for or against one person, for a recogniser that was not measured."""
LEAD = 0.15
"""Score by which a face must lead over its shadow in a photo. It is smaller than in a recording, since there is only
one picture to tell them apart.
"""


class FaceFinder:
    """Finds and embeds the faces of a photo; implements ``registered.FaceFinder``."""

    def __init__(
        self, search: FaceSearch, recogniser: FaceRecogniser, tentative: float = 0.5, same: float = SAME
    ) -> None:
        """``same``: cosine from which two single pictures count as the same person."""
        self._search, self._recogniser, self._least, self.same = search, recogniser, tentative, same

    @classmethod
    def from_store(cls, store: ModelStore, settings: VisionSettings | None = None) -> FaceFinder:
        """Create one with the models that ``settings`` name. Raises ModelError if one is not in the store."""
        settings = settings or VisionSettings()
        store.require(stored_models(settings))
        settings = calibrated(store, settings)
        search = FaceSearch(make_detector(store, settings.detect.detector, settings), settings.detect)
        name = settings.recognise.recogniser
        same = same_person(store, name)
        return cls(
            search, make_recogniser(store, name, settings), settings.detect.birth, SAME if same is None else same
        )

    def ratio(self, cosine: float, one: float, other: float) -> float:
        """See ``registered.FaceFinder``. A recogniser that was not measured only tells what its ``same`` does."""
        measured = face_likelihoods().get(self.model)
        likelihood = measured or FaceLikelihood(STEEPNESS, 0.0, 0.0, -STEEPNESS * self.same)
        return likelihood(cosine, one, other)

    @property
    def model(self) -> str:
        """Id of the recognition model."""
        return self._recogniser.id

    def __call__(self, image: Image) -> list[FoundFace]:
        """All faces in ``image`` (BGR ``[H, W, 3]``), the largest first."""
        faces = self._search.thorough(image)
        shadow = shadowed(faces, LEAD).any(axis=1)
        faces = faces.take(np.flatnonzero((faces.scores >= self._least) & ~shadow))
        embeddings, quality = self._recogniser(image, faces)
        out = [_found(faces, i, embeddings[i], float(quality[i])) for i in range(len(faces))]
        return sorted(out, key=lambda face: -face.side)


def _found(faces: Detections, i: int, embedding: Floats, quality: float) -> FoundFace:
    x, y, w, h = (float(v) for v in faces.boxes[i])
    return FoundFace((x, y, w, h), faces.landmarks[i], float(faces.scores[i]), embedding, quality)

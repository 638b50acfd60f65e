"""The face stage: one pass over the pictures gives who is where, shown or masked, and speaking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from timeline import Audio, FaceTrack, Progress, silent
from vision.active_speaker.base import SpeakerScorer
from vision.active_speaker.normalise import normalise_scores
from vision.detection.base import Image
from vision.detection.multiscale import FaceSearch
from vision.factory import ModelStore, calibrated, detector_names, make_detector, make_recogniser, make_scorer
from vision.offline.association import associate
from vision.offline.face_scan import FaceModels, FaceScan, ScanResult
from vision.offline.settings import SAME_BLINDNESS
from vision.recognition.alignment import UprightRecogniser
from vision.recognition.base import FaceRecogniser
from vision.recognition.identification import EnrolledFaces, FaceGallery
from vision.settings import VisionSettings
from vision.square_pixels import SquarePixels


class FaceStage:
    """Finds, follows and recognises faces, and scores who speaks.

    Memory does not grow with the recording apart from boxes and embeddings (some MB per hour and face).
    """

    def __init__(
        self,
        search: FaceSearch,
        recogniser: FaceRecogniser,
        scorer: SpeakerScorer | None,
        settings: VisionSettings,
        gallery: FaceGallery | None = None,
        consent: Mapping[str, bool] | None = None,
    ) -> None:
        """``gallery``: the enrolled people.

        ``consent``: enrolled id -> has agreed to be seen (missing means no); without ``scorer`` there are no speaking
        scores.
        """
        self._search, self._recogniser, self._scorer, self._settings = search, recogniser, scorer, settings
        self._known = EnrolledFaces.of(gallery)
        self._consent = dict(consent or {})

    @classmethod
    def from_store(
        cls, store: ModelStore, settings: VisionSettings, gallery: FaceGallery | None, consent: Mapping[str, bool]
    ) -> FaceStage:
        """The stage with the models that ``settings`` name. Raises ModelError if one is not in the store."""
        settings = calibrated(store, settings)
        search = FaceSearch(make_detector(store, settings.detect.detector, settings), settings.detect)
        recogniser = make_recogniser(store, settings.recognise.recogniser, settings)
        if settings.recognise.upright and "yunet" in detector_names(settings):
            recogniser = UprightRecogniser(recogniser, make_detector(store, "yunet"))
        return cls(
            search,
            recogniser,
            make_scorer(store, settings.speaker.scorer, settings.speaker.lips, settings),
            settings,
            gallery,
            consent,
        )

    @property
    def models(self) -> list[str]:
        """Ids of the models in use."""
        scorer = [self._scorer.id] if self._scorer is not None else []
        return [*detector_names(self._settings), self._recogniser.id, *scorer]

    def run(
        self,
        frames: Iterable[tuple[float, Image]],
        size: tuple[int, int],
        fps: float,
        audio: Audio | None = None,
        progress: Progress = silent,
        sar: float = 1.0,
    ) -> list[FaceTrack]:
        """Run the stage, in one pass.

        Args:
            frames: ``(t, picture)``: seconds, strictly increasing, and BGR ``[H, W, 3]``.
            size: width and height of the pictures, px.
            fps: average frames per second, for joining adjacent frames that could not be analysed.
            audio: the sound, mono 16 kHz, on the same clock; without it there are no speaking scores.
            progress: called with the share done, if ``audio`` gives the length.
            sar: width of a pixel over its height.

        Returns:
            tracks in order of first sighting. Wherever the detector or the recogniser raised an exception, a track
                covers the
            whole picture, see :meth:`FaceTrack.whole_picture`.
        """
        pixels = SquarePixels(size, sar)
        looked = self.look(pixels.pictures(frames), pixels.size, fps, audio, progress)
        tracks = identify_faces(looked, self._known, self._consent, self._settings)
        progress(1.0)
        return pixels.tracks(tracks)

    def look(
        self,
        frames: Iterable[tuple[float, Image]],
        size: tuple[int, int],
        fps: float,
        audio: Audio | None = None,
        progress: Progress = silent,
    ) -> ScanResult:
        """The costly half of :meth:`run`: collect what there is to see. :func:`identify_faces` is the other half.

        Pixels are square; the arguments are those of :meth:`run`.
        """
        length = audio.duration if audio is not None else 0.0
        models = FaceModels(self._search, self._recogniser, self._scorer)
        one = FaceScan(models, self._known, self._settings, size, fps, audio)
        with one:
            for count, (t, picture) in enumerate(frames):
                one.take(t, picture)
                if length and count % 25 == 0:
                    progress(min(1.0, t / length))
            one.end()
        return one.seen


def identify_faces(
    looked: ScanResult, known: EnrolledFaces, consent: Mapping[str, bool], settings: VisionSettings
) -> list[FaceTrack]:
    """Decide who is who in what a pass has seen, and who may be shown; costs next to nothing.

    ``known``: the enrolled people; ``consent``: enrolled id -> has agreed to be seen (missing means no).
    """
    tracks = associate(looked.records, np.asarray(looked.times, np.float64), known, consent, settings)
    tracks = normalise_scores(tracks, settings.speaker)
    period = 1.0 / looked.fps if looked.fps > 0 else 0.04
    tracks.extend(_blind(looked.blind, looked.size, len(tracks), period))
    return tracks


def _blind(blind: Mapping[float, str], size: tuple[int, int], count: int, period: float) -> list[FaceTrack]:
    """Tracks over the whole picture for frames that could not be analysed, one for each run with the same reason."""
    runs: list[list[float]] = []
    for t in sorted(blind):
        if not runs or t - runs[-1][-1] > SAME_BLINDNESS * period or blind[t] != blind[runs[-1][-1]]:
            runs.append([])
        runs[-1].append(t)
    return [
        FaceTrack.whole_picture(f"t{count + number}", np.array(run, np.float64), size, blind[run[0]])
        for number, run in enumerate(runs, 1)
    ]

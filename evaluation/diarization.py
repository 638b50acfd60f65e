"""Who spoke when, measured: ``python -m evaluation.diarization [--faces] [NAME ...]``.

For the composed meetings and the far-field excerpts of ``../shared/media`` (where they are absent: the sample the
weights store can fetch) it prints, for each recording,

* DER without collar and with 0.25 s, overlap scored, over the whole recording, and its parts (missed, false alarm,
  confusion), by pyannote.metrics; speakers found and true;
* for meetings, with every second person enrolled by voice clip (and by photos with ``--faces``): the share of speech
  given the right person (an enrolled one by name, each other one as one stranger), and the share given a wrong name;
* RTF and the peak resident memory of the process;

then the EER of each voiceprint on pairs of read utterances cut to 1, 2 and 4 s, and on far-field pieces of 1.6 s
within one recording. Settings were tuned on the recordings marked with a star.
"""

from __future__ import annotations

import argparse
import resource
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
from pyannote.core import Annotation
from pyannote.core import Segment as Span
from pyannote.core import Timeline as Region
from pyannote.metrics.diarization import DiarizationErrorRate
from scipy.optimize import linear_sum_assignment

from capture import AudioFile, VideoFile
from diarization import Diarization, DiarizationSettings, Diarizer, EnrolledPerson, Fusion, VoiceEmbedder, fuse
from evaluation import composed
from registered import Gallery
from registered.consent import Answers
from timeline import ArrayAudio, Audio, FaceTrack, FloatArray, Turn
from vision import FaceFinder, FaceStage, VisionSettings
from weights import Store

MEDIA = Path(__file__).resolve().parents[2] / "shared" / "media"
TUNED = frozenset({"trn00", "trn03", "trn04", "trn05", "trn06", "dev_gallery2", "dev_room3"})
RATE = 16000
_GRID = 0.01


@dataclass(frozen=True, slots=True)
class Recording:
    """Sound with its truth: ``turns`` are ``(start, end, who)``."""

    name: str
    path: Path
    turns: tuple[tuple[float, float, str], ...]

    @property
    def meeting(self) -> bool:
        """Whether it is a composed meeting, with faces and people to enrol."""
        return self.name in composed.MEETINGS

    def audio(self) -> Audio:
        """The sound at 16 kHz."""
        if self.path.suffix == ".mp4":
            return AudioFile(self.path)
        samples, rate = soundfile.read(self.path, dtype="float32")
        if rate != RATE:
            raise ValueError(f"{self.path.name}: {rate} Hz")
        return ArrayAudio(samples if samples.ndim == 1 else samples.mean(axis=1), RATE)


@dataclass(frozen=True, slots=True)
class Score:
    """DER and its parts, each a share of the speech."""

    der: float
    missed: float
    false_alarm: float
    confusion: float


def read_rttm(path: Path) -> tuple[tuple[float, float, str], ...]:
    """Turns ``(start, end, who)`` of an RTTM file of one recording."""
    rows = [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("SPEAKER")]
    return tuple((float(r[3]), float(r[3]) + float(r[4]), r[7]) for r in rows)


def recordings(store: Store, names: Sequence[str] = ()) -> list[Recording]:
    """The recordings called ``names``, or all there are."""
    found: list[Recording] = []
    for folder, kind in ((MEDIA / "meetings", "mp4"), (MEDIA / "diarization", "flac")):
        for path in sorted(folder.glob(f"*.{kind}")):
            found.append(Recording(path.stem, path, read_rttm(path.with_suffix(".rttm"))))
    if not found and store.has("diarization-sample"):
        folder = store.path("diarization-sample")
        found = [Recording(p.stem, p, read_rttm(p.with_suffix(".rttm"))) for p in sorted(folder.glob("*.wav"))]
    return [r for r in found if not names or r.name in names]


def _annotation(turns: Sequence[tuple[float, float, str]]) -> Annotation:
    out = Annotation()
    for i, (start, end, who) in enumerate(turns):
        out[Span(start, end), i] = who
    return out


def der(
    truth: Sequence[tuple[float, float, str]], turns: Sequence[Turn], duration: float, collar: float = 0.0
) -> Score:
    """Diarization error rate over ``[0, duration]``, overlap scored. ``collar``: seconds left out on *each* side."""
    metric = DiarizationErrorRate(collar=2 * collar, skip_overlap=False)
    given = _annotation([(t.start, t.end, t.person) for t in turns])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = metric(_annotation(truth), given, uem=Region([Span(0, duration)]), detailed=True)
    total = max(parts["total"], 1e-9)
    return Score(
        parts["diarization error rate"],
        parts["missed detection"] / total,
        parts["false alarm"] / total,
        parts["confusion"] / total,
    )


def _grid(turns: Sequence[tuple[float, float, str]], who: Sequence[str], duration: float) -> npt.NDArray[np.bool_]:
    times = (np.arange(round(duration / _GRID)) + 0.5) * _GRID
    out = np.zeros((len(times), len(who)), np.bool_)
    for start, end, person in turns:
        out[(times >= start) & (times < end), who.index(person)] = True
    return out


def right_person(
    truth: Sequence[tuple[float, float, str]], fusion: Fusion, enrolled: Sequence[str], duration: float
) -> tuple[float, float]:
    """Share of speech given the right person, and share of the time somebody talks that bears a wrong name.

    An enrolled person must be recognised; the others must each be one person who is not taken for anyone enrolled.
    """
    who = sorted({person for _, _, person in truth})
    ids = [person.id for person in fusion.people]
    true = _grid(truth, who, duration)
    given = _grid([(t.start, t.end, t.person) for t in fusion.turns], ids, duration)
    both = true.T.astype(float) @ given.astype(float)
    right = sum(
        both[who.index(name), ids.index(id)] for id, name in fusion.enrolled.items() if name in who and name in enrolled
    )
    strangers = [i for i, name in enumerate(who) if name not in enrolled]
    unknown = [i for i, id in enumerate(ids) if id not in fusion.enrolled]
    if strangers and unknown:
        table = both[np.ix_(strangers, unknown)]
        right += float(table[linear_sum_assignment(-table)].sum())
    wrong = np.zeros(len(true), np.bool_)
    for id, name in fusion.enrolled.items():
        own = true[:, who.index(name)] if name in who else np.zeros(len(true), np.bool_)
        wrong |= given[:, ids.index(id)] & ~own & true.any(axis=1)
    return float(right / max(1, true.sum())), float(wrong.sum() / max(1, true.any(axis=1).sum()))


def voice_gallery(embedder: VoiceEmbedder, people: Sequence[str]) -> Gallery:
    """A gallery of the clips ``people/ID*/voice.wav``."""
    rows = []
    for person in people:
        samples, _ = soundfile.read(composed.FOLDER / "people" / person / "voice.wav", dtype="float32")
        rows.append((person, {embedder.model: embedder(samples)[None]}, {embedder.model: np.ones(1, np.float32)}))
    return Gallery.of(embedder.model, rows)


def face_tracks(store: Store, recording: Recording, enrolled: tuple[str, ...]) -> list[FaceTrack]:
    """What vision finds in a composed meeting, with ``enrolled`` known by their photos."""
    settings = VisionSettings()
    meeting = composed.load(recording.name)
    known = composed.gallery(FaceFinder.from_store(store, settings), enrolled)
    stage = FaceStage.from_store(store, settings, known, dict.fromkeys(enrolled, True))
    video = VideoFile(recording.path)
    return list(stage.run(iter(video), video.size, meeting.fps, AudioFile(recording.path)))


def eer(scores: npt.NDArray[np.float64], same: npt.NDArray[np.bool_]) -> float:
    """Equal error rate: where as many pairs of two people score above as pairs of one person below."""
    order = np.argsort(-scores, kind="stable")
    hits, misses = np.cumsum(same[order]) / same.sum(), np.cumsum(~same[order]) / (~same).sum()
    at = int(np.argmin(np.abs(misses - (1 - hits))))
    return float((misses[at] + 1 - hits[at]) / 2)


def _pairs(vectors: FloatArray, who: Sequence[str], among: Sequence[str] | None = None) -> float:
    i, j = np.triu_indices(len(vectors), 1)
    names = np.array(who)
    keep = np.ones(len(i), np.bool_) if among is None else np.array(among)[i] == np.array(among)[j]
    return eer((vectors @ vectors.T)[i, j][keep], (names[i] == names[j])[keep])


def voiceprint_eer(store: Store, name: str, far: Sequence[Recording]) -> Iterator[tuple[str, float]]:
    """EER of a voiceprint by condition."""
    embedder = VoiceEmbedder.from_store(store, DiarizationSettings.model_validate({"voiceprint": name}))
    clips = [(p.parent.name, soundfile.read(p, dtype="float32")[0]) for p in sorted(MEDIA.glob("voices/*/*.flac"))]
    for seconds in (1, 2, 4):
        size = seconds * RATE
        cut = [(who, clip[(len(clip) - size) // 2 :][:size]) for who, clip in clips if len(clip) >= size]
        if cut:
            yield f"{seconds} s", _pairs(embedder.pieces([clip for _, clip in cut]), [who for who, _ in cut])
    pieces, who, among = [], [], []
    for recording in far:
        samples = np.concatenate([*recording.audio().blocks()])
        for start, end, person in _alone(recording.turns):
            for at in np.arange(start, end - 1.6, 1.6):
                pieces.append(samples[round(at * RATE) :][: round(1.6 * RATE)])
                who.append(person)
                among.append(recording.name)
    if pieces:
        yield "far-field", _pairs(embedder.pieces(pieces), who, among)


def _alone(turns: Sequence[tuple[float, float, str]]) -> Iterator[tuple[float, float, str]]:
    edges = sorted({edge for start, end, _ in turns for edge in (start, end)})
    for start, end in pairwise(edges):
        talking = [who for a, b, who in turns if a <= start and end <= b]
        if len(talking) == 1:
            yield start, end, talking[0]


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="evaluation.diarization", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="recordings (default: all)")
    parser.add_argument("--faces", action="store_true", help="find the faces of the meetings too, and fuse (slow)")
    parser.add_argument("--no-eer", action="store_true", help="leave the voiceprints' EER out")
    args = parser.parse_args(argv)
    store = Store()
    settings = DiarizationSettings()
    diarizer = Diarizer.from_store(store, settings)
    embedder = VoiceEmbedder.from_store(store, settings)
    chosen = recordings(store, args.names)
    print(
        f"{'recording':17s} {'DER':>5s} {'miss':>5s} {'false':>5s} {'conf':>5s}  {'.25 s':>5s}  speakers"
        f"  {'RTF':>5s}  {'right':>5s} {'wrong':>5s}"
    )
    for recording in chosen:
        audio = recording.audio()
        begin = time.perf_counter()
        found = diarizer(audio)
        rtf = (time.perf_counter() - begin) / audio.duration
        plain = der(recording.turns, found.turns, audio.duration)
        lenient = der(recording.turns, found.turns, audio.duration, 0.25)
        true = len({who for _, _, who in recording.turns})
        line = (
            f"{recording.name + ('*' if recording.name in TUNED else ''):17s} {plain.der:5.3f} {plain.missed:5.3f}"
            f" {plain.false_alarm:5.3f} {plain.confusion:5.3f}  {lenient.der:5.3f}"
            f"  {len(found.embeddings):3d} /{true:3d}  {rtf:5.3f}"
        )
        if recording.meeting:
            line += _fused(store, recording, found, embedder, audio.duration, args.faces)
        print(line, flush=True)
    print(f"peak memory {_peak_mb():.0f} MB; * settings were tuned on these")
    if not args.no_eer and MEDIA.is_dir():
        far = [r for r in recordings(store) if not r.meeting]
        for name in ("ecapa", "campplus", "ecapa+campplus"):
            row = "  ".join(f"{condition} {value:.3f}" for condition, value in voiceprint_eer(store, name, far))
            print(f"EER {name:15s} {row}", flush=True)


def _fused(
    store: Store, recording: Recording, found: Diarization, embedder: VoiceEmbedder, duration: float, with_faces: bool
) -> str:
    enrolled = composed.load(recording.name).registered()
    people = {name: EnrolledPerson(name, Answers(True, True, True, True)) for name in enrolled}
    voices = voice_gallery(embedder, enrolled)
    tracks = face_tracks(store, recording, enrolled) if with_faces else []
    right, wrong = right_person(recording.turns, fuse(found, tracks, voices, people), enrolled, duration)
    line = f"  {right:5.3f} {wrong:5.3f}"
    if with_faces:
        right, wrong = right_person(recording.turns, fuse(found, tracks, None, people), enrolled, duration)
        line += f"  (faces alone {right:5.3f} {wrong:5.3f})"
    return line


if __name__ == "__main__":
    main()

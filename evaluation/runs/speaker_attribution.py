"""Measure whose voice it is: ``python -m evaluation.runs.speaker_attribution [--only PART] [--tracks FOLDER]``.

On the composed meetings, with every second person enrolled (a star: settings were tuned on it):

* ``fusion``: DER with 0.25 s and the share of speech given the right person or a wrong name, by voices alone, by lips
  and faces alone (no voice template), and by both. Then again with each person's face taken away in every other
  turn, and the share of that speech that keeps the right person. Then with all voices in one cluster, which lips
  must separate. ``own``: share of the strangers' speech that keeps their own voice; ``lost``: share of the other
  people's speech, while nobody else talks, that loses it; ``turns only`` ignores where somebody may have spoken
  without a turn. Finding faces takes minutes; ``--tracks`` keeps them in a folder.
* ``naming``: false acceptance and false rejection of names by voice at the threshold, on clean speech of several
  lengths: each person of each meeting against the templates of all eight (rejection) and of the seven others
  (acceptance); 95 % Wilson intervals. Trials of one voice are not independent, so the true intervals are wider.
* ``live``: DER of the live speaker view beside the off-line diarizer, and its share of the CPU.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from diarization import Diarization, DiarizationSettings, EnrolledPerson, VoiceEmbedder, fuse, make_clustering_diarizer
from diarization.clustering import Segmenter
from diarization.fusion import identify
from diarization.live import LATENCY, LiveDiarizer
from evaluation.data import composed
from evaluation.data.media import RATE
from evaluation.data.recordings import TUNED, Recording, recordings
from evaluation.metrics.diarization import GRID, der, grid, own_voice, right_person
from evaluation.metrics.intervals import wilson
from evaluation.runs.speaker_identification import face_tracks, voice_gallery
from registered import Answers
from timeline import FaceTrack, FloatArray, Segment, Turn
from voice import VoiceSettings
from weights import Store

LENGTHS = (1.5, 3.0, 6.0)
_AROUND = 0.5
"""Seconds around a turn in which the face is away, too."""
_BLOCK = RATE // 50


def owner(track: FaceTrack, meeting: composed.Composed) -> str | None:
    """The person whose tile contains the middle of the track for more than half of the time, or None."""
    middle = track.boxes[:, :2] + track.boxes[:, 2:] / 2
    shares = {}
    for person in meeting.people:
        face = meeting.face(person)
        at = face[np.clip(np.round(track.times * meeting.fps).astype(int), 0, len(face) - 1)]
        inside = (middle > at[:, :2]) & (middle < at[:, :2] + at[:, 2:])
        shares[person] = float(inside.all(axis=1).mean())
    best = max(shares, key=lambda person: shares[person])
    return best if shares[best] > 0.5 else None


def hide(tracks: Sequence[FaceTrack], spans: Sequence[Segment]) -> list[FaceTrack]:
    """The tracks without the spans. A track that is cut in the middle becomes two."""
    out: list[FaceTrack] = []
    for track in tracks:
        kept = np.ones(len(track.times), np.bool_)
        for span in spans:
            kept &= (track.times < span.start) | (track.times >= span.end)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], kept.astype(np.int8), [0]])))
        for number, (a, b) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
            start, end = track.times[a], track.times[b - 1]
            scored = (track.speaking_times >= start) & (track.speaking_times <= end)
            out.append(
                replace(
                    track,
                    id=f"{track.id}.{number}",
                    times=track.times[a:b],
                    boxes=track.boxes[a:b],
                    shown=track.shown[a:b],
                    speaking_times=track.speaking_times[scored],
                    speaking=track.speaking[scored],
                )
            )
    return out


def taken_away(
    tracks: Sequence[FaceTrack], meeting: composed.Composed, duration: float
) -> tuple[list[FaceTrack], npt.NDArray[np.bool_]]:
    """The tracks without faces in every other turn of each person, and where that is: ``[T, P]``, people by name."""
    away = {person: [t.grown(_AROUND) for t in sorted(turns)[1::2]] for person, turns in meeting.turns.items()}
    out = [part for track in tracks for part in hide([track], away.get(owner(track, meeting) or "", []))]
    names = sorted(away)
    return out, grid([(s.start, s.end, name) for name in names for s in away[name]], names, duration)


def fusion(store: Store, meetings: Sequence[Recording], folder: Path | None) -> Iterator[str]:
    """Lines of the first table."""
    settings = DiarizationSettings()
    embedder = VoiceEmbedder.from_store(store, settings)
    diarizer, swallowing = (
        make_clustering_diarizer(store, s) for s in (settings, settings.model_copy(update={"num_speakers": 1}))
    )
    heads = " ".join(f"{head:>6s}" for head in (".25 s", "right", "wrong", "unseen", "own", "lost"))
    yield f"{'meeting':14s} {'by':22s} {heads}"
    for recording in meetings:
        meeting, duration = composed.load(recording.name), recording.audio().duration
        enrolled = meeting.registered()
        people = {name: EnrolledPerson(name, Answers(True, True, True, True)) for name in enrolled}
        voices = voice_gallery(embedder, enrolled)
        tracks = face_tracks(store, recording, enrolled, folder)
        away, where = taken_away(tracks, meeting, duration)
        found, one = diarizer(recording.audio()), swallowing(recording.audio())
        ways: list[tuple[str, Diarization, list[FaceTrack], bool]] = [
            ("voices", found, [], True),
            ("faces and lips", found, tracks, False),
            ("both", found, tracks, True),
            ("both, turns only", replace(found, possible=()), tracks, True),
            ("faces away by turns", found, away, False),
            ("both, faces away", found, away, True),
            ("both, one cluster", one, tracks, True),
        ]
        for what, heard, seen, templates in ways:
            made = fuse(heard, seen, voices if templates else None, people)
            right, wrong = right_person(recording.turns, made, enrolled, duration)
            unseen = right_person(recording.turns, made, enrolled, duration, where)[0] if seen is away else float("nan")
            error = der(recording.turns, made.turns, duration, composed.COLLAR).der
            own, lost = own_voice(recording.turns, made, duration, VoiceSettings())
            figures = " ".join(f"{value:6.3f}" for value in (error, right, wrong, unseen, own, lost))
            yield f"{_starred(recording):14s} {what:22s} {figures}"


def _clean(recording: Recording, person: str) -> FloatArray:
    """All speech in which only this person talks."""
    samples = np.concatenate([*recording.audio().blocks()])
    who = sorted({name for *_, name in recording.turns})
    talks = grid(recording.turns, who, len(samples) / RATE)
    alone = talks[:, who.index(person)] & (talks.sum(axis=1) == 1)
    mask = np.repeat(alone, round(GRID * RATE))[: len(samples)]
    return np.asarray(samples[: len(mask)][mask], np.float32)


def naming(store: Store, meetings: Sequence[Recording]) -> Iterator[str]:
    """Lines of the second table."""
    rules = DiarizationSettings().fusion
    embedder = VoiceEmbedder.from_store(store)
    everybody = sorted(path.name for path in (composed.FOLDER / "people").iterdir())
    galleries = {left_out: voice_gallery(embedder, [p for p in everybody if p != left_out]) for left_out in everybody}
    whole = voice_gallery(embedder, everybody)
    yield f"names by voice at cosine {rules.name_similarity}, {rules.name_margin} ahead of anybody else"
    for part in ("tuned on", "held out"):
        chosen = [r for r in meetings if (r.name in TUNED) == (part == "tuned on")]
        for length in LENGTHS:
            rejected = accepted = mistaken = trials = 0
            voices = set()
            for recording in chosen:
                for person in sorted({name for *_, name in recording.turns}):
                    speech = _clean(recording, person)
                    size = round(length * RATE)
                    pieces = [speech[at : at + size] for at in range(0, len(speech) - size + 1, size)]
                    voices.add(person)
                    for vector in embedder.pieces(pieces) if pieces else []:
                        found = identify(vector, length, whole, rules).match
                        other = identify(vector, length, galleries[person], rules).match
                        trials += 1
                        rejected, mistaken = rejected + (found is None), mistaken + (found not in (None, person))
                        accepted += other is not None
            rates = [
                f"{what} {hits / max(trials, 1):.3f} [{wilson(hits, trials)[0]:.3f}, {wilson(hits, trials)[1]:.3f}]"
                for what, hits in (("FRR", rejected), ("FAR", accepted), ("another's name", mistaken))
            ]
            yield f"  {part}  {length:3.1f} s  {'  '.join(rates)}  ({trials} trials of {len(voices)} voices)"


def live(store: Store, meetings: Sequence[Recording]) -> Iterator[str]:
    """Lines of the third table."""
    settings = DiarizationSettings(voiceprint="campplus")
    embedder = VoiceEmbedder.from_store(store, settings)
    segmenter = Segmenter(store.session("segmentation-3.0", 1))
    offline = make_clustering_diarizer(store, DiarizationSettings())
    heads = "".join(f"{head:>8s}" for head in ("live", ".25 s", "offline", ".25 s", "right", "voices", "CPU"))
    yield f"{'meeting':14s} {heads}"
    for recording in meetings:
        sound = np.concatenate([*recording.audio().blocks()])
        duration = len(sound) / RATE
        enrolled = composed.load(recording.name).registered()
        people = {name: EnrolledPerson(name, Answers(True, True, True, True)) for name in enrolled}
        diarizer = LiveDiarizer(segmenter, embedder, voice_gallery(embedder, enrolled), people)
        begin = time.thread_time()
        found = [now for at in range(0, len(sound), _BLOCK) for now in diarizer.push(sound[at : at + _BLOCK])]
        cpu = (time.thread_time() - begin) / duration
        turns = [Turn(start=n.start, end=n.end, person=label or "?") for n in found for label in n.speakers]
        given = [(t.start, t.end, t.person) for t in turns]
        names = sorted(set(enrolled))
        true = grid([t for t in recording.turns if t[2] in names], names, duration)
        said = grid([t for t in given if t[2] in names], names, duration)
        right = float((true & said).sum() / max(1, true.sum()))
        best = offline(recording.audio()).turns
        scores = [der(recording.turns, t, duration, c).der for t in (turns, best) for c in (0.0, composed.COLLAR)]
        voices = len({t.person for t in turns} - {"?"})
        figures = "".join(f"{value:8.3f}" for value in (*scores, right))
        yield f"{_starred(recording):14s} {figures}{voices:8d}{cpu:8.3f}"
    yield f"declared latency {LATENCY:.2f} s; right: share of the enrolled people's speech that bore their name live"


def _starred(recording: Recording) -> str:
    return recording.name + "*" * (recording.name in TUNED)


def main(argv: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="evaluation.runs.speaker_attribution", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="composed meetings (default: all)")
    parser.add_argument("--only", choices=("fusion", "naming", "live"), help="one table")
    parser.add_argument("--tracks", type=Path, help="folder in which the faces that were found are kept")
    args = parser.parse_args(argv)
    store = Store()
    meetings = [r for r in recordings(store, args.names) if r.meeting]
    if args.only in (None, "naming"):
        print(*naming(store, meetings), sep="\n", flush=True)
    if args.only in (None, "live"):
        for line in live(store, meetings):
            print(line, flush=True)
    if args.only in (None, "fusion"):
        for line in fusion(store, meetings, args.tracks):
            print(line, flush=True)


if __name__ == "__main__":
    main()

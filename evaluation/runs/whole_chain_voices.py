"""Attack voices in results of ``process``: ``python -m evaluation.runs.whole_chain_voices FOLDER [--meeting ID]``.

A cut of each composed meeting is processed into FOLDER; every second person is enrolled and agrees to be heard, the
others are strangers. What is there already is not made again. Then, for each meeting:

* *own voice*: share of the windows of 1.6 s in which a stranger alone speaks where ECAPA, at the product's threshold,
  takes the safe sound for the stranger's own voice (known from another recording), and where the safe sound has the
  waveform of the recording; beside it the same for those who agreed, whose voices must be found;
* *words*: WER of the safe recording's transcript against the recording's. What was redacted is taken out of both, since
  a recogniser also mishears the words around a beep. By the triangle inequality this is the most by which the WER
  against what was said can be higher. Beside it, the same for the recording with noise of -80 dB that nobody hears:
  so much of it is the recogniser's own;
* *time*, *memory*: CPU seconds of ``process`` for each second of the recording, and the peak of its largest process.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import jiwer
import numpy as np

from diarization import DiarizationSettings, VoiceEmbedder
from evaluation.attacks.own_voices import Kept, search_groups
from evaluation.data import composed
from evaluation.data.planted_recordings import RATE, sound_of, write_cut
from evaluation.data.processed_meetings import enrolled_registry, known_voices, process_meeting
from evaluation.runs.resynthesis import plain
from redaction import RedactionSettings, Transcriber
from timeline import ArrayAudio, FloatArray, Segment, Word
from weights import Store

UNHEARD = 1e-4
"""RMS of noise that nobody hears."""


@dataclass(frozen=True, slots=True)
class Spent:
    """CPU seconds of ``process``, and the greatest resident memory of one of its processes in MiB."""

    cpu: float
    peak: float


def made(folder: Path, meeting: composed.Composed, start: float, seconds: float, store: Store) -> Spent:
    """Process a cut of ``meeting`` into ``folder``, unless that was done."""
    kept = folder / "spent.json"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write_cut(meeting.path, folder / "cut.mp4", start, seconds)
        enrolled_registry(folder / "registry", meeting, store)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        process_meeting(folder / "cut.mp4", folder / "safe", folder / "registry")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        kept.write_text(json.dumps(asdict(Spent(cpu, after.ru_maxrss / 1024))), "utf-8")
    return Spent(**json.loads(kept.read_text("utf-8")))


def turns_in(meeting: composed.Composed, start: float, seconds: float) -> dict[str, list[Segment]]:
    """Who speaks when in a cut of a meeting."""
    return {
        person: [
            Segment(max(turn.start - start, 0.0), min(turn.end - start, seconds))
            for turn in turns
            if turn.end > start and turn.start < start + seconds
        ]
        for person, turns in meeting.turns.items()
    }


def left(words: Sequence[Word], gone: Sequence[Segment]) -> str:
    """The words, as plain text, of which no more than half lies in ``gone``."""
    kept = [
        word.text
        for word in words
        if sum(max(0.0, min(word.end, g.end) - max(word.start, g.start)) for g in gone) <= 0.5 * (word.end - word.start)
    ]
    return plain(" ".join(kept))


def with_redactions(recording: FloatArray, safe: FloatArray, gone: Sequence[Segment]) -> FloatArray:
    """``recording`` ``[n]`` with the sound of ``safe`` ``[n]`` at the times ``gone``, both at 16 kHz."""
    out = recording.copy()
    for each in gone:
        piece = slice(round(each.start * RATE), round(each.end * RATE))
        out[piece] = safe[piece]
    return out


def words_changed(
    recording: FloatArray,
    others: Sequence[FloatArray],
    gone: Sequence[Segment],
    listen: Callable[[ArrayAudio], Sequence[Word]],
) -> list[float]:
    """WER of what is heard in each of ``others`` against what is heard in ``recording`` ``[n]``, all at 16 kHz.

    Words at the times ``gone`` do not count. NaN where no word is heard in ``recording``.
    """
    before, *after = (left(listen(ArrayAudio(sound)), gone) for sound in (recording, *others))
    return [float(jiwer.wer(before, each)) if before else float("nan") for each in after]


def line(name: str, kept: Kept) -> str:
    """One group of people, in words."""
    if not kept.windows:
        return f"{name}: nobody of them speaks alone"
    share = [100 * each / kept.windows for each in (kept.before, kept.after, kept.copied)]
    return (
        f"{name}: own voice in {share[1]:.1f} % of {kept.windows} windows ({share[0]:.0f} % in the recording), same"
        f" waveform in {share[2]:.1f} %; greatest cosine {kept.likeness:.2f}, greatest correlation"
        f" {kept.correlation:.2f}"
    )


def main(argv: Sequence[str] | None = None) -> None:
    """Process and attack; print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="keeps the results")
    parser.add_argument("--meeting", action="append", choices=[*composed.MEETINGS, *composed.VALIDATION])
    parser.add_argument("--start", type=float, default=1.0, help="of the cut, s (default: 1)")
    parser.add_argument("--seconds", type=float, default=30.0, help="length of the cut (default: 30)")
    options = parser.parse_args(argv)
    store = Store()
    embedder = VoiceEmbedder.from_store(store, DiarizationSettings(voiceprint="ecapa"))
    listen = Transcriber.from_store(store, RedactionSettings(language="en"))
    for name in options.meeting or ["dev_gallery2", "val_gallery4"]:
        meeting, folder = composed.load(name), options.folder / f"{name}-{options.start:g}-{options.seconds:g}"
        spent = made(folder, meeting, options.start, options.seconds, store)
        recording, safe = sound_of(folder / "cut.mp4"), sound_of(folder / "safe" / "safe.mp4")
        size = min(len(recording), len(safe))
        turns = turns_in(meeting, options.start, size / RATE)
        voices = known_voices(meeting)
        for group, found in search_groups(recording, safe, turns, meeting.registered(), voices, embedder).items():
            print(f"{name}: {line(group, found)}", flush=True)
        gone = _redacted(folder / "safe" / "timeline.json")
        same = with_redactions(recording[:size], safe[:size], gone)
        noisy = same + np.random.default_rng(0).normal(0, UNHEARD, size).astype(np.float32)
        lost, own = words_changed(same, [safe[:size], noisy], gone, listen)
        seconds = len(recording) / RATE
        print(
            f"{name}: {100 * lost:.1f} % of the words heard otherwise, {100 * own:.1f} % if only noise is added;"
            f" {spent.cpu / seconds:.2f} CPU s for each of {seconds:.0f} s; {spent.peak:.0f} MiB",
            flush=True,
        )


def _redacted(timeline: Path) -> list[Segment]:
    """When private words were taken out."""
    document = json.loads(timeline.read_text("utf-8"))
    return [Segment(each["start"], each["end"]) for each in document["redactions"] if each["kind"] == "word"]


if __name__ == "__main__":
    main()

"""How well resynthesis hides a speaker and what it costs: ``python -m evaluation.runs.resynthesis --mode prosody``.

It uses whole sentences of ``../shared/media/voices`` that last 3 to 6 s (nine people). The product's recogniser finds
the words and their times, in the original and in the resynthesised voice:

* *words lost*: WER of the words in the resynthesised voice against those in the original;
* *offset*: by how much a word recognised in both comes later in the resynthesised one;
* *F0*: correlation of the logarithm of both pitch curves where both are voiced, mean over sentences;
* *EER*, *rank-1*: ECAPA with templates of the people's own voices (ignorant; 50 % EER hides perfectly), and with
  templates of their resynthesised voices under the same key (wanted: one person, one voice);
* *RTF*: CPU seconds for each second of the recordings, one thread.
"""

from __future__ import annotations

import argparse
import difflib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import jiwer
import numpy as np

from diarization import DiarizationSettings, VoiceEmbedder
from diarization.embedding import SAME
from evaluation.runs.voices import Clips, Linkage, load
from redaction import RedactionSettings, Transcriber
from timeline import ArrayAudio, FloatArray, Word
from voice.resynthesis import (
    Mode,
    PhraseSynthesiser,
    PhraseToSay,
    RoomToneConverter,
    SpokenTrack,
    VoiceAssigner,
    phrases_of,
    pitch_of,
    survey,
)
from weights import Store

RATE = 16000
SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Heard:
    """A sound, and the words recognised in it."""

    words: Sequence[Word]
    sound: FloatArray


def plain(text: str) -> str:
    """The text in lower case, letters only."""
    return " ".join(re.sub(r"[^a-z' ]", " ", text.lower().replace("-", " ")).split())


def offsets(own: Sequence[Word], made: Sequence[Word]) -> list[float]:
    """By how many seconds each word of ``own`` that also occurs in ``made`` begins later there."""
    one, other = [plain(word.text) for word in own], [plain(word.text) for word in made]
    out = []
    for start, at, count in difflib.SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks():
        out += [made[at + i].start - own[start + i].start for i in range(count)]
    return out


def melody(own: FloatArray, made: FloatArray) -> float:
    """Correlation of the pitch of two sounds; nan if too little is voiced in both."""
    one, other = pitch_of(own, RATE), pitch_of(made, RATE)
    size = min(len(one), len(other))
    both = np.isfinite(one[:size]) & np.isfinite(other[:size])
    if both.sum() < 20:
        return float("nan")
    return float(np.corrcoef(np.log(one[:size][both]), np.log(other[:size][both]))[0, 1])


def said_again(own: Heard, person: str, speaker: PhraseSynthesiser, key: int) -> FloatArray:
    """The product's resynthesis ``[n]`` of a sentence ``[n]`` by somebody who is not heard."""
    words = [word.model_copy(update={"person": person}) for word in own.words]
    phrases = phrases_of(words)
    found = survey(ArrayAudio(own.sound), phrases)
    voice = VoiceAssigner(bytes([key]) * 32, speaker.styles)({person: found.low(person)})[person]
    sayings = [
        PhraseToSay(phrase, voice, float(level), pitch, found.range(person))
        for phrase, level, pitch in zip(phrases, found.levels, found.pitches, strict=True)
    ]
    return SpokenTrack(sayings, speaker, RATE)(RoomToneConverter(found.room, RATE)(own.sound), 0)


def linkage(clips: Clips, made: Clips, store: Store) -> list[str]:
    """Lines of ECAPA's results for the made voices."""
    embedder = VoiceEmbedder.from_store(store, DiarizationSettings(voiceprint="ecapa"))

    def embed(sounds: Clips) -> FloatArray:
        flat = embedder.pieces([sound for person in sounds.values() for sound in person])
        return np.asarray(flat.reshape(len(sounds), -1, flat.shape[1]))

    own, there, lines = embed(clips), embed(made), []
    for name, known in (("ignorant", own), ("same key", there)):
        result = Linkage()
        result.add(known, there)
        lines.append(f"{name:9} EER, rank-1, accepted (%): {result.text(SAME['ecapa'])}")
    return lines


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=2, help="sentences per person, an even number")
    parser.add_argument("--mode", choices=("prosody", "words", "flat"), default="prosody")
    parser.add_argument("--key", type=int, default=1)
    options = parser.parse_args()
    store, mode = Store(), options.mode
    all_clips = load(40, SECONDS)
    whole = {p: [s for s in sounds if len(s) < SECONDS * RATE][: options.clips] for p, sounds in all_clips.items()}
    clips = {person: sounds for person, sounds in whole.items() if len(sounds) == options.clips}
    listen = Transcriber.from_store(store, RedactionSettings(language="en"))
    own = {p: [Heard(listen(ArrayAudio(s)), s) for s in sounds] for p, sounds in clips.items()}
    print(measured(own, listen, store, mode, options.key), flush=True)


def measured(own: dict[str, list[Heard]], listen: Transcriber, store: Store, mode: Mode, key: int) -> str:
    """The table of one mode."""
    speaker = PhraseSynthesiser.from_store(store, mode, RATE)
    begun = time.process_time()
    made = {p: [said_again(each, p, speaker, key) for each in heard] for p, heard in own.items()}
    cost = time.process_time() - begun
    pairs = [(one, two) for p in own for one, two in zip(own[p], made[p], strict=True)]
    again = [listen(ArrayAudio(sound)) for _, sound in pairs]
    truth = [plain(" ".join(w.text for w in one.words)) for one, _ in pairs]
    lost = jiwer.wer(truth, [plain(" ".join(w.text for w in words)) for words in again])
    late = np.array([t for (one, _), words in zip(pairs, again, strict=True) for t in offsets(one.words, words)])
    tune = np.array([melody(one.sound, sound) for one, sound in pairs])
    seconds = sum(len(one.sound) for one, _ in pairs) / RATE
    lines = [
        f"{mode}: {len(own)} people, {len(pairs)} sentences, {seconds:.0f} s",
        f"words lost {100 * lost:.1f} %",
        f"offset     mean {1000 * late.mean():+.0f} ms, mean size {1000 * np.abs(late).mean():.0f} ms,"
        f" 90 % within {1000 * np.quantile(np.abs(late), 0.9):.0f} ms",
        f"F0         {np.nanmean(tune):.2f}",
        f"RTF        {cost / seconds:.2f}",
    ]
    return "\n".join([*lines, *linkage({p: [h.sound for h in heard] for p, heard in own.items()}, made, store)])


if __name__ == "__main__":
    main()

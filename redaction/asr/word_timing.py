"""Repairing a recogniser's words: split words, words without time, invented words, repetition loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from redaction.asr.base import RecognisedWord
from redaction.asr.settings import (
    FAINT_FRAME,
    HISS,
    LEAST_PAUSE,
    LONGEST_UNSURE_WORD,
    LONGEST_WORD,
    LOOPS,
    LOOPS_LONG,
    LOOPS_SHORT,
    SAME_WORD,
    SHORT_PHRASE,
    SOFT_ONSET,
    SURE,
    TOUCHING,
    WORD_TAIL,
)
from timeline import FloatArray, Segment


def join_word_pieces(pieces: Sequence[RecognisedWord]) -> list[RecognisedWord]:
    """Join pieces without a leading blank ("415", "-555") to the word they belong to, and strip blanks."""
    out: list[RecognisedWord] = []
    for piece in pieces:
        if not piece.text.strip():
            continue
        if out and not piece.text[0].isspace():
            last = out[-1]
            # The least probable piece tells how far the word can be trusted.
            out[-1] = RecognisedWord(
                min(last.start, piece.start),
                max(last.end, piece.end),
                last.text + piece.text.strip(),
                min(last.probability, piece.probability),
            )
        else:
            out.append(replace(piece, text=piece.text.strip()))
    return [word for word in out if any(c.isalnum() for c in word.text)]


def least_seconds(text: str) -> float:
    """Less time (s) than anybody needs to say ``text``: 35 ms a letter, 120 ms a digit, 200 ms a sign like "%"."""
    letters = sum(c.isalpha() for c in text)
    digits = sum(c.isdigit() for c in text)
    signs = sum(c in "$€£%@&+" for c in text)
    return max(0.05, 0.035 * letters + 0.12 * digits + 0.2 * signs)


def lasts_too_long(start: float, end: float, text: str, probability: float) -> bool:
    """Whether ``text`` lasts longer than anybody takes to say it: the recogniser skipped something said next to it.

    Times in seconds. A word that was not heard for certain (``probability`` below 0.7) is suspected earlier.
    """
    letters = sum(c.isalpha() for c in text)
    others = sum(not c.isspace() for c in text) - letters
    return end - start > (LONGEST_WORD if probability >= SURE else LONGEST_UNSURE_WORD) + 0.1 * letters + 0.35 * others


def widen_short_words(words: Sequence[RecognisedWord], ceiling: float) -> list[RecognisedWord]:
    """Sort words by time and extend those that are too short ("2014", "$13.60") into the pauses beside them.

    ``ceiling`` is the recording's length in seconds. A word without pauses beside it stays too short.
    """
    out = sorted(words, key=lambda w: w.start)
    for i, word in enumerate(out):
        start, end = max(0.0, word.start), min(max(word.end, word.start), ceiling)
        start = min(start, end)
        lack = least_seconds(word.text) - (end - start)
        if lack > 0:
            before = out[i - 1].end if i else 0.0
            after = min(max(out[i + 1].start, end), ceiling) if i + 1 < len(out) else ceiling
            later = min(max(0.0, after - end), lack)
            end += later
            start -= min(max(0.0, start - before), lack - later)
        out[i] = replace(word, start=start, end=end)
    return out


def trim_leading_pauses(
    words: Sequence[RecognisedWord], samples: FloatArray, rate: int = 16000
) -> list[RecognisedWord]:
    """Cut the pause off the beginning of words: Whisper starts each word where the previous one ended, or sooner.

    Args:
        words: times in seconds of ``samples``.
        samples: float32 ``[n]``.
        rate: samples per second.

    A pause is little louder than the faintest tenth of the sound, and 20 dB fainter than the whole. Pauses below 0.12 s
    are left alone; 60 ms of a pause are kept, since a word may begin softly; and no word becomes shorter than it can be
    said. Sound that is heard for a moment before the pause is the end of the previous word, and is moved to it.
    """
    size = rate // 100
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    if not len(frames):
        return list(words)
    levels = np.sqrt(np.mean(np.square(frames, dtype=np.float64), axis=1))
    loud = levels > min(HISS * float(np.quantile(levels, 0.1)), FAINT_FRAME * float(np.sqrt(np.mean(levels**2))))
    out: list[RecognisedWord] = []
    for word in words:
        first = int(word.start * 100)
        tail, sound = _pause(loud[first : int(np.ceil(word.end * 100))])
        start = min((first + sound) / 100 - SOFT_ONSET, word.end - least_seconds(word.text))
        if sound > tail and start > word.start:
            if out and tail and word.start - out[-1].end < TOUCHING:
                out[-1] = replace(out[-1], end=max(out[-1].end, (first + tail) / 100))
            word = replace(word, start=start)
        out.append(word)
    return out


def _pause(loud: npt.NDArray[np.bool_]) -> tuple[int, int]:
    """Frames ``[from, to)`` of the pause near the beginning of a word; (0, 0) without one."""
    quiet = np.flatnonzero(~loud)
    if not len(quiet) or quiet[0] > WORD_TAIL:
        return 0, 0
    behind = np.flatnonzero(loud[quiet[0] :])
    if not len(behind) or behind[0] < LEAST_PAUSE:
        return 0, 0
    return int(quiet[0]), int(quiet[0] + behind[0])


def interpolated(
    words: Sequence[tuple[str, float | None, float | None, float | None]], length: float
) -> list[RecognisedWord]:
    """The words of an aligner; words without times share the time between their neighbours.

    Args:
        words: ``(text, start, end, probability)`` in the order they were said; seconds, None: not aligned.
        length: of the sound, seconds.

    A word that was not aligned gets probability 0: its place is uncertain, so it is cut out wider.
    """
    out: list[RecognisedWord] = []
    i = 0
    while i < len(words):
        text, start, end, probability = words[i]
        if start is not None and end is not None:
            out.append(RecognisedWord(start, max(start, end), f" {text}", probability or 0.0))
            i += 1
            continue
        stop = i
        while stop < len(words) and (words[stop][1] is None or words[stop][2] is None):
            stop += 1
        low = out[-1].end if out else 0.0
        high = max(low, float(words[stop][1] or 0.0)) if stop < len(words) else max(low, length)
        letters = [max(1, len(w[0])) for w in words[i:stop]]
        at = low
        for (lost, *_), share in zip(words[i:stop], letters, strict=True):
            till = at + (high - low) * share / sum(letters)
            out.append(RecognisedWord(at, till, f" {lost}", 0.0))
            at = till
        i = stop
    return out


def without_loops(words: Sequence[RecognisedWord]) -> tuple[list[RecognisedWord], list[Segment]]:
    """Remove repetition loops; return the words and the time of the loops, of which nobody knows what was said there.

    A loop is a phrase of 1 to 8 words repeated six times (four times from three words on), or at least three times and
    faster than anybody speaks. Its first occurrence is kept.
    """
    out: list[RecognisedWord] = []
    loops: list[Segment] = []
    texts = [word.text.lower().strip(".,!?") for word in words]
    i = 0
    while i < len(words):
        for n in range(1, 9):
            phrase = texts[i : i + n]
            times = 1
            while len(phrase) == n and texts[i + times * n : i + (times + 1) * n] == phrase:
                times += 1
            if times < LOOPS:
                continue
            run = words[i : i + times * n]
            seconds = run[-1].end - run[0].start
            if times >= (LOOPS_SHORT if n < SHORT_PHRASE else LOOPS_LONG) or seconds < sum(
                least_seconds(w.text) for w in run
            ):
                out.extend(run[:n])
                loops.append(Segment(run[0].start, max(run[0].start, run[-1].end)))
                i += times * n
                break
        else:
            out.append(words[i])
            i += 1
    return out, loops


def join_chunks(left: Sequence[RecognisedWord], right: Sequence[RecognisedWord], border: float) -> list[RecognisedWord]:
    """The words of two chunks that share some sound around ``border`` (s), each word once.

    A word whose middle lies before the border is taken from the left chunk, else from the right one. The chunks may
    place the same word slightly differently, on either side of the border: it is still taken exactly once.
    """
    kept = [w for w in left if _middle(w) < border]
    late = [w for w in left if _middle(w) >= border]
    early = [w for w in right if _middle(w) < border]
    rest = [w for w in right if _middle(w) >= border]
    while kept and rest and _same(kept[-1], rest[0]):
        rest = rest[1:]
    both = [w for w in late if any(_same(w, e) for e in early)]
    # Left placed it after the border and right before it: neither half has it.
    return [*kept, *(w for w in both if not any(_same(w, r) for r in (*kept, *rest))), *rest]


def _middle(word: RecognisedWord) -> float:
    return (word.start + word.end) / 2


def _same(a: RecognisedWord, b: RecognisedWord) -> bool:
    near = min(a.end, b.end) > max(a.start, b.start) or abs(_middle(a) - _middle(b)) < SAME_WORD
    return near and a.text.lower().strip(".,!?") == b.text.lower().strip(".,!?")

"""Verification by listening again: redacted places are transcribed once more, and private words still heard are
removed.

Only the surroundings of redactions are transcribed. What was said there is compared with what is heard now, in
spelling and in sound. A word that is still heard is redacted wider and checked again, at most three times; then the
whole stretch of speech around it is silenced. A word that the recogniser guesses from context alone counts as heard:
people who listen can guess it as well.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from redaction.operators import SURROGATE, Clip, RedactedAudio
from redaction.settings import (
    HEARD_AT_ONCE,
    HEARD_NEAR,
    HEARD_PAD,
    REDACTION_GROWTH,
    SKIPPED_WORDS,
    TELLING_LENGTH,
    RedactionSettings,
)
from redaction.surface_forms import letter_runs
from redaction.text.lexicon import bare_word, is_common, sound
from redaction.text.private_spans import RedactedWords, segment_of
from timeline import Audio, Progress, Redaction, Segment, Word, silent, union

_BUCKET = 4.0


class Listener(Protocol):
    """The interface of :class:`redaction.Transcriber` that verification uses."""

    def __call__(
        self, audio: Audio, speech: Sequence[Segment] | None = None, progress: Progress = silent
    ) -> list[Word]:
        """Words heard in ``speech`` (s) of ``audio``."""
        ...


@dataclass(frozen=True, slots=True)
class Verification:
    """The result of listening again; it holds no private word.

    Attributes:
        redactions: all of them, widened where the word was still heard.
        listened: seconds of sound that were transcribed, all rounds together.
        widened: number of redactions that were widened.
        silenced: number of those that became the silence of their whole segment.
        new: seconds silenced because they held words that nobody had heard before.
    """

    redactions: list[Redaction]
    listened: float = 0.0
    widened: int = 0
    silenced: int = 0
    new: float = 0.0

    def notes(self) -> list[str]:
        """What people should know about it."""
        out = []
        if self.widened:
            out.append(f"{self.widened} private words could still be heard and were taken out wider.")
        if self.silenced:
            out.append(f"{self.silenced} of them could be heard even so: all that is said around them was silenced.")
        if self.new:
            out.append(f"{self.new:.1f} s were silenced where words were heard only after others had been taken out.")
        return out


@dataclass(frozen=True, slots=True)
class Leak:
    """A private word that is still heard: its redaction, and its time (s)."""

    redaction: str
    start: float
    end: float


def leaks(
    redactions: Sequence[Redaction],
    said: Mapping[str, Sequence[Word]],
    again: Sequence[Word],
    clear: Sequence[Word],
) -> list[Leak]:
    """The private words that are among those heard ``again``.

    An uncommon word counts wherever it is heard, a word that sounds like it near its redaction, and a common word only
    within its redaction. Words that are known to be said there and not redacted (``clear``) are no leaks.
    """
    index = _Said({r.id: r for r in redactions}, said)
    plain = _Clear(clear)
    out: list[Leak] = []
    for heard in again:
        tokens = letter_runs(bare_word(heard.text))
        if tokens and not plain.explains(heard) and (id := index.match(heard, tokens)) is not None:
            out.append(Leak(id, heard.start, heard.end))
    return out


class _Said:
    """What was said in each redaction, indexed by word and by time, so that long meetings cost no more per word."""

    def __init__(self, redactions: Mapping[str, Redaction], said: Mapping[str, Sequence[Word]]) -> None:
        self._spans, self._said = redactions, said
        self._everywhere: dict[str, list[str]] = {}
        self._buckets: dict[int, list[str]] = {}
        for id, words in said.items():
            for token in {t for word in words for t in letter_runs(bare_word(word.text)) if _is_revealing(t)}:
                self._everywhere.setdefault(token, []).append(id)
            span = redactions[id]
            for bucket in range(int((span.start - HEARD_NEAR) // _BUCKET), int((span.end + HEARD_NEAR) // _BUCKET) + 1):
                self._buckets.setdefault(bucket, []).append(id)

    def match(self, heard: Word, tokens: Sequence[str]) -> str | None:
        """The nearest redaction that ``heard`` is a word of, or None."""
        middle = (heard.start + heard.end) / 2
        near = [id for id in self._buckets.get(int(middle // _BUCKET), ()) if self._near(id, heard, tokens, middle)]
        far = [id for token in tokens for id in self._everywhere.get(token, ())]
        return min([*near, *far], key=lambda id: (self._away(id, middle), id), default=None)

    def _away(self, id: str, middle: float) -> float:
        span = self._spans[id]
        return max(0.0, span.start - middle, middle - span.end)

    def _near(self, id: str, heard: Word, tokens: Sequence[str], middle: float) -> bool:
        away = self._away(id, middle)
        return away <= HEARD_NEAR and any(_sound_alike(heard, tokens, word, away) for word in self._said[id])


def _is_revealing(token: str) -> bool:
    return len(token) >= TELLING_LENGTH if token.isdigit() else len(token) > 2 and not is_common(token)


def _sound_alike(heard: Word, tokens: Sequence[str], word: Word, away: float) -> bool:
    if away <= HEARD_PAD and any(
        (len(t) >= TELLING_LENGTH or t.isdigit()) and t in tokens for t in letter_runs(bare_word(word.text))
    ):
        return True
    plain = bare_word(word.text).lower()
    key = sound(plain)
    return (
        len(plain) >= TELLING_LENGTH
        and len(key) > 2
        and key == sound(bare_word(heard.text).lower())
        and not is_common(plain)
    )


class _Clear:
    """What is said without being redacted, by time."""

    def __init__(self, words: Sequence[Word]) -> None:
        middles = [((w.start + w.end) / 2, bare_word(w.text).lower()) for w in words if w.redaction is None]
        self._sorted = sorted(middles)

    def explains(self, heard: Word) -> bool:
        """Whether ``heard`` is one of these words, at its place."""
        middle, plain = (heard.start + heard.end) / 2, bare_word(heard.text).lower()
        for at in range(bisect_left(self._sorted, (middle - HEARD_NEAR, "")), len(self._sorted)):
            when, text = self._sorted[at]
            if when > middle + HEARD_NEAR:
                return False
            if text == plain:
                return True
        return False


def verify(
    listen: Listener,
    audio: Audio,
    done: RedactedWords,
    settings: RedactionSettings,
    progress: Progress = silent,
    clips: Mapping[str, Clip] | None = None,
) -> Verification:
    """Listen again until no private word is heard.

    Args:
        listen: transcribes.
        audio: the sound before redaction, 16 kHz.
        done: the redactions, what was said in each, and the words as they will be written.
        settings: operators, context, rounds.
        progress: called with the share done.
        clips: the surrogates' clips.
    """
    now = {r.id: r for r in done.redactions}
    known = {id: words for id, words in done.said.items() if id in now}
    clear = done.words
    doubtful = list(known)
    spoken = sorted((*clear, *(w for words in done.said.values() for w in words)), key=lambda w: (w.start, w.end))
    grown: set[str] = set()
    silenced: set[str] = set()
    listened = 0.0
    for turn in range(settings.proof_rounds + 1):
        windows = union((Segment(now[i].start, now[i].end).grown(settings.proof_context) for i in doubtful), gap=0.5)
        if not windows:
            break
        listened += sum(w.duration for w in windows)
        sound_now = RedactedAudio(audio, list(now.values()), settings, clips or {})
        again = listen(sound_now, windows, _part(progress, turn, settings.proof_rounds + 1))
        for window in skipped(windows, clear, again, settings.proof_context):
            # A recogniser that loses track leaves out whole sentences; on its own it hears them.
            listened += window.duration
            again = [*again, *listen(sound_now, [window])]
        doubtful = []
        for leak in leaks(list(now.values()), known, again, clear):
            id = leak.redaction
            if _seconds_between(now[id], leak) > HEARD_NEAR:
                id = f"{leak.redaction}-again-{len(now)}"
                now[id] = _elsewhere(now[leak.redaction], id, leak)
                known[id] = known[leak.redaction]
            elif turn < settings.proof_rounds:
                now[id] = _wider(now[id], leak, 0 if id in doubtful else turn + 1)
            if turn == settings.proof_rounds:
                now[id] = _silenced(now[id], leak, spoken)
                silenced.add(id)
            grown.add(id)
            if id not in doubtful:
                doubtful.append(id)
    progress(1.0)
    return Verification(list(now.values()), listened, len(grown), len(silenced))


def skipped(windows: Sequence[Segment], clear: Sequence[Word], again: Sequence[Word], context: float) -> list[Segment]:
    """Parts of ``windows`` (s) in which the listener heard nothing of four words in a row: nothing is verified there.

    Args:
        windows: what was listened to.
        clear: the words that are said without being redacted.
        again: what was heard.
        context: seconds added on both sides.
    """
    spans = [Segment(w.start, w.end).grown(HEARD_AT_ONCE) for w in again]
    heard = union(spans)
    starts, limits = [s.start for s in heard], [w.start for w in windows]
    runs_: list[list[Word]] = [[]]
    for word in clear:
        if word.redaction is not None:
            continue
        inside, near = bisect_left(limits, word.end) - 1, bisect_left(starts, word.end) - 1
        if inside < 0 or windows[inside].end < word.end or (near >= 0 and heard[near].end > word.start):
            runs_.append([])
        else:
            runs_[-1].append(word)
    missed = [Segment(run[0].start, run[-1].end).grown(context) for run in runs_ if len(run) >= SKIPPED_WORDS]
    return [Segment(max(0.0, s.start), s.end) for s in union(missed)]


def _part(progress: Progress, number: int, parts: int) -> Progress:
    return lambda done: progress((number + done) / parts)


def _seconds_between(redaction: Redaction, leak: Leak) -> float:
    """Seconds between a redaction and the word that is heard; 0 if they touch."""
    return max(0.0, redaction.start - leak.end, leak.start - redaction.end)


def _wider(redaction: Redaction, leak: Leak, times: int) -> Redaction:
    span = Segment(redaction.start, redaction.end).grown(REDACTION_GROWTH * times)
    span = Segment(max(0.0, min(span.start, leak.start - HEARD_PAD)), max(span.end, leak.end + HEARD_PAD))
    return _renewed(redaction, span, redaction.operator, "widened: it was still heard")


def _silenced(redaction: Redaction, leak: Leak, spoken: Sequence[Word]) -> Redaction:
    span = Segment(min(redaction.start, leak.start), max(redaction.end, leak.end))
    for i in [i for i, w in enumerate(spoken) if w.end > span.start and w.start < span.end]:
        stretch = segment_of(spoken, i)
        span = Segment(min(span.start, stretch.start), max(span.end, stretch.end))
    return _renewed(redaction, span.grown(HEARD_PAD), "silence", "its segment was silenced: it could still be heard")


def _elsewhere(redaction: Redaction, id: str, leak: Leak) -> Redaction:
    """A redaction for a word that is heard where the first transcription had another one."""
    extra = redaction.model_copy(update={"id": id, "person": None})
    return _renewed(
        extra, Segment(leak.start, leak.end).grown(REDACTION_GROWTH), redaction.operator, "heard again elsewhere"
    )


def _renewed(redaction: Redaction, span: Segment, operator: str, why: str) -> Redaction:
    reason = redaction.reason if redaction.reason.endswith(why) else f"{redaction.reason}; {why}"
    # A surrogate has its own length and does not cover what is still heard.
    operator = "beep" if operator == SURROGATE else operator
    return redaction.model_copy(
        update={"start": round(span.start, 3), "end": round(span.end, 3), "operator": operator, "reason": reason}
    )

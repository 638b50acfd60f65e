"""The line formats of speech evaluation: RTTM, UEM, CTM and STM.

RTTM, UEM and CTM are those of NIST's Rich Transcription evaluations (RT-09 evaluation plan, appendices), STM is that of
its scoring toolkit (SCTK, ``sclite``). Fields are separated by blanks, so a word with blanks in it is several words
that share its time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from discreet.export.utterances import Said, Utterance, speaker_fields, utterances
from timeline import Timeline, one_field, turns_to_rttm

_LONGEST_NAME = 60
"""Characters of a label in a file's name: at most 240 bytes."""


def rttm(timeline: Timeline, name: str) -> str:
    """Who speaks when; turns may overlap. ``SPEAKER file 1 start duration <NA> <NA> speaker <NA> <NA>``."""
    labels = {id: label for id, label in speaker_fields(timeline).items() if id is not None}
    return turns_to_rttm(timeline.turns, name, labels)


def uem(timeline: Timeline, name: str) -> str:
    """What was listened to: all of the recording. ``file 1 start end``."""
    return f"{one_field(name)} 1 0.000 {timeline.recording.duration:.3f}\n"


def ctm(timeline: Timeline, name: str) -> str:
    """Everybody's words with their times: ``file 1 start duration word confidence``."""
    return _ctm(utterances(timeline, speaker_fields(timeline)), name)


def ctm_by_speaker(timeline: Timeline, name: str) -> dict[str, str]:
    """One file of words for each speaker: CTM has no field for who speaks, so that MeetEval takes the file's name."""
    labels = speaker_fields(timeline)
    every = utterances(timeline, labels)
    texts: dict[str, str] = {}
    for label in labels.values():
        own = _ctm([one for one in every if one.speaker == label], name)
        if own:
            texts[_file_name(label, texts)] = own
    return texts


def _ctm(every: Iterable[Utterance], name: str) -> str:
    rows = sorted(row for one in every for said in one.words for row in _single(said))
    return "".join(f"{one_field(name)} 1 {start:.3f} {duration:.3f} {rest}\n" for start, duration, rest in rows)


def _file_name(label: str, taken: Collection[str]) -> str:
    short = label.replace("/", "_")[:_LONGEST_NAME]
    stem = base = f"_{short[1:]}" if short.startswith(".") else short
    number = 2
    while f"{stem}.ctm" in taken:
        stem, number = f"{base}_{number}", number + 1
    return f"{stem}.ctm"


def _single(said: Said) -> Iterator[tuple[float, float, str]]:
    words = said.text.split()
    step = (said.end - said.start) / len(words)
    edges = [round(said.start + i * step, 3) for i in range(len(words))] + [said.end]
    for i, word in enumerate(words):
        yield edges[i], max(0.0, edges[i + 1] - edges[i]), f"{word} {said.confidence:.2f}"


def stm(timeline: Timeline, name: str) -> str:
    """What each speaker says from when to when: ``file 1 speaker start end words``."""
    file = one_field(name)
    return "".join(
        f"{file} 1 {one.speaker} {one.start:.3f} {one.end:.3f} {one.text}".rstrip() + "\n"
        for one in utterances(timeline, speaker_fields(timeline))
    )

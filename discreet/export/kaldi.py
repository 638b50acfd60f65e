"""A data folder of Kaldi, as its documentation "Data preparation" describes it.

Kaldi wants utterances sorted as in the C locale, and the same order when they are sorted by speaker. So the speaker
stands first in an utterance's id, followed by a character that sorts before every other one in a speaker's id.
"""

from __future__ import annotations

import re
from collections import Counter

from discreet.export.utterances import speaker_fields, utterances
from timeline import Timeline, one_field

_BEFORE = re.compile(r"[!-\-]")
"""The printable characters up to the hyphen, which separates the parts of an utterance's id."""


def kaldi(timeline: Timeline, name: str) -> dict[str, str]:
    """File name -> text: wav.scp, segments, text, utt2spk, spk2utt, reco2file_and_channel, reco2dur."""
    file = _id(name)
    sound = "safe.mp4" if timeline.recording.width else "safe.m4a"
    labels: dict[str | None, str] = {}
    for id, field in speaker_fields(timeline).items():
        label, number = _id(field), 2
        while label in labels.values():
            label, number = f"{_id(field)}_{number}", number + 1
        labels[id] = label
    rows = []
    taken: Counter[str] = Counter()
    for one in utterances(timeline, labels):
        id = f"{one.speaker}-{file}-{round(one.start * 1000):010d}-{round(one.end * 1000):010d}"
        taken[id] += 1
        rows.append((f"{id}-{taken[id]:02d}" if taken[id] > 1 else id, one))
    rows.sort(key=lambda row: row[0].encode())
    by_speaker: dict[str, list[str]] = {}
    for id, one in rows:
        by_speaker.setdefault(one.speaker, []).append(id)
    return {
        "wav.scp": f"{file} ffmpeg -nostdin -loglevel error -i {sound} -ac 1 -ar 16000 -f wav - |\n",
        "segments": "".join(f"{id} {file} {one.start:.3f} {one.end:.3f}\n" for id, one in rows),
        "text": "".join(f"{id} {one.text}".rstrip() + "\n" for id, one in rows),
        "utt2spk": "".join(f"{id} {one.speaker}\n" for id, one in rows),
        "spk2utt": "".join(f"{speaker} {' '.join(ids)}\n" for speaker, ids in by_speaker.items()),
        "reco2file_and_channel": f"{file} {file} A\n",
        "reco2dur": f"{file} {timeline.recording.duration:.3f}\n",
    }


def _id(text: str) -> str:
    return _BEFORE.sub("_", one_field(text))

"""The JSON of WhisperX: segments with speakers, their words with times and scores, and all words in a row.

WhisperX's own file also names the language; a timeline does not hold it.
"""

from __future__ import annotations

import json
from typing import Any

from discreet.export.utterances import Utterance, speakers, utterances
from timeline import Timeline


def whisperx(timeline: Timeline, name: str) -> str:
    """``{"segments": [{start, end, text, speaker, words: [...]}], "word_segments": [...]}``; times in seconds."""
    segments = [_segment(one) for one in utterances(timeline, speakers(timeline))]
    words = [word for segment in segments for word in segment["words"]]
    return json.dumps({"segments": segments, "word_segments": words}, ensure_ascii=False, indent=1) + "\n"


def _segment(one: Utterance) -> dict[str, Any]:
    words = [
        {"word": said.text, "start": said.start, "end": said.end, "score": said.confidence, "speaker": one.speaker}
        for said in one.words
    ]
    return {"start": one.start, "end": one.end, "text": one.text, "words": words, "speaker": one.speaker}

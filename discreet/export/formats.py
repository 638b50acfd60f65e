"""Every format that a result can be exported to, by the name that ``--format`` takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from discreet.export import label_studio
from discreet.export.audacity import aud
from discreet.export.elan import eaf
from discreet.export.kaldi import kaldi
from discreet.export.plain import ctm, ctm_by_speaker, rttm, stm, uem
from discreet.export.praat import textgrid
from discreet.export.whisperx import whisperx
from timeline import Timeline, to_srt, to_webvtt

Text = Callable[[Timeline, str], str]
"""Makes a text from the document and the name of the recording."""
Texts = Callable[[Timeline, str], dict[str, str]]
"""Makes several, by file name."""


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Attributes:
        what: what is in it, in a few words.
        texts: ending of a file's name, with its dot -> what makes its text.
        folders: ending of a folder's name -> what makes its texts, by file name.
    """

    what: str
    texts: dict[str, Text] = field(default_factory=dict)
    folders: dict[str, Texts] = field(default_factory=dict)


FORMATS: dict[str, Format] = {
    "rttm": Format("who speaks when (NIST)", {".rttm": rttm}),
    "uem": Format("what was listened to (NIST)", {".uem": uem}),
    "ctm": Format("words with their times (NIST)", {".ctm": ctm}, {".ctm-by-speaker": ctm_by_speaker}),
    "stm": Format("what each speaker says (NIST)", {".stm": stm}),
    "vtt": Format("captions (WebVTT)", {".vtt": lambda timeline, _: to_webvtt(timeline)}),
    "srt": Format("captions (SubRip)", {".srt": lambda timeline, _: to_srt(timeline)}),
    "json": Format("the whole document", {".json": lambda timeline, _: timeline.to_json()}),
    "whisperx": Format("segments and words (WhisperX)", {".whisperx.json": whisperx}),
    "aud": Format("label track (Audacity)", {".aud.txt": aud}),
    "eaf": Format("annotation document (ELAN)", {".eaf": eaf}),
    "textgrid": Format("TextGrid (Praat)", {".TextGrid": textgrid}),
    "label-studio": Format(
        "tasks and setup (Label Studio)",
        {".label-studio.json": label_studio.tasks, ".label-studio.xml": label_studio.setup},
    ),
    "kaldi": Format("data folder (Kaldi)", folders={".kaldi": kaldi}),
}

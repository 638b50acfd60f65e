"""Measure words: transcription, private words beside presidio's defaults, and what is heard after redaction.

``python -m evaluation.runs.redaction [--only PART]`` prints the figures; ``make bench-words`` runs all of it. It reads
``../shared/media`` and the weights store, and skips parts whose media are absent, saying so. Spoken parts need Debian's
espeak-ng. Vosk listens too, where it is installed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from diarization import SpeechFinder
from discreet.config import load
from evaluation.data.media import MEDIA
from evaluation.data.pii_sentences import HALVES, NOT_PRIVATE, sentences
from evaluation.data.read_speech import TEST, TUNE
from evaluation.data.reading_passages import TEXTS
from evaluation.data.synthetic_voices import Voices
from evaluation.metrics import audible_leaks, word_boundaries
from evaluation.runs import quiet_speakers, redaction_collateral, redaction_cost, spoken_pii
from evaluation.runs.ordinary_talk import ordinary
from evaluation.runs.redaction_stages import Kept
from redaction import DEFAULT_POLICY, Entity, PiiFinder, RedactionSettings, Transcriber
from timeline import ModelError
from weights import Store

_DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def normalised(text: str) -> str:
    """Lower case without punctuation, digits as words: the relevant part of Whisper's normaliser."""
    text = re.sub(r"\[[^\]]*\]", " ", text.lower().replace("’", "'"))
    text = re.sub(r"\d", lambda m: f" {_DIGITS[int(m.group())]} ", text)
    return " ".join(re.sub(r"[^\w\s']", " ", text).split())


@dataclass
class Score:
    """Counts of one finder over a text set: by the span's kind for recall, by the find's kind for precision."""

    found: Counter[str] = field(default_factory=Counter)
    truth: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0

    @property
    def recall(self) -> float:
        """Share of the private spans of which every letter and digit was found."""
        return sum(self.found.values()) / max(1, sum(self.truth.values()))

    @property
    def precision(self) -> float:
        """Share of the finds that overlap a span of the truth."""
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    @property
    def f2(self) -> float:
        """F-measure that gives recall twice the weight."""
        p, r = self.precision, self.recall
        return 5 * p * r / (4 * p + r) if p + r else 0.0


def score(
    find: Callable[[str], Sequence[Entity]], texts: Sequence[dict[str, Any]], change: Callable[[str], str]
) -> Score:
    """How well ``find`` finds the spans of ``texts`` (presidio-research's) after ``change``, which keeps offsets."""
    out = Score()
    for entry in texts:
        text = change(entry["full_text"])
        text = text if len(text) == len(entry["full_text"]) else entry["full_text"]
        started = time.perf_counter()
        finds = find(text)
        out.seconds += time.perf_counter() - started
        covered = {i for f in finds for i in range(f.start, f.end)}
        truth: set[int] = set()
        for span in entry["spans"]:
            place = range(span["start_position"], span["end_position"])
            truth.update(place)
            if span["entity_type"] not in NOT_PRIVATE:
                out.truth[span["entity_type"]] += 1
                out.found[span["entity_type"]] += all(i in covered for i in place if text[i].isalnum())
        for f in finds:
            (out.right if any(i in truth for i in range(f.start, f.end)) else out.wrong)[f.entity] += 1
    return out


def presidio_defaults(store: Store) -> Callable[[str], list[Entity]]:
    """presidio with all its default recognisers on the same spaCy model, without the kinds our policy keeps."""
    import tldextract

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    from presidio_analyzer import AnalyzerEngine
    from presidio_analyzer.nlp_engine import NlpEngineProvider

    from redaction.recognizers import spacy_pipeline

    configuration = {
        "nlp_engine_name": "spacy",
        "models": [{"lang_code": "en", "model_name": str(spacy_pipeline(store.path("spacy-en-sm")))}],
    }
    engine = AnalyzerEngine(nlp_engine=NlpEngineProvider(nlp_configuration=configuration).create_engine())

    def find(text: str) -> list[Entity]:
        return [
            Entity(r.start, r.end, r.entity_type, r.score, "")
            for r in engine.analyze(text=text, language="en")
            if DEFAULT_POLICY.get(r.entity_type, "beep") != "keep"
        ]

    return find


def pii(store: Store, settings: RedactionSettings, count: int) -> None:
    """Print recall, precision and F2 on ``count`` texts, as written and in lower case, ours and presidio's."""
    path = MEDIA / "text" / "generated_large.json"
    if not path.is_file():
        print("PII: skipped, ../shared/media/text is absent")
        return
    texts = random.Random(7).sample(json.loads(path.read_text("utf-8")), count)
    started = time.perf_counter()
    ours = PiiFinder.from_store(store, settings)
    print(f"PII finder loaded in {time.perf_counter() - started:.2f} s, peak RSS {rss():.0f} MB")
    presidio = presidio_defaults(store)
    for name, change in (("as written", str), ("lower case", str.lower)):
        for who, find in (("discreet", ours.find), ("presidio", presidio)):
            s = score(find, texts, change)
            print(
                f"PII {name:10} {who:9} recall {s.recall:.3f} precision {s.precision:.3f} F2 {s.f2:.3f} "
                f"{1000 * s.seconds / len(texts):.1f} ms a text"
            )
            print("    recall " + ", ".join(f"{k} {s.found[k] / n:.2f} of {n}" for k, n in s.truth.most_common()))
            finds = (s.right + s.wrong).most_common()
            print(
                "    precision, by the finder's kind: "
                + ", ".join(f"{k} {s.right[k] / n:.2f} of {n}" for k, n in finds)
            )


def commands() -> Iterator[tuple[Path, str]]:
    """Clips of GRID with what is said in them: commands such as "bin blue at f two now"."""
    table = MEDIA / "talking" / "transcripts.tsv"
    if table.is_file():
        for line in table.read_text("utf-8").splitlines()[1:]:
            name, text = line.split("\t")
            yield table.parent / name, text


def read_aloud(most: int) -> Iterator[tuple[Path, str]]:
    """Clips of VCTK, clean and read aloud, with their text; at most ``most``, spread over all readers."""
    clips = sorted((MEDIA / "voices").glob("vctk_*/*.flac"), key=lambda path: (path.stem.split("_")[1], path.stem))
    known = [(path, TEXTS[number]) for path in clips if (number := int(path.stem.split("_")[1])) in TEXTS]
    yield from known[:: max(1, len(known) // most)][:most]


def word_errors(name: str, transcriber: Transcriber, clips: Iterable[tuple[Path, str]]) -> None:
    """Print the word error rate on clips that have a transcript, and the real-time factor (CPU seconds)."""
    import jiwer

    from capture import AudioFile

    truth, heard, seconds, spent = [], [], 0.0, 0.0
    for path, text in clips:
        audio = AudioFile(path, 16000)
        started = cpu()
        words = transcriber(audio)
        spent += cpu() - started
        seconds += audio.duration
        truth.append(normalised(text))
        heard.append(normalised(" ".join(w.text for w in words)))
    if not truth:
        print(f"WER, {name}: skipped, its clips in ../shared/media are absent")
        return
    print(
        f"WER {jiwer.wer(truth, heard):.3f} on {len(truth)} clips, {name}, {seconds:.0f} s, "
        f"RTF {spent / seconds:.3f} (CPU), peak RSS {rss():.0f} MB",
        flush=True,
    )


def cpu() -> float:
    """CPU seconds of this process and of the children it has now, such as WhisperX's."""
    own = psutil.Process()
    return sum(sum(each.cpu_times()[:2]) for each in (own, *own.children()))


def rss() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


PARTS = ("pii", "ordinary", "wer", "boundaries", "quiet", "leaks", "cost", "spoken")


def main() -> None:
    """Print all measures of the room."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", type=int, default=400, help="sentences of the PII set")
    parser.add_argument("--tune", action="store_true", help="leaks on the voices that the padding was chosen on")
    parser.add_argument("--set", action="append", default=[], help="a setting of the room, e.g. pad_into=0.05")
    parser.add_argument("--said", type=int, default=100, help="sentences of the PII set that are spoken")
    parser.add_argument("--half", choices=HALVES, default="report", help="the half of its templates they are of")
    parser.add_argument("--espeak", action="store_true", help="spoken by espeak-ng even where there is Kokoro")
    parser.add_argument("--cache", type=Path, help="keep here what was said and heard, for a second run")
    parser.add_argument("--read", type=int, default=24, help="clips that are read aloud, for the word error rate")
    parser.add_argument("--asr", default="whisper-base", help="the recogniser that is measured")
    parser.add_argument("--ner", default="spacy-en-sm", help="the named-entity model that is measured")
    parser.add_argument("--only", choices=PARTS, action="append", help="these parts alone")
    given = parser.parse_args()
    parts = given.only or PARTS
    store = Store()
    options = [f"asr={given.asr}", f"ner={given.ner}", "language=en", *given.set]
    loaded = load(options=[f"redaction.{option}" for option in options])
    settings = loaded.redaction
    if "pii" in parts:
        pii(store, settings, given.texts)
    if "ordinary" in parts:
        ordinary("discreet", PiiFinder.from_store(store, settings).find)
        ordinary("presidio", presidio_defaults(store))
    if set(parts) <= {"pii", "ordinary"}:
        return
    started = time.perf_counter()
    transcriber = Transcriber.from_store(store, settings)
    print(f"transcriber loaded in {time.perf_counter() - started:.2f} s, peak RSS {rss():.0f} MB")
    if "wer" in parts:
        word_errors("read aloud (VCTK)", transcriber, read_aloud(given.read))
        word_errors("short commands with letters (GRID)", transcriber, commands())
    espeak = shutil.which("espeak-ng") is not None
    if "boundaries" in parts and espeak:
        word_boundaries.boundaries(transcriber)
    if "quiet" in parts and (clips := [path for path, _ in read_aloud(5)]):
        from capture import AudioFile

        quiet_speakers.quiet(
            store, transcriber, [np.concatenate(list(AudioFile(path, 16000).blocks())) for path in clips]
        )
    if "leaks" in parts:
        redaction_collateral.measure(store, settings, TUNE if given.tune else TEST)
        audible_leaks.spoken(transcriber, PiiFinder.from_store(store, settings), settings)
    path = MEDIA / "text" / "generated_large.json"
    said = espeak and path.is_file()
    voices = Voices(store, given.cache and given.cache / "said", espeak=given.espeak)
    if "cost" in parts:
        redaction_cost.cost("read aloud", redaction_cost.read(), store, loaded)
        few = sentences(path, 32, NOT_PRIVATE, "tune") if said else []
        redaction_cost.cost(
            "all private", [talk.audio for talk in spoken_pii.talks(few, voices)] if few else [], store, loaded
        )
    if "spoken" in parts and said:
        chosen = sentences(path, given.said, NOT_PRIVATE, given.half)
        heard = given.cache and given.cache / "heard"
        second = second_listener(store)
        spoken_pii.spoken(
            chosen,
            voices,
            spoken_pii.Listeners(
                SpeechFinder.from_store(store),
                Kept(transcriber, f"{given.asr} {'aligned' if settings.align else ''}", heard),
                Kept(Transcriber.from_store(store, settings.for_proof()), f"{given.asr} ", heard),
                Kept(second, "vosk", heard) if second is not None else None,
                PiiFinder.from_store(store, settings),
                presidio_defaults(store),
            ),
            loaded,
        )
    print(f"peak RSS {rss():.0f} MB")


def second_listener(store: Store) -> Transcriber | None:
    """Vosk, if it is installed: it hears what Whisper does not."""
    try:
        return Transcriber.from_store(store, RedactionSettings(asr="vosk", language="en"))
    except ModelError as error:
        print(f"{error}: {error.remedy}")
        return None


if __name__ == "__main__":
    main()

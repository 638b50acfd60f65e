"""The last look: a private word in any file withholds everything; what people agreed to be called may stand."""

import json
from pathlib import Path

import numpy as np
import pytest

from capture import SafeWriter
from capture.media_info import Picture
from discreet.config.settings import Settings
from discreet.results.folder import EXPORTS, TIMELINE
from discreet.results.leak_check import named_after, scan
from discreet.results.report import report_text
from redaction import SurfaceForms
from timeline import Person, Provenance, Recording, Redaction, Timeline, Track, Turn, UnsafeError, Word

FORMS = SurfaceForms([("PERSON", ["Anna", "Okonkwo"]), ("NUMBER", ["1450"]), ("ADDRESS", ["42", "Maple", "Street"])])
USUAL = Settings().model_dump(mode="json")


def document(text: str = "hello", policy: str = "default", name: str = "Anna Okonkwo") -> Timeline:
    return Timeline(
        recording=Recording(duration=2000.0),
        people=[Person(id="p1", name=name, pseudonym="Speaker 1", registered=True)],
        tracks=[Track(id="t1", person="p1", start=0, end=1, boxes=[(0, 1450, 2, 3, 4)], speaking=[(58.0, 0.9)])],
        turns=[Turn(start=1450.0, end=1451.0, person="p1")],
        words=[
            Word(start=1.0, end=2.0, text=text, person="p1"),
            Word(start=2.0, end=3.0, text="[PERSON]", person="p1", redaction="r1"),
        ],
        redactions=[Redaction(id="r1", kind="word", start=2, end=3, operator="beep", entity="PERSON", reason="name")],
        provenance=Provenance(settings={**USUAL, "redaction": {**USUAL["redaction"], "policy_name": policy}}),
    )


def staged(folder: Path, timeline: Timeline) -> Path:
    for name, export in EXPORTS.items():
        (folder / name).parent.mkdir(exist_ok=True, parents=True)
        (folder / name).write_text(export(timeline), encoding="utf-8")
    (folder / TIMELINE).write_text(timeline.to_json(), encoding="utf-8")
    (folder / "report.txt").write_text(report_text(timeline) + "1450 MB\n", encoding="utf-8")
    return folder


def test_a_clean_folder_passes_with_the_names_that_may_be_written(tmp_path: Path) -> None:
    timeline = document()
    scan(staged(tmp_path / "s", timeline), tmp_path / "none", timeline, FORMS, USUAL)
    assert "Anna Okonkwo" in (tmp_path / "s/transcript.vtt").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", ["Okonkwo's", "okonkwo", "1450", "anna-okonkwo"])
def test_a_private_word_in_the_document_withholds_it(tmp_path: Path, word: str) -> None:
    timeline = document(word)
    with pytest.raises(UnsafeError) as caught:
        scan(staged(tmp_path, timeline), tmp_path / "none", timeline, FORMS, USUAL)
    assert word.lower() not in f"{caught.value} {caught.value.remedy}".lower()


@pytest.mark.parametrize(
    "name", ["transcript.vtt", "transcript.srt", "transcript.txt", "turns.rttm", "report.txt", "aavid/label_scores.txt"]
)
def test_a_private_word_in_any_text_withholds_everything(tmp_path: Path, name: str) -> None:
    timeline = document()
    folder = staged(tmp_path, timeline)
    text = (folder / name).read_text(encoding="utf-8")
    leak = {
        ".vtt": "\n00:00:05.000 --> 00:00:06.000\nmaple\nOkonkwo\n",
        ".srt": "\n9\n00:00:05,000 --> 00:00:06,000\nX: Okonkwo\n",
    }
    (folder / name).write_text(text + leak.get(Path(name).suffix, "Mister Okonkwo\n"), encoding="utf-8")
    with pytest.raises(UnsafeError, match=name):
        scan(folder, tmp_path / "none", timeline, FORMS, USUAL)


def test_a_speaker_who_may_not_be_named_is_not(tmp_path: Path) -> None:
    timeline = document()
    folder = staged(tmp_path, timeline)
    with pytest.raises(UnsafeError):
        scan(folder, tmp_path / "none", document(name="Somebody Else"), FORMS, USUAL)


def test_a_settings_text_is_looked_at_unless_it_is_the_programs_own(tmp_path: Path) -> None:
    timeline = document(policy="okonkwo-family")
    with pytest.raises(UnsafeError, match="timeline"):
        scan(staged(tmp_path, timeline), tmp_path / "none", timeline, FORMS, USUAL)
    own = SurfaceForms([("ORGANIZATION", ["yunet"])])
    scan(staged(tmp_path, document()), tmp_path / "none", document(), own, USUAL)


def test_file_names_and_what_is_kept_are_looked_at(tmp_path: Path) -> None:
    timeline = document()
    folder = staged(tmp_path / "s", timeline)
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "words.sealed").write_bytes(b"x")
    scan(folder, tmp_path / "cache", timeline, FORMS, USUAL)
    (tmp_path / "cache" / "words.json").write_bytes(b"x")
    with pytest.raises(UnsafeError, match="not sealed"):
        scan(folder, tmp_path / "cache", timeline, FORMS, USUAL)
    (folder / "okonkwo.txt").write_text("", encoding="utf-8")
    with pytest.raises(UnsafeError, match="private word"):
        scan(folder, tmp_path / "none", timeline, FORMS, USUAL)
    assert named_after(tmp_path / "session-okonkwo-safe", FORMS)
    assert not named_after(tmp_path / "session-safe", FORMS)


def test_a_tag_of_the_recording_is_looked_at(tmp_path: Path) -> None:
    timeline, folder = document(), tmp_path / "s"
    folder.mkdir()
    with SafeWriter(folder / "safe.mp4", Picture(64, 64, 10)) as writer:
        for i in range(5):
            writer.write_frame(i / 10, np.zeros((64, 64, 3), np.uint8))
    scan(folder, tmp_path / "none", timeline, FORMS, USUAL)
    text = b"Session with Okonkwo"
    (folder / "safe.mp4").write_bytes(
        (folder / "safe.mp4").read_bytes() + (8 + len(text)).to_bytes(4, "big") + b"udta" + text
    )
    with pytest.raises(UnsafeError, match=r"safe\.mp4"):
        scan(folder, tmp_path / "none", timeline, FORMS, USUAL)


def test_numbers_of_the_document_are_no_words(tmp_path: Path) -> None:
    timeline = document()
    assert "1450" in json.dumps(json.loads(timeline.to_json())["turns"])
    scan(staged(tmp_path, timeline), tmp_path / "none", timeline, FORMS, USUAL)

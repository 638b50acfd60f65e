"""Stage 3: AAVID's labels for people without a name; the whole of the three stages on a composed meeting (slow)."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, SafeWriter
from capture.media_info import MediaInfo
from discreet.aavid.biometrics import name_speakers, own_voices_gone, with_unknown
from discreet.config import load
from discreet.pipeline import RunContext, comment
from discreet.progress import Quiet
from registered import Registry
from timeline import InputError, Person, Recording, Timeline, Turn, timeline_labeled
from weights import Store

PEOPLE = [
    Person(id="p1", pseudonym="Speaker 1"),
    Person(id="p2", name="Ann Lee", pseudonym="Speaker 2", registered=True),
    Person(id="p3", pseudonym="Speaker 3"),
    Person(id="p4", pseudonym="Speaker 4"),
]


def test_people_without_a_name_are_numbered_by_their_first_words() -> None:
    turns = [Turn(start=2, end=3, person="p1"), Turn(start=0, end=1, person="p3"), Turn(start=1, end=2, person="p2")]
    made = with_unknown(Timeline(recording=Recording(duration=3), people=PEOPLE, turns=turns))
    assert [person.pseudonym for person in made.people] == ["unknown_2", "Speaker 2", "unknown_1", "unknown_3"]
    assert timeline_labeled(made) == "0.000 1.000 unknown_1\n1.000 2.000 Ann_Lee\n2.000 3.000 unknown_2\n"


def test_no_video_is_one_clear_line(tmp_path: Path) -> None:
    context = RunContext.of(load(), Store(), Registry.open(tmp_path / "reg", "file"))
    with pytest.raises(InputError, match=r"holds no video_out\.avi"):
        name_speakers(tmp_path, "video_out.avi", context, Quiet())


def test_a_run_without_the_own_voices_is_told(tmp_path: Path) -> None:
    for name, tag in (("recorded.mp4", comment("ab" * 16)), ("other.mp4", "")):
        info = MediaInfo(tmp_path / name, "mp4", 0.2, True, False, width=64, height=48, fps=25)
        with SafeWriter(tmp_path / name, info, 16000, 1, CaptureSettings(comment=tag)) as writer:
            writer.write_frame(0.0, np.zeros((48, 64, 3), np.uint8))
    assert own_voices_gone(tmp_path / "recorded.mp4")
    assert not own_voices_gone(tmp_path / "other.mp4")
    (tmp_path / "recorded.spool").touch()
    assert not own_voices_gone(tmp_path / "recorded.mp4")


FACES, VOICES = ("yunet", "sface"), ("silero-vad", "segmentation-3.0", "ecapa", "campplus")
WORDS = ("whisper-base", "spacy-en-sm", "kokoro")


@pytest.mark.slow
def test_the_three_stages_name_no_worse_than_process(
    store: Store, needs: Callable[..., None], media: Path, tmp_path: Path
) -> None:
    """From a folder with ``registeredFaces`` and ``voice_samples`` alone, by the commands of AAVID's users."""
    needs(store, *FACES, *VOICES, *WORDS)
    from evaluation.runs.aavid import lines, measure

    figures = measure(tmp_path, "dev_gallery2", 17.0)
    print("\n".join(["", *lines(figures)]))
    assert figures["aavid"].right >= figures["process"].right - 0.02
    assert figures["aavid"].der <= figures["process"].der + 0.02
    assert figures["aavid"].right > 0.8
    assert figures["aavid"].wrong == 0.0

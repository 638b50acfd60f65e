"""The checkers with real models: masked faces and other people's voices pass, bare faces and own voices do not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from capture import CaptureSettings, Picture, SafeWriter, VideoFile
from discreet.config import load
from discreet.share.checks import HiddenPeople, checks_for
from evaluation.data.planted_recordings import own_voice, sound_of
from registered import Answers, Consent, Enrolled
from sharing import Finding
from tests.conftest import MEDIA, Needs
from timeline import Recording, Timeline
from vision import MaskSettings
from weights import Store

PICTURES = 24
SIDE = MaskSettings().side
STYLES = ("mosaic", "solid")


def check(store: Store, path: Path, *people: Enrolled) -> list[Finding]:
    hidden = HiddenPeople(people, frozenset(), frozenset(), lambda timeline: frozenset())
    timeline = Timeline(recording=Recording(duration=9.0, width=320, height=240))
    found: list[Finding] = []
    for checker in checks_for(store, load(None, []), hidden).checkers:
        found += checker(path, path.name, timeline)
    return found


@pytest.fixture(params=STYLES)
def clip(request: pytest.FixtureRequest, tmp_path: Path, store: Store, needs: Needs) -> Path:
    """Two seconds of the demo clip with all faces masked."""
    return masked(store, needs, tmp_path / "safe.mp4", request.param, range(0))


def masked(store: Store, needs: Needs, path: Path, style: str, bare: range) -> Path:
    from vision import DetectSettings, make_detector, masker
    from vision.detection import FaceSearch

    needs(store, "yunet", "centerface", "demo-clip")
    search = FaceSearch(make_detector(store, "yunet"), DetectSettings(keep=0.3))
    draw = masker(MaskSettings(style=style))
    with SafeWriter(path, Picture(320, 240, 12.0), None, 1, CaptureSettings(preset="ultrafast")) as out:
        for n, (t, picture) in enumerate(VideoFile(store.path("demo-clip"))):
            if n == PICTURES:
                break
            if n not in bare:
                x, y, w, h = search.overview(picture).boxes.T
                draw(picture, np.stack([x - SIDE * w, y - SIDE * h, w + 2 * SIDE * w, h + 2 * SIDE * h], axis=1))
            out.write_frame(t, picture)
    return path


def test_masked_faces_pass(clip: Path, store: Store) -> None:
    assert check(store, clip) == []


@pytest.mark.parametrize("first", [0, 7, 19])
def test_a_face_that_is_bare_for_five_pictures_is_found(tmp_path: Path, store: Store, needs: Needs, first: int) -> None:
    found = check(store, masked(store, needs, tmp_path / "safe.mp4", "mosaic", range(first, first + 5)))
    assert found
    assert {finding.kind for finding in found} == {"face"}
    assert all(first / 12 - 0.1 <= float(finding.place.split()[0]) <= first / 12 + 0.2 for finding in found)


@pytest.fixture
def voices(tmp_path: Path, store: Store, needs: Needs) -> tuple[Path, Enrolled, np.ndarray]:
    """Six seconds of one person, somebody else who is enrolled, and three seconds of that somebody."""
    from diarization import DiarizationSettings, make_voiceprint

    needs(store, "ecapa", "campplus", "silero-vad")
    if not MEDIA.is_dir():
        pytest.skip("../shared/media is not there")
    people = MEDIA / "meetings" / "people"
    said = {name: sound_of(people / name / "voice.wav") for name in ("ID4", "ID5")}
    path = tmp_path / "safe.mp4"
    with SafeWriter(path, Picture(64, 48, 5.0), 16000, 1, CaptureSettings(preset="ultrafast")) as out:
        for n in range(30):
            out.write_frame(n / 5, np.zeros((48, 64, 3), np.uint8))
            out.write_audio(said["ID4"][3200 * n : 3200 * (n + 1), None])
    embedder = make_voiceprint(store, DiarizationSettings())
    half = len(said["ID5"]) // 2
    person = Enrolled.new("Bo", Consent.granting(Answers()))
    template = embedder(said["ID5"][:half])[None]
    known = replace(person, voices={embedder.model: template}, quality={embedder.model: np.ones(1, np.float32)})
    return path, known, said["ID5"][half : half + 48000]


def test_three_seconds_of_an_own_voice_are_found_and_other_peoples_voices_pass(
    voices: tuple[Path, Enrolled, np.ndarray], store: Store, needs: Needs
) -> None:
    needs(store, "centerface")
    path, person, said = voices
    assert check(store, path, person) == []
    own_voice(path, said, 1.5)
    (found,) = check(store, path, person)
    assert found.kind == "voice"
    start, end = (float(part.split()[0]) for part in found.place.split(" to "))
    assert (start, end) == (pytest.approx(1.5, abs=1.1), pytest.approx(4.5, abs=1.1))

"""Crops, cepstra, windows and scores."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from capture import AudioFile, VideoFile
from timeline import ArrayAudio, FaceTrack, Segment
from vision import FaceStage, VisionSettings
from vision.active_speaker.base import samples_for
from vision.active_speaker.face_crops import CROP_RATE, FaceCropper, cut_face, cut_square, lower_face
from vision.active_speaker.lip_motion import LipMotion, lip_movement
from vision.active_speaker.mfcc import mfcc
from vision.active_speaker.normalise import normalise_scores, smoothed
from vision.active_speaker.off_screen import off_screen
from vision.active_speaker.stream import AudioBuffer, SpeakingScores
from vision.active_speaker.talknet import TalkNet
from vision.settings import SpeakerSettings

SILENT = ArrayAudio(np.zeros(16000 * 60, np.float32))


def loud(seconds: float, seed: int = 0) -> ArrayAudio:
    return ArrayAudio((np.random.default_rng(seed).normal(size=round(16000 * seconds)) * 0.1).astype(np.float32))


class Ramp:
    """A scorer that tells the mean of each crop, and notes what it was given."""

    id = "ramp"

    def __init__(self) -> None:
        self.lengths: list[int] = []

    def __call__(self, crops: np.ndarray, sound: np.ndarray) -> np.ndarray:
        assert len(sound) == samples_for(len(crops))
        self.lengths.append(len(crops))
        return crops.reshape(len(crops), -1).mean(axis=1) / 255.0


def flat(tick: int) -> np.ndarray:
    return np.full((112, 112), tick % 200, np.uint8)


@given(st.integers(1, 700), st.floats(1, 8), st.floats(0, 2))
@settings(max_examples=20, deadline=None)
def test_every_crop_gets_one_score_whatever_the_windows(count: int, window: float, overlap: float) -> None:
    scorer = Ramp()
    scores = SpeakingScores(scorer, loud(40), SpeakerSettings(window=window, overlap=overlap))
    for tick in range(count):
        scores.add(1, [(tick, flat(tick))])
    times, values, _ = scores.finish(1)
    assert np.allclose(times, np.arange(count) / CROP_RATE)
    assert np.allclose(values, [(t % 200) / 255 for t in range(count)], atol=1e-6)
    assert max(scorer.lengths) <= round(window * CROP_RATE)


def test_a_gap_in_the_crops_is_a_gap_in_the_scores() -> None:
    scores = SpeakingScores(Ramp(), loud(10), SpeakerSettings())
    scores.add(1, [(t, flat(t)) for t in [*range(10, 30), *range(60, 80)]])
    times, *_ = scores.finish(1)
    assert np.round(times * CROP_RATE).astype(int).tolist() == [*range(10, 30), *range(60, 80)]


def test_nobody_speaks_in_silence() -> None:
    scorer = Ramp()
    scores = SpeakingScores(scorer, SILENT, SpeakerSettings())
    scores.add(1, [(t, flat(150)) for t in range(100)])
    assert (scores.finish(1)[1] == 0).all()
    assert scorer.lengths == []


def test_the_tape_gives_the_same_samples_as_the_sound_and_silence_beyond() -> None:
    audio = loud(30)
    tape = AudioBuffer(audio, keep=8.0)
    for start in (0, 16000 * 5, 16000 * 3, 16000 * 20, 16000 * 15, 16000 * 29):
        want = np.zeros(32000, np.float32)
        part = audio.samples[start : start + 32000]
        want[: len(part)] = part
        assert np.array_equal(tape.read(start, 32000), want)
    assert len(tape._buffer) <= 16000 * 11


def test_synchrony_comes_with_the_scores_and_fades_as_they_do() -> None:
    def half(crops, sound):
        return np.full(len(crops), 0.5)

    rules = SpeakerSettings(window=2, overlap=0.5)
    scores = SpeakingScores(half, ArrayAudio(np.full(16000 * 8, 0.1, np.float32)), rules, half)
    scores.add(1, [(tick, np.zeros((112, 112), np.uint8)) for tick in range(150)])
    times, values, synchrony = scores.finish(1)
    assert len(times) == len(values) == len(synchrony) == 150
    assert synchrony == pytest.approx(0.5)


def test_sound_at_another_rate_is_refused() -> None:
    with pytest.raises(ValueError, match="16000"):
        AudioBuffer(ArrayAudio(np.zeros(10, np.float32), 8000), 1.0)


@pytest.mark.parametrize("fps", [10.0, 12.0, 24.0, 25.0, 29.97, 50.0, 60.0])
def test_crops_come_at_25_a_second_from_any_frame_rate(fps: float) -> None:
    line = FaceCropper((320, 240))
    ticks: list[int] = []
    for i in range(int(4 * fps)):
        line.push(i / fps, np.full((240, 320, 3), 80, np.uint8))
        if i % 3 == 0:
            line.see(1, i / fps, np.array([100, 80, 60, 80], np.float32))
            ticks += [tick for tick, _ in line.crops(1)]
    ticks += [tick for tick, _ in line.crops(1, final=True)]
    assert ticks == list(range(ticks[0], ticks[-1] + 1))
    assert ticks[0] <= 1
    assert ticks[-1] >= 4 * CROP_RATE - 3 * CROP_RATE / fps - 3


def test_a_crop_is_the_square_below_the_middle_of_the_box() -> None:
    grey = np.zeros((400, 400), np.uint8)
    grey[200:, :] = 200
    crop = cut_face(grey, np.array([100.0, 100.0, 100.0, 100.0]))
    edge = int(np.argmax(crop[:, 56] > 100))
    assert edge == pytest.approx((200 - (150 + 0.4 * 50 - 0.7 * 50)) * 112 / (1.4 * 50), abs=1.5)


def landmarks(tilt: float, middle: tuple[float, float] = (200, 200)) -> np.ndarray:
    """Of a face with 40 px from eyes to mouth, tilted clockwise by ``tilt`` degrees."""
    points = np.array([[-20, -20], [20, -20], [0, 0], [-15, 20], [15, 20]], float)
    cos, sin = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    return points @ np.array([[cos, sin], [-sin, cos]]) + middle


@pytest.mark.parametrize("tilt", [-150, -25, 10, 40, 90])
def test_the_crop_of_a_tilted_face_is_that_of_the_upright_one(tilt: int) -> None:
    upright = cv2.resize(np.random.default_rng(0).integers(0, 255, (12, 12), np.uint8), (400, 400))
    turn = cv2.getRotationMatrix2D((200, 200), -tilt, 1)  # OpenCV counts anticlockwise
    crop = cut_square(cv2.warpAffine(upright, turn, (400, 400)), lower_face(landmarks(tilt)))
    assert np.abs(crop.astype(float) - cut_square(upright, lower_face(landmarks(0)))).mean() < 3


@pytest.mark.parametrize("tilts", [(30,), (179, -179)])
def test_crops_turn_with_the_face(tilts: tuple[int, ...]) -> None:
    """Also beyond half a turn: 179 and -179 degrees are neighbours."""
    scene = cv2.resize(np.random.default_rng(0).integers(0, 255, (12, 12, 3), np.uint8), (400, 400))
    line, got = FaceCropper((400, 400)), []
    for i in range(20):
        line.push(i / 25, scene)
        line.see(1, i / 25, np.array([145, 145, 110, 110], np.float32))
        line.align(1, i / 25, landmarks(tilts[i % len(tilts)]))
        got += [crop for _, crop in line.crops(1)]
    mean = 30 if len(tilts) == 1 else 180
    want = cut_square(cv2.cvtColor(scene, cv2.COLOR_BGR2GRAY), lower_face(landmarks(mean)))
    assert np.abs(got[-1][1].astype(float) - want).mean() < 3


def test_landmarks_of_a_track_that_was_not_seen_change_nothing() -> None:
    line = FaceCropper((64, 48))
    line.align(1, 0.0, landmarks(20))
    line.push(0.0, np.full((48, 64, 3), 80, np.uint8))
    assert list(line.crops(1, final=True)) == []


def test_beyond_the_picture_a_crop_is_mid_grey() -> None:
    assert (cut_face(np.zeros((100, 100), np.uint8), np.array([500.0, 500.0, 50.0, 50.0])) == 110).all()


def test_cepstra_of_silence_and_their_shape() -> None:
    rows = mfcc(np.zeros(16000, np.float32), 100)
    assert rows.shape == (100, 13)
    assert np.isfinite(rows).all()


def test_cepstra_follow_the_published_formula() -> None:
    """One frame worked out the long way.

    Pre-emphasis, |FFT|^2 / 512, triangles, log, DCT-II, lifter, log energy first.
    """
    samples = (np.random.default_rng(3).normal(size=400) * 0.05).astype(np.float32)
    x = samples.astype(np.float64) * 32768
    x = np.concatenate([[x[0]], x[1:] - 0.97 * x[:-1]])
    power = np.abs(np.fft.rfft(x, 512)) ** 2 / 512
    points = 700 * (10 ** (np.linspace(0, 2595 * np.log10(1 + 8000 / 700), 28) / 2595) - 1)
    bins = np.floor(513 * points / 16000)
    energies = []
    for m in range(26):
        weights = np.zeros(257)
        for k in range(int(bins[m]), int(bins[m + 1])):
            weights[k] = (k - bins[m]) / (bins[m + 1] - bins[m])
        for k in range(int(bins[m + 1]), int(bins[m + 2])):
            weights[k] = (bins[m + 2] - k) / (bins[m + 2] - bins[m + 1])
        energies.append(max(float(weights @ power), 2.2e-16))
    logs = np.log(energies)
    want = [
        np.sqrt((1 if k == 0 else 2) / 26) * sum(logs[n] * np.cos(np.pi * k * (2 * n + 1) / 52) for n in range(26))
        for k in range(13)
    ]
    want = [w * (1 + 11 * np.sin(np.pi * k / 22)) for k, w in enumerate(want)]
    want[0] = np.log(power.sum())
    assert np.allclose(mfcc(samples, 1)[0], want, rtol=1e-4, atol=1e-3)


def face(scores: np.ndarray, id: str) -> FaceTrack:
    times = np.arange(len(scores)) / CROP_RATE
    boxes = np.tile(np.array([0, 0, 10, 10], np.float32), (len(times), 1))
    return FaceTrack(id, times, boxes, speaking_times=times, speaking=scores)


def test_a_face_loses_to_one_that_fits_the_voice_better() -> None:
    alone = normalise_scores([face(np.full(50, 0.6), "t1")], SpeakerSettings())[0].speaking
    first, second = normalise_scores([face(np.full(50, 0.6), "t1"), face(np.full(50, 0.99), "t2")], SpeakerSettings())
    assert (first.speaking < alone).all()
    assert (second.speaking > first.speaking).all()


def test_a_silent_listener_takes_nothing() -> None:
    alone = normalise_scores([face(np.full(50, 0.8), "t1")], SpeakerSettings())[0].speaking
    beside, _ = normalise_scores([face(np.full(50, 0.8), "t1"), face(np.full(50, 0.01), "t2")], SpeakerSettings())
    assert np.allclose(beside.speaking, alone)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40))
def test_probabilities_stay_probabilities(scores: list[float]) -> None:
    tracks = normalise_scores([face(np.asarray(scores), "t1"), face(np.asarray(scores[::-1]), "t2")], SpeakerSettings())
    for track in tracks:
        assert ((track.speaking > 0) & (track.speaking < 1)).all()
        assert len(track.speaking) == len(scores)


@given(st.lists(st.integers(1, 30), min_size=1, max_size=4), st.floats(0.05, 2.0))
@settings(max_examples=25, deadline=None)
def test_scores_are_averaged_with_neighbours_and_never_across_a_gap(runs: list[int], seconds: float) -> None:
    ticks = np.concatenate([np.arange(n) + 100 * i for i, n in enumerate(runs)])
    values = np.repeat(np.arange(len(runs), dtype=float), runs)
    assert np.allclose(smoothed(values, ticks, seconds), values), "each run is even, so it stays as it is"
    wiggle = np.resize([1.0, -1.0], 200)
    assert np.ptp(smoothed(wiggle, np.arange(200), seconds)[50:150]) < 2.0


def mouthing(open_with: np.ndarray, seed: int) -> np.ndarray:
    """Crops of a drawn face whose mouth is open as far as ``open_with`` 0..1 says."""
    rng = np.random.default_rng(seed)
    base = rng.normal(120, 10, (112, 112))
    out = []
    for value in open_with:
        crop = base + rng.normal(0, 1, base.shape)
        height = int(2 + 16 * value)
        crop[72 - height // 2 : 72 + height // 2 + 1, 38:74] = 30
        out.append(np.clip(crop, 0, 255).astype(np.uint8))
    return np.stack(out)


def test_without_weights_a_mouth_that_moves_with_the_voice_scores_above_one_that_rests() -> None:
    rng = np.random.default_rng(1)
    level = np.clip(np.repeat(rng.random(40), 4) * (np.arange(160) % 60 < 40), 0, 1)
    sound = (np.repeat(level, 640) * rng.normal(0, 0.2, 160 * 640)).astype(np.float32)
    sound = np.concatenate([sound, np.zeros(240, np.float32)])
    talks = LipMotion()(mouthing(level, 2), sound)
    rests = LipMotion()(mouthing(np.full(160, 0.1), 3), sound)
    voiced = level > 0.3
    assert talks[voiced].mean() > rests[voiced].mean() + 0.2
    assert talks[level == 0].mean() < talks[voiced].mean()


def test_lr_asd_takes_any_length(store, needs) -> None:
    needs(store, "lr-asd")
    scorer = TalkNet(store.session("lr-asd"))
    for count in (1, 7, 40):
        crops = np.random.default_rng(0).integers(0, 255, (count, 112, 112), dtype=np.uint8)
        out = scorer(crops, loud(3).samples[: samples_for(count)])
        assert out.shape == (count,)
        assert ((out >= 0) & (out <= 1)).all()


def test_a_head_that_sways_and_jumps_moves_no_lips() -> None:
    """What moves all of the face says nothing, however much it is; a mouth that moves in it does."""
    rng = np.random.default_rng(5)
    sway = np.cumsum(rng.normal(0, 0.7, (80, 2)), axis=0)
    sway[40:] += 9.0

    def seen(opening: np.ndarray) -> np.ndarray:
        faces = [cv2.GaussianBlur(face, (0, 0), 2.0) for face in mouthing(opening, 4)]
        moved = [np.float32([[1, 0, x], [0, 1, y]]) for x, y in sway]
        edge = cv2.BORDER_REFLECT
        return np.stack([cv2.warpAffine(f, m, (112, 112), borderMode=edge) for f, m in zip(faces, moved, strict=True)])

    still, talking = lip_movement(seen(np.full(80, 0.3))), lip_movement(seen(rng.random(80).round(1)))
    assert np.median(talking) > np.median(still) + 0.3
    assert abs(float(np.median(still))) < 0.3


def test_too_few_pictures_say_nothing_about_the_lips() -> None:
    for count in (1, 2, 3):
        crops = np.zeros((count, 112, 112), np.uint8)
        assert (lip_movement(crops) == 0).all()
        assert LipMotion()(crops, np.zeros(samples_for(count), np.float32)).shape == (count,)


def test_a_long_track_is_scored_in_constant_memory() -> None:
    """Ten minutes: what waits is a window of crops and a few seconds of sound, whatever went before."""
    rules = SpeakerSettings()
    scores = SpeakingScores(Ramp(), loud(600), rules)
    crop, waiting, tape = flat(7), 0, 0
    for tick in range(600 * CROP_RATE):
        scores.add(1, [(tick, crop)])
        waiting = max(waiting, len(scores._lines[1].crops))
        tape = max(tape, len(scores._tape._buffer))
    assert waiting <= 2 * round(rules.window * CROP_RATE)
    assert tape <= 16000 * (3 * rules.window + 12)
    assert len(scores.finish(1)[0]) == 600 * CROP_RATE


@given(st.lists(st.floats(0.008, 0.13), min_size=30, max_size=60), st.floats(0, 2))
@settings(max_examples=15, deadline=None)
def test_at_a_varying_frame_rate_every_tick_has_the_picture_nearest_to_it(steps: list[float], start: float) -> None:
    """Pictures are told by their grey value."""
    times = start + np.cumsum(steps)
    line, got = FaceCropper((64, 48)), {}
    for i, t in enumerate(times):
        line.push(float(t), np.full((48, 64, 3), 4 * i, np.uint8))
        line.see(1, float(t), np.array([12, 8, 30, 30], np.float32))
        got |= dict(line.crops(1))
    got |= dict(line.crops(1, final=True))
    assert sorted(got) == list(range(min(got), max(got) + 1))
    for tick, crop in got.items():
        shown = times[round(float(crop[:, 30:80, 30:80].mean()) / 4)]
        assert abs(shown - tick / CROP_RATE) <= np.abs(times - tick / CROP_RATE).min() + 0.5 / CROP_RATE


@pytest.mark.models
@pytest.mark.parametrize("scorer", ["lips", "lr-asd"])
def test_on_the_demo_clip_the_talker_speaks_and_the_listener_does_not(store, needs, scorer: str) -> None:
    """12 pictures a second. With the listener alone, the sound is another's: of somebody who is not on screen."""
    needs(store, "demo-clip", "yunet", "sface", *([scorer] if scorer != "lips" else []))
    path = next(store.path("demo-clip").parent.glob("*.mp4"))
    sound = AudioFile(path, 16000)
    stage = FaceStage.from_store(store, VisionSettings(speaker=SpeakerSettings(scorer=scorer)), None, {})
    tracks = stage.run(VideoFile(path), (320, 240), 12.0, sound)
    listener, talker = sorted(tracks, key=lambda track: float(track.boxes[:, 0].mean()))
    assert float(np.median(talker.speaking)) > 0.7
    assert float((listener.speaking > 0.5).mean()) < 0.05
    voice = [Segment(0.5, 8.0)]
    heard, seen = ((track.speaking_times, track.speaking) for track in (talker, listener))
    assert float(np.mean(off_screen([seen], voice)[1])) > 0.9
    assert float(np.mean(off_screen([seen, heard], voice)[1])) < 0.4

"""The live diarizer: every moment decided in time, the same voice the same label, and no name without consent."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.lib.stride_tricks import sliding_window_view

from diarization import DiarizationSettings, EnrolledPerson, VoiceEmbedder
from diarization.clustering.segmentation import FIELD, HOP, SAMPLE_RATE, Segmenter
from diarization.live.clustering import LATENCY, LiveDiarizer
from diarization.live.settings import AHEAD, LISTEN_STEP, MOST_SPEAKERS

PITCH = 200
"""Hz between two people, who hum one note each: person k hums (k + 1) * PITCH."""


@dataclass(frozen=True)
class Answers:
    seen: bool = False
    heard: bool = False
    quoted: bool = True
    named: bool = True


def hum(talk, seconds):
    """Sound of ``(start, end, who)``."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    out = np.zeros(len(t), np.float32)
    for start, end, who in talk:
        out += 0.3 * np.sin(2 * np.pi * PITCH * (who + 1) * t) * ((t >= start) & (t < end))
    return out.astype(np.float32)


TONES = np.exp(2j * np.pi * PITCH * np.outer(np.arange(FIELD), np.arange(1, 25)) / SAMPLE_RATE).astype(np.complex64)


def notes(rows):
    """How loud each note is hummed in ``rows [n, FIELD]``, ``[n, 24]``; 1 is full."""
    return np.abs(rows @ TONES) / (0.3 * FIELD / 2)


class Ears:
    """Segments perfectly, numbering whom it hears anew in every window, as the real model does."""

    def __init__(self):
        self.calls = 0

    def __call__(self, windows):
        self.calls += 1
        (window,) = windows
        heard = notes(sliding_window_view(window, FIELD)[::HOP]) > 0.5
        frames = len(heard)
        local = np.flatnonzero(heard.any(axis=0))[::-1][:3]
        out = np.zeros((1, frames, 7), np.float32)
        for i in range(frames):
            who = [k for k, note in enumerate(local) if heard[i, note]]
            out[0, i, {(): 0, (0,): 1, (1,): 2, (2,): 3, (0, 1): 4, (0, 2): 5, (1, 2): 6}[tuple(who[:2])]] = 1
        return out


class Voices:
    """An embedding that is the note hummed."""

    def pieces(self, pieces):
        rows = np.stack([notes(piece[None, :FIELD])[0] for piece in pieces])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class Gallery:
    model, ids = "v", ("e", "f")

    def similarity(self, embedding):
        return np.array([embedding[0], embedding[1]], np.float32)


PEOPLE = {"e": EnrolledPerson("Eva", Answers()), "f": EnrolledPerson("Finn", Answers(named=False))}
TALK = [(0, 4, 0), (4, 8, 1), (8, 12, 0), (13, 17, 1), (20, 24, 2), (24, 28, 0)]


def live(**more):
    return LiveDiarizer(Ears(), Voices(), **more)


def test_everything_is_decided_within_the_declared_latency():
    assert LATENCY <= 1.0
    diarizer, fed, until = live(), 0.0, 0.0
    for block in np.array_split(hum(TALK, 30), 1500):
        fed += len(block) / SAMPLE_RATE
        for now in diarizer.push(block):
            assert now.start == pytest.approx(until)
            until = now.end
        assert fed - until <= LATENCY + 1e-6


def test_the_same_voice_has_the_same_label_and_another_voice_another():
    found = live().push(hum(TALK, 30))
    for start, end, who in TALK:
        labels = {now.speakers for now in found if now.start >= start + 2 and now.end <= end - 0.5}
        assert labels == {(f"Speaker {who + 1}",)}
    assert all(now.speakers == () for now in found if now.start >= 17.5 and now.end <= 19.5)


def test_two_at_once_are_both_told():
    talk = [(0, 4, 0), (4, 8, 1), (8, 12, 0), (8, 12, 1)]
    found = live().push(hum(talk, 12))
    assert any(set(now.speakers) == {"Speaker 1", "Speaker 2"} for now in found if now.start > 8)


def test_only_who_agreed_is_named():
    found = live(gallery=Gallery(), people=PEOPLE).push(hum(TALK, 30))
    labels = {label for now in found for label in now.speakers}
    assert "Eva" in labels
    assert "Finn" not in labels
    assert "Speaker 2" in labels


def test_a_template_of_somebody_who_is_not_enrolled_any_more_names_nobody():
    found = live(gallery=Gallery(), people={}).push(hum(TALK, 30))
    assert not {"Eva", "Finn"} & {label for now in found for label in now.speakers}


def test_silence_costs_nothing():
    diarizer = live()
    found = diarizer.push(np.zeros(20 * SAMPLE_RATE, np.float32))
    assert diarizer._segmenter.calls == 0
    assert all(now.speakers == () for now in found)


@settings(max_examples=5, deadline=None)
@given(st.lists(st.integers(1, 30000), min_size=1, max_size=12))
def test_how_the_sound_is_cut_does_not_matter(cuts):
    sound = hum(TALK[:3], 7)
    edges = np.unique(np.clip(np.cumsum(cuts), 0, len(sound)))
    diarizer = live()
    assert [now for part in np.split(sound, edges) for now in diarizer.push(part)] == live().push(sound)


def test_memory_does_not_grow_with_voices_or_time():
    diarizer = live()
    talk = [(2 * k, 2 * k + 2, k % 24) for k in range(26)]
    for block in np.array_split(hum(talk, 52), 52):
        diarizer.push(block)
    assert len(diarizer._voices) <= MOST_SPEAKERS
    assert diarizer._held.nbytes + diarizer._new.nbytes + diarizer._memory.active.nbytes < 1_000_000


def test_a_real_meeting_is_told_apart_while_it_goes_on(store, needs, media):
    """With the real models and two people; the bench has the error rates."""
    from capture import AudioFile

    needs(store, "segmentation-3.0", "campplus", "silero-vad")
    embedder = VoiceEmbedder.from_store(store, DiarizationSettings(voiceprint="campplus"))
    diarizer = LiveDiarizer(Segmenter(store.session("segmentation-3.0", 1)), embedder)
    sound = np.concatenate(list(AudioFile(media / "meetings" / "dev_gallery2.mp4").blocks()))[: 16 * SAMPLE_RATE]
    found = diarizer.push(sound)
    assert {label for now in found for label in now.speakers} - {""} == {"Speaker 1", "Speaker 2"}
    assert found[-1].end == pytest.approx(16 - AHEAD, abs=LISTEN_STEP)

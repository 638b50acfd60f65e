"""Live Sortformer: every moment decided once, a number is a person as long as the voice is, no name without consent."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from diarization import EnrolledPerson
from diarization.live.sortformer import LiveSortformer
from diarization.sortformer.network import CHUNKINGS, SAMPLE_RATE, STEP, CachedCore, SortformerStream

FRAME = round(STEP * SAMPLE_RATE)
TALK = [(0, 4, 0), (4, 8, 1), (8, 12, 0), (13, 17, 1), (20, 24, 2), (24, 28, 0)]


@dataclass(frozen=True)
class Answers:
    seen: bool = False
    heard: bool = False
    quoted: bool = True
    named: bool = True


def hum(talk, seconds):
    """Sound of ``(start, end, who)``: person k hums (k + 1) * 200 Hz."""
    t = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    out = np.zeros(len(t), np.float32)
    for start, end, who in talk:
        out += 0.3 * np.sin(2 * np.pi * 200 * (who + 1) * t) * ((t >= start) & (t < end))
    return out.astype(np.float32)


def notes(samples):
    """How loud each of 24 notes is hummed in ``samples [n]``; 1 is full."""
    t = np.arange(len(samples)) / SAMPLE_RATE
    tones = np.exp(2j * np.pi * 200 * np.outer(t, np.arange(1, 25)))
    return np.abs(samples @ tones) / (0.15 * max(1, len(samples)))


class Network:
    """Hears perfectly and has four slots: the fifth person is taken for the first."""

    chunking, latency = CHUNKINGS["low"], CHUNKINGS["low"].latency

    def __init__(self):
        self.held = np.zeros(0, np.float32)

    def push(self, samples):
        self.held = np.concatenate([self.held, samples])
        out = [np.zeros((0, 4), np.float32)]
        chunk, ahead = self.chunking.chunk, self.chunking.right
        while len(self.held) >= (chunk + ahead) * FRAME:
            rows = self.held[: chunk * FRAME].reshape(chunk, FRAME)
            heard = np.stack([notes(row) for row in rows]) > 0.5
            out.append(np.stack([heard[:, slot::4].any(axis=1) for slot in range(4)], axis=1).astype(np.float32))
            self.held = self.held[chunk * FRAME :]
        return np.concatenate(out)


class Voices:
    """An embedding that is the note hummed."""

    def pieces(self, pieces):
        rows = np.stack([notes(piece) for piece in pieces])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class Gallery:
    model, ids = "v", ("e", "f")

    def similarity(self, embedding):
        return np.array([embedding[0], embedding[1]], np.float32)


PEOPLE = {"e": EnrolledPerson("Eva", Answers()), "f": EnrolledPerson("Finn", Answers(named=False))}


def live(**more):
    return LiveSortformer(Network(), Voices(), **more)


def shown(found, start, end):
    return {now.speakers for now in found if now.start >= start and now.end <= end}


def test_every_moment_is_decided_once_within_the_declared_latency():
    diarizer, fed, until = live(), 0.0, 0.0
    for block in np.array_split(hum(TALK, 30), 900):
        fed += len(block) / SAMPLE_RATE
        for now in diarizer.push(block):
            assert now.start == pytest.approx(until)
            until = now.end
        assert fed - until <= diarizer.latency + 1e-6
    assert diarizer.latency == pytest.approx(1.04)


def test_people_are_numbered_as_they_first_talk_and_keep_their_number():
    found = live().push(hum(TALK, 30))
    for start, end, who in TALK:
        assert shown(found, start + 0.5, end - 0.5) == {(f"Speaker {who + 1}",)}
    assert shown(found, 17.5, 19.5) == {()}
    both = live().push(hum([(0, 4, 0), (2, 4, 1)], 6))
    assert {frozenset(labels) for labels in shown(both, 2.5, 3.6)} == {frozenset({"Speaker 1", "Speaker 2"})}


def test_only_who_agreed_is_named():
    found = live(gallery=Gallery(), people=PEOPLE).push(hum([(0, 12, 0), (12, 24, 1)], 26))
    assert shown(found, 10, 11.5) == {("Eva",)}
    assert shown(found, 22, 23.5) == {("Speaker 2",)}
    assert not {"Eva", "Finn"} & {n for now in live(gallery=Gallery()).push(hum(TALK, 30)) for n in now.speakers}


def test_a_fifth_person_who_is_given_somebodys_number_is_not_called_by_their_name():
    talk = [(0, 12, 0), (12, 24, 4), (24, 36, 0)]
    found = live(gallery=Gallery(), people=PEOPLE).push(hum(talk, 37))
    assert shown(found, 10, 11.5) == {("Eva",)}
    assert shown(found, 14, 23.5) == {("",)}, "somebody, not Eva"
    assert shown(found, 26, 35.5) == {("Eva",)}, "her own voice again"


def test_how_the_sound_is_cut_does_not_matter_and_memory_does_not_grow():
    sound, whole = hum(TALK, 30), live()
    once = whole.push(sound)
    diarizer = live()
    edges = np.sort(np.random.default_rng(1).integers(0, len(sound), 40))
    assert [now for part in np.split(sound, edges) for now in diarizer.push(part)] == once
    diarizer.push(sound)
    assert len(diarizer._held) <= 8 * SAMPLE_RATE
    assert len(diarizer._alone) <= 76


def test_the_networks_own_stream_drives_it():
    halves = SimpleNamespace(
        bands=128,
        width=6,
        front=lambda features: np.zeros((-(-len(features) // 8), 6), np.float32),
        head=lambda embeddings: np.tile(np.float32([0.9, 0.1, 0.1, 0.1]), (len(embeddings), 1)),
    )
    chunking = CHUNKINGS["lowest"]
    diarizer = LiveSortformer(SortformerStream(CachedCore(halves, chunking.rules), chunking), Voices())
    found = diarizer.push(hum([(0, 6, 0)], 6))
    assert {now.speakers for now in found} == {("Speaker 1",)}
    assert found[-1].end >= 6 - diarizer.latency - 0.04

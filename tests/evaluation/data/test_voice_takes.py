"""Takes of voices: embedded once, read again from the file, cut by source."""

from pathlib import Path

import numpy as np
import pytest

from evaluation.data import voice_takes
from evaluation.data.media import RATE
from timeline import FloatArray
from weights import Store


class LengthsAndLevels:
    """An embedder that embeds the level of a piece."""

    def pieces(self, pieces: list[FloatArray]) -> FloatArray:
        return np.array([[1.0, float(np.abs(piece).max())] for piece in pieces], np.float32)


def test_takes_are_read_back_as_they_were_kept(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    sound = np.sin(np.arange(4 * RATE) / 20).astype(np.float32)
    monkeypatch.setattr(voice_takes, "clips", lambda store: iter([("a", "read", "1", sound)]))
    monkeypatch.setattr(voice_takes, "alone", lambda store: iter([("b", "meeting", "m", sound[:RATE])]))
    store, embedder = Store(tmp_path), LengthsAndLevels()
    made = voice_takes.takes(store, embedder, tmp_path / "takes.npz")  # type: ignore[arg-type]
    kept = voice_takes.takes(store, embedder, tmp_path / "takes.npz")  # type: ignore[arg-type]
    np.testing.assert_array_equal(made.vectors, kept.vectors)
    assert kept.person.tolist() == ["a"] * 2 * len(voice_takes.CHANNELS) + ["b"]
    meeting = kept.where(kept.source == "meeting")
    assert meeting.channel.tolist() == ["as recorded"]
    assert len(meeting.vectors) == 1


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    sound = np.sin(np.arange(8 * RATE) / 20).astype(np.float32)
    monkeypatch.setattr(voice_takes, "clips", lambda store: iter([("a", "read", "1", sound)]))
    monkeypatch.setattr(voice_takes, "alone", lambda store: iter([]))
    monkeypatch.setattr(voice_takes, "_BLOCK", 3)

    class Stops(LengthsAndLevels):
        calls = 0

        def pieces(self, pieces: list[FloatArray]) -> FloatArray:
            self.calls += 1
            if self.calls == 3:
                raise KeyboardInterrupt
            return super().pieces(pieces)

    path, whole = tmp_path / "takes.npz", LengthsAndLevels()
    with pytest.raises(KeyboardInterrupt):
        voice_takes.takes(Store(tmp_path), Stops(), path)  # type: ignore[arg-type]
    again = Stops()
    again.calls = -100
    resumed = voice_takes.takes(Store(tmp_path), again, path)  # type: ignore[arg-type]
    at_once = voice_takes.takes(Store(tmp_path), whole)  # type: ignore[arg-type]
    np.testing.assert_array_equal(resumed.vectors, at_once.vectors)
    assert again.calls == -100 + -(-(len(at_once.vectors) - 6) // 3)
    assert [file.name for file in tmp_path.iterdir()] == ["takes.npz"]

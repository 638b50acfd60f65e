"""Takes of voices: embedded once, read again from the file, cut by source."""

from pathlib import Path

import numpy as np

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

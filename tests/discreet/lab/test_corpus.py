"""A corpus of recordings on disk, made by the models of the store."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from discreet.lab.corpus import Source, make_corpus
from timeline import InputError
from voice.neural.corpus import features_path, load
from voice.neural.features import load_centres, units_of


@pytest.mark.slow
@pytest.mark.models
def test_recordings_become_features_units_and_a_noisy_second_take(tmp_path: Path, store, needs, media: Path) -> None:
    needs(store, "whisper-base")
    for name in ("p225", "p226"):
        (tmp_path / "own" / name).mkdir(parents=True)
        parts = [soundfile.read(path) for path in sorted(media.glob(f"voices/vctk_{name}/*.flac"))[:2]]
        sound = np.concatenate([part for part, _ in parts])[:64000]  # more states than there are units
        soundfile.write(tmp_path / "own" / name / "1.wav", sound, parts[0][1])
    lines: list[str] = []
    sources = [Source("folders", tmp_path / "own")]
    rows = make_corpus(tmp_path / "corpus", sources, None, store, lines.append, noisy=True)
    clean = [row for row in rows if "~" not in row.id]
    assert [row.speaker for row in clean] == ["p225", "p226"]
    assert {row.id.partition("~")[0] for row in rows if "~" in row.id} == {r.id for r in clean if r.split == "train"}
    found = load(features_path(tmp_path / "corpus", clean[0]))
    units = units_of(found.content, load_centres(tmp_path / "corpus" / "units.npz"))
    assert len(np.unique(units)) > 10
    assert make_corpus(tmp_path / "corpus", sources, None, store) == rows, "a second run changes nothing"


@pytest.mark.models
def test_nothing_is_no_corpus(tmp_path: Path, store, needs) -> None:
    needs(store, "whisper-base")
    with pytest.raises(InputError, match="nothing to make a corpus of"):
        make_corpus(tmp_path, [], None, store)

"""Real voices attacked with real models: what is not hidden is found, and the report says what it rests on."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import pytest

from discreet.voice_evaluation import Options, Sounds, evaluate, lines, page, read_corpus
from weights import Store


@pytest.fixture(scope="module")
def store() -> Store:
    found = Store()
    if not found.has("ecapa"):
        pytest.skip("ecapa is not in the store")
    return found


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Embeddings that several tests need."""
    return tmp_path_factory.mktemp("kept")


QUICK = Options(quality=False, check=False, rounds=50)


def test_voices_that_were_not_converted_are_found(real_corpus: Path, store: Store, kept: Path) -> None:
    corpus = read_corpus(real_corpus / "originals", real_corpus / "originals")
    report = evaluate(corpus, store, Sounds(store, kept), QUICK)
    ignorant = report.attacks["ecapa ignorant"]
    assert ignorant.eer.value < 0.05
    assert ignorant.identified > 0.9
    assert report.attacks[report.strongest].eer.value <= ignorant.eer.value
    assert "ecapa lazy" not in report.attacks
    assert any("one key only" in note for note in report.notes)


def test_a_report_says_who_learned_from_what_and_fits_json_and_page(
    real_corpus: Path, store: Store, kept: Path
) -> None:
    corpus = read_corpus(real_corpus / "originals", real_corpus / "converted")
    sounds = Sounds(store, kept)
    report = evaluate(corpus, store, sounds, QUICK)
    assert {"ecapa ignorant", "ecapa lazy", "ecapa semi-informed, WCCN", "prosody"} <= report.attacks.keys()
    assert report.learned == (3, 2)
    assert any("learned from 3 speakers under 2 keys" in note for note in report.notes)
    assert report.attacks["ecapa lazy"].eer.value < 0.35, "McAdams' coefficient does not hide a voice from that"
    document = json.loads(json.dumps(report.document()))
    assert document["attacks"][report.strongest]["eer"]["value"] == report.attacks[report.strongest].eer.value
    said = "\n".join(lines(report))
    assert report.strongest in said
    made = page({"<b>": report})
    assert "&lt;b&gt;" in made
    assert "http" not in made.replace("http://www.w3.org/2000/svg", "")
    assert made.count("<polyline") == len(report.attacks)
    assert sorted(kept.rglob("*.npy"))
    again = evaluate(corpus, store, sounds, QUICK)
    assert again == report, "what was kept gives the same"


@pytest.mark.slow
def test_the_attacker_is_checked_and_a_bad_one_is_called_so(
    real_corpus: Path, store: Store, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = importlib.import_module("discreet.voice_evaluation.evaluate")

    monkeypatch.setattr(module, "CHECKED_KEYS", 2)
    monkeypatch.setattr(module, "SECOND", module.FIRST)
    monkeypatch.setattr(module, "BREAKS", -1.0)
    corpus = read_corpus(real_corpus / "originals", real_corpus / "converted")
    report = module.evaluate(corpus, store, Sounds(store, kept), Options(quality=False, rounds=50))
    assert report.check is not None
    assert report.check.trials == 2 * len(corpus.originals)
    assert report.check.eer.value < 0.5
    assert any("BADLY TRAINED" in note for note in report.notes)

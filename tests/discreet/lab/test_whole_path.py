"""From nothing to a choice: data, pretrain, finetune, compress, compare, select, each by its command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import soundfile
from typer.testing import CliRunner

from discreet.cli.app import app
from timeline import ExitCode

ARCHITECTURES = ("baseline", "fastspeech-vae", "hifigan", "codec-lm")


def lab(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["lab", *map(str, arguments)])
    return done.exit_code, done.output


def done(*arguments: object) -> dict:
    code, said = lab(*arguments, "--json")
    assert code == 0, said
    return json.loads(said.strip().splitlines()[-1])


@pytest.mark.slow
@pytest.mark.models
def test_every_architecture_goes_the_whole_way(tmp_path: Path, store, needs, media: Path) -> None:
    for module in ("torch", "lightning", "onnx"):
        pytest.importorskip(module, reason="the voice lab needs torch: pip install -e .[lab]")
    needs(store, "kokoro", "misaki-en", "g2p-en", "whisper-base", "fargan", "ecapa", "dnsmos")
    corpus, models = tmp_path / "corpus", tmp_path / "models"
    made = done("data", corpus, "--synthetic", 6, "--sentences", 2)
    assert made["speakers"] == 6
    settings = tmp_path / "train.toml"
    settings.write_text('size = "tiny"\nbatch = 4\nframes = 64\nvalidate_every = 10\n')
    systems = []
    for name in ARCHITECTURES:
        trained = done("pretrain", corpus, models, "-a", name, "--settings", settings, "--steps", 20)
        assert trained["pretrain"]["steps"] == 20
        done("finetune", corpus, models, "-a", name, "--settings", settings, "--steps", 10)
        exported = done("compress", corpus, models / name, "-o", tmp_path / name, "--int8")
        assert exported["correlation"] > 0.9 or name == "codec-lm"
        systems += ["--model", f"{name}={tmp_path / name}"]
    for name in ("p225", "p226", "p227"):
        (tmp_path / "speech" / name).mkdir(parents=True)
        for number, path in enumerate(sorted(media.glob(f"voices/vctk_{name}/*.flac"))[:2]):
            sound, rate = soundfile.read(path, stop=40000)
            soundfile.write(tmp_path / "speech" / name / f"{number}.wav", sound, rate, subtype="PCM_16")
    compared = done(
        "compare", tmp_path / "speech", "-o", tmp_path / "compared", *systems, "--built-in", "original", "--most", 2
    )
    values = {each["name"]: each["values"] for each in compared["systems"]}
    assert values.keys() == {*ARCHITECTURES, "original"}
    assert values["original"]["identified"] == 1.0
    assert all(each["rtf"] is not None and each["wer"] is not None for each in values.values())
    # Networks that have learned for a second lose the words: none may be chosen.
    code, said = lab("select", compared["file"], "-o", tmp_path / "report")
    assert code == ExitCode.REFUSED, said
    assert "No system passes every gate" in said
    assert (tmp_path / "report" / "report.html").stat().st_size > 10_000

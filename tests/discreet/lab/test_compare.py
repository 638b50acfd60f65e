"""The table of a comparison on real voices: the original gives everybody away, whatever is asked."""

from pathlib import Path

import pytest
import soundfile

from discreet.lab.compare import Comparison, Plan, save
from discreet.lab.report import read_comparison
from discreet.lab.systems import built_in


@pytest.mark.slow
@pytest.mark.models
def test_the_own_voice_is_found_and_keeps_all_words(tmp_path: Path, store, needs, media: Path) -> None:
    needs(store, "ecapa", "whisper-base", "dnsmos")
    for name in ("p225", "p226", "p227", "p228"):
        (tmp_path / "own" / name).mkdir(parents=True)
        for number, path in enumerate(sorted(media.glob(f"voices/vctk_{name}/*.flac"))[:2]):
            sound, rate = soundfile.read(path, stop=48000)
            soundfile.write(tmp_path / "own" / name / f"{number}.wav", sound, rate, subtype="PCM_16")
    comparison = Comparison(tmp_path / "own", tmp_path / "out", store, Plan(keys=2, most=4))
    rows = [comparison.converted(name, built_in()[name]) for name in ("original", "mcadams", "warp")]
    values = {row.name: row.values for row in rows}
    assert values["original"]["identified"] == 1.0
    assert values["original"]["bits"] == pytest.approx(2.0)
    assert values["original"]["wer"] == 0.0
    assert values["original"]["states"] > values["warp"]["states"] > 0.3
    assert values["warp"]["eer"] > values["original"]["eer"]
    found = read_comparison(save(tmp_path / "out", rows, {}))
    assert [each["name"] for each in found["systems"]] == ["original", "mcadams", "warp"]

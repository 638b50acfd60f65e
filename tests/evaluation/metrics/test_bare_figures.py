"""Bare figures: numbers that decide, in comparisons, defaults and keyword arguments outside the settings."""

from pathlib import Path

import pytest

from evaluation.metrics.bare_figures import bare_figures, decides
from evaluation.metrics.code_modules import House


def found(folder: Path, code: str, module: str = "vision/tracking/sort.py") -> list[str]:
    path = folder / module
    path.parent.mkdir(parents=True)
    path.write_text(code)
    return [line.partition(": ")[2] for line in bare_figures(House(folder, ["vision"]))]


@pytest.mark.parametrize(
    ("code", "figure"),
    [
        ("seen = score > 0.7", "score > 0.7"),
        ("seen = 0.6 < ratio < 1.6", "0.6 < ratio < 1.6"),
        ("late = t - last > 2.5 * period", "t - last > 2.5 * period"),
        ("def near(t, reach=0.3): ...", "reach=0.3"),
        ("def near(t, *, reach=-0.3): ...", "reach=-0.3"),
        ("match(patch, least=0.7)", "least=0.7"),
        ("SEEN_WELL = 0.7\nseen = score > SEEN_WELL", "SEEN_WELL = 0.7"),
        ("FEW = -3\nfew = [1 for n in found if not n - 1 > FEW * step]", "FEW = -3"),
    ],
)
def test_a_figure_that_decides_is_found(tmp_path: Path, code: str, figure: str) -> None:
    assert found(tmp_path, code) == [figure]


@pytest.mark.parametrize(
    "code",
    [
        "seen = score > SEEN_WELL",
        "SEEN_WELL = 0.7",
        "RATE = 12\nlate = t > start + 1 / FRAMES",
        "one = len(found) >= 2 or count > 0 or share > 0.5",
        "four = array.ndim == 3 or len(box) != 4",
        "early = t < start - 1e-6",
        "def near(t, reach=REACH, rate=16000): ...",
        "means = rows.mean(axis=3)",
    ],
)
def test_names_counts_shapes_and_rounding_are_no_figures(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, code) == []


def test_a_settings_module_may_hold_figures(tmp_path: Path) -> None:
    assert found(tmp_path, "match(least=0.7)", "vision/tracking/settings.py") == []


@pytest.mark.parametrize(
    ("module", "whether"),
    [
        ("vision.tracking.sort", True),
        ("redaction.policy", True),
        ("vision.settings", False),
        ("vision.recognition.face_threshold", False),
        ("diarization.sortformer_settings", False),
        ("voice.neural.models.codec", False),
        ("evaluation.runs.house", False),
        ("discreet.process", False),
    ],
)
def test_which_code_decides(module: str, whether: bool) -> None:
    assert decides(module) is whether

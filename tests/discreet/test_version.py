"""One version, wherever it is read."""

import re
import tomllib
from pathlib import Path

import discreet
from discreet.version import __version__

ROOT = Path(__file__).resolve().parents[2]


def test_the_version_is_a_release_number_and_the_package_bears_it() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert discreet.__version__ == __version__


def test_the_build_reads_the_same_version() -> None:
    setuptools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert setuptools["dynamic"]["version"] == {"attr": "discreet.version.__version__"}

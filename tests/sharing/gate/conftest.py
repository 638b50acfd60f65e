"""A clean folder of results, small and made by the program's own writer."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evaluation.data.planted_words import clean_gate, write_clean
from sharing.gate import Gate


@pytest.fixture(scope="session")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results") / "clean"
    write_clean(folder)
    return folder


@pytest.fixture
def clean(_written: Path, tmp_path: Path) -> Path:
    """A copy of the clean folder, to plant something in."""
    return Path(shutil.copytree(_written, tmp_path / "results"))


@pytest.fixture
def gate() -> Gate:
    """A gate that knows what belongs into that folder, and one name that must stand nowhere."""
    return clean_gate()

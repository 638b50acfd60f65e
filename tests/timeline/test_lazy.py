"""A package's exports are loaded on first use, once, and only those it lists."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from timeline import lazy_exports


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A package of two modules, one of which cannot be loaded."""
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "__init__.py").write_text(
        "from timeline import lazy_exports\n"
        "__getattr__ = lazy_exports(__name__, {'bread': ['Loaf', 'bake'], 'fire': ['Smoke']})\n"
    )
    (folder / "bread.py").write_text("class Loaf: pass\ndef bake(): return Loaf()\nflour = 1\n")
    (folder / "fire.py").write_text("raise RuntimeError('burnt')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield "shop"
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def load(package: str) -> ModuleType:
    return __import__(package)


def test_nothing_is_loaded_until_a_name_is_asked_for(package: str) -> None:
    shop = load(package)
    assert "shop.bread" not in sys.modules
    assert shop.bake().__class__ is shop.Loaf
    assert "shop.fire" not in sys.modules


def test_a_name_is_the_modules_own_and_is_kept(package: str) -> None:
    shop = load(package)
    assert shop.Loaf is sys.modules["shop.bread"].Loaf
    assert vars(shop)["Loaf"] is shop.Loaf


def test_what_is_not_listed_is_not_there(package: str) -> None:
    with pytest.raises(AttributeError, match=r"module 'shop' has no attribute 'flour'"):
        _ = load(package).flour


def test_the_error_of_a_module_is_not_hidden(package: str) -> None:
    with pytest.raises(RuntimeError, match="burnt"):
        _ = load(package).Smoke


@pytest.mark.parametrize(
    "homes", [{"bread": ["bread"]}, {"bread": ["Loaf"], "cake": ["Loaf"]}, {"bread.rye": ["bread"]}]
)
def test_a_name_stands_for_one_thing(homes: dict[str, list[str]]) -> None:
    with pytest.raises(ValueError, match="stands for something else"):
        lazy_exports("shop", homes)

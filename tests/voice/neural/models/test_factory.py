import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models.factory import make_architecture, make_critics  # noqa: E402
from voice.neural.settings import ARCHITECTURES, SIZES, TrainSettings  # noqa: E402


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_network_that_is_made_is_the_one_that_was_named(name) -> None:
    settings = TrainSettings(architecture=name, size="tiny")
    assert make_architecture(settings, 3, make_critics(SIZES["tiny"], 3)).name == name

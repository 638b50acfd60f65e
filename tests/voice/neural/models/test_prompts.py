import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from timeline import InputError  # noqa: E402
from voice.neural.corpus import Utterance  # noqa: E402
from voice.neural.models import CodecLm, Tuning, make_critics  # noqa: E402
from voice.neural.models.prompts import allowed, mixed_voices  # noqa: E402
from voice.neural.settings import SIZES  # noqa: E402


def test_nobody_who_was_recorded_becomes_a_prompt() -> None:
    made, recorded = Utterance("a", "said-1", "x", source="kokoro"), Utterance("b", "ann", "y", source="vctk")
    assert allowed([made, recorded]) == [made]
    with pytest.raises(InputError, match="only that may be a prompt"):
        allowed([recorded])


def test_a_mixed_voice_is_none_of_those_it_was_mixed_from() -> None:
    torch.manual_seed(0)
    network = CodecLm(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3))).eval()
    barks = [torch.randn(16, 20) for _ in range(4)]
    voices = mixed_voices(network, barks, 6)
    own = torch.cat([network.prompt(network.codec.codes(bark[None])) for bark in barks]).detach()
    assert voices.shape == (6, 32)
    assert (torch.cdist(voices, own).min(dim=1).values > 1e-4).all()
    assert torch.equal(voices, mixed_voices(network, barks, 6))

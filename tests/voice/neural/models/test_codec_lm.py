import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import CodecLm, Tuning, make_critics  # noqa: E402
from voice.neural.models.codec_lm import MISTAKEN, mistaken  # noqa: E402
from voice.neural.settings import CODES, SIZES  # noqa: E402


@pytest.fixture
def network():
    torch.manual_seed(0)
    return CodecLm(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3))).eval()


def test_a_stream_of_codes_is_what_the_whole_would_say(network, make_batch) -> None:
    batch = make_batch(pieces=1)
    with torch.no_grad():
        given = network.conditions(batch.units, batch.prosody, network.identities(batch))
        codes = network._spoken(given)
        before = torch.cat([torch.full_like(codes[:, :1], CODES), codes[:, :-1]], dim=1)
        assert torch.equal(network.step(given, before, None)[0].argmax(dim=-1), codes)


def test_nothing_finer_than_units_passes_of_what_is_said(network) -> None:
    assert "content" not in network.inputs
    assert "bark" not in network.inputs


def test_the_melody_that_is_heard_is_the_one_that_was_given(network, make_batch) -> None:
    batch = make_batch()
    with torch.no_grad():
        made = network.convert(batch, network.identities(batch)).bark
    moves = made[..., 18] - made[..., 18].median(dim=1, keepdim=True).values
    wanted = batch.prosody[..., 0] - batch.prosody[..., 0].median(dim=1, keepdim=True).values
    assert torch.allclose(moves, wanted, atol=1e-5)


def test_some_of_the_codes_before_are_wrong_in_training() -> None:
    torch.manual_seed(0)
    before = torch.randint(CODES, (50, 100))
    wrong = (mistaken(before) != before).float().mean()
    assert float(wrong) == pytest.approx(MISTAKEN, abs=0.02)

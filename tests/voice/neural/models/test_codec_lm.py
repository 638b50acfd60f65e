import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from voice.neural.models import CodecLm, Step, Tuning, make_critics  # noqa: E402
from voice.neural.models.codec_lm import CODEC_STEPS, MISTAKEN, mistaken, shifted  # noqa: E402
from voice.neural.settings import BOOKS, CODES, SIZES, LossWeights  # noqa: E402


@pytest.fixture
def network():
    torch.manual_seed(0)
    return CodecLm(SIZES["tiny"], 3, Tuning(make_critics(SIZES["tiny"], 3))).eval()


def test_a_stream_of_codes_is_what_the_whole_would_say(network, make_batch) -> None:
    batch = make_batch(pieces=1)
    with torch.no_grad():
        given = network.conditions(batch.units, batch.prosody, network.identities(batch))
        codes = network._spoken(given)
        assert torch.equal(network.step(given, shifted(codes), None)[0].argmax(dim=-1), codes)


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


def test_the_codec_learns_first_and_then_stands_still(network, make_batch) -> None:
    network.train()
    step = Step("pretrain", LossWeights(), {"network": torch.optim.AdamW(network.parameters())}, torch.Tensor.backward)
    books, unit = network.codec.quantiser.books[0].clone(), network.unit.weight.clone()
    network.train_step(make_batch(), step)
    assert not torch.equal(network.codec.quantiser.books[0], books)
    assert torch.equal(network.unit.weight, unit), "alone"
    network.steps.fill_(CODEC_STEPS)
    kept = {name: value.clone() for name, value in network.codec.state_dict().items()}
    told = network.train_step(make_batch(), step)
    assert all(torch.equal(value, network.codec.state_dict()[name]) for name, value in kept.items())
    assert not torch.equal(network.unit.weight, unit), "the language model goes on"
    assert told.keys() >= {"reconstruction", "codes"}
    assert "steps" in network.state_dict(), "a run that goes on knows it"


def test_a_book_that_is_sure_is_its_entry_and_one_that_is_not_the_mean(network) -> None:
    books = network.codec.quantiser.books
    sure = [100.0 * torch.nn.functional.one_hot(torch.tensor([[7]]), CODES).float() for _ in range(BOOKS)]
    assert torch.allclose(network.expected(sure)[0, 0], sum(book[7] for book in books), atol=1e-4)
    unsure = [torch.zeros(1, 1, CODES) for _ in range(BOOKS)]
    assert torch.allclose(network.expected(unsure)[0, 0], sum(book.mean(dim=0) for book in books), atol=1e-4)

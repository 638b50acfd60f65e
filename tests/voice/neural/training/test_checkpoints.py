import pytest

torch = pytest.importorskip("torch", reason="the voice lab needs torch: pip install -e .[lab]")

from pathlib import Path  # noqa: E402

from timeline import InputError  # noqa: E402
from voice.neural.training.checkpoints import load_tree, save_tree  # noqa: E402


def test_an_optimisers_state_comes_back_as_it_was(tmp_path: Path) -> None:
    layer = torch.nn.Linear(3, 2)
    optimiser = torch.optim.AdamW(layer.parameters(), lr=0.01)
    layer(torch.ones(1, 3)).sum().backward()
    optimiser.step()
    tree = {"optimiser_states": [optimiser.state_dict()], "step": 7, "score": None, "name": "x", "yes": True}
    save_tree(tmp_path / "a.safetensors", tree)
    found = load_tree(tmp_path / "a.safetensors")
    other = torch.optim.AdamW(torch.nn.Linear(3, 2).parameters(), lr=0.5)
    other.load_state_dict(found["optimiser_states"][0])
    assert other.param_groups[0]["lr"] == 0.01
    assert other.param_groups[0]["betas"] == (0.9, 0.999)
    for one, two in zip(optimiser.state.values(), other.state.values(), strict=True):
        assert torch.equal(one["exp_avg"], two["exp_avg"])
    assert {key: found[key] for key in ("step", "score", "name", "yes")} == {
        "step": 7, "score": None, "name": "x", "yes": True,
    }  # fmt: skip


def test_nothing_that_would_need_a_pickle_can_be_saved(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="cannot hold"):
        save_tree(tmp_path / "a.safetensors", {"code": print})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"\x80\x04K\x01.", b"{}" * 40])
def test_a_damaged_file_is_refused_and_a_pickle_is_never_run(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.safetensors").write_bytes(content)
    with pytest.raises(InputError, match="not a checkpoint"):
        load_tree(tmp_path / "a.safetensors")

"""Linkage: a common identifier joins two folders, and a plain hash joins a result with its source."""

from __future__ import annotations

from collections.abc import Callable

from discreet.redteam.linkage import across_folders, with_source
from discreet.redteam.target import Target
from tests.discreet.redteam.conftest import document
from timeline import Timeline

Results = Callable[[str, Timeline], Target]
ANN, BO = "P-AAAAAAAAAAAAA", "P-BBBBBBBBBBBBB"


def test_a_pseudonym_in_two_folders_links_them(results: Results) -> None:
    one, two, three = (results(name, document([(0.0, 1.0, who)])) for name, who in (("a", ANN), ("b", BO), ("c", ANN)))
    assert across_folders([one, two]).light == "green"
    linked = across_folders([one, two, three])
    assert (linked.light, linked.places) == ("amber", ("a and c: 1 identifiers",))
    assert ANN not in linked.model_dump_json()
    assert across_folders([one]).light == "grey"


def test_the_same_models_link_nobody(results: Results) -> None:
    models = {"provenance": {"models": {"yunet": "a" * 64}}}
    folders = [results(name, document([(0.0, 1.0, who)], **models)) for name, who in (("a", ANN), ("b", BO))]
    assert across_folders(folders).light == "green"


def test_the_same_recording_in_two_folders_links_them(results: Results) -> None:
    folders = [results(name, document([(0.0, 1.0, name)])) for name in ("a", "b")]
    for target in folders:
        (target.folder / "safe.mp4").write_bytes(b"the same")
    assert across_folders(folders).light == "amber"


def test_a_plain_hash_of_the_source_is_red_and_a_keyed_one_green(results: Results) -> None:
    keyed = results("a", document([(0.0, 1.0, "p1")], provenance={"source": "1" * 64}))
    plain = results("b", document([(0.0, 1.0, "p1")], provenance={"source_sha256": "1" * 64}))
    assert with_source([keyed]).light == "green"
    assert with_source([keyed, plain]).places == ("b/b",)
    assert with_source([]).light == "grey"

"""Laws of the manifest that comes with Discreet, and of what may stand in one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import weights
from timeline import ModelError
from weights import default_manifest, load_manifest
from weights.sources import ArchiveSource, PartsSource, UrlSource, archives_of

MODELS = default_manifest().models
EXPECTED = {
    "yunet", "sface", "arcface-mbf", "scrfd-500m", "centerface", "segmentation-3.0", "silero-vad", "ecapa", "campplus",
    "lr-asd", "light-asd", "lr-asd-talkset", "light-asd-talkset", "whisper-base", "spacy-en-sm", "face-mesh",
    "demo-clip", "demo-photos", "demo-call", "diarization-sample", "pyannote-excerpts",
}  # fmt: skip


def test_every_model_the_rooms_ask_for_is_listed() -> None:
    assert {model.id for model in MODELS} >= EXPECTED


def test_nothing_non_commercial_is_in_the_profiles_fetched_by_default() -> None:
    listed = default_manifest()
    ids = {*listed.profile("embedded"), *listed.profile("demo"), *listed.profile("bench")}
    assert {"yunet", "sface", "whisper-base"} <= ids
    assert all(listed[id].licence.commercial for id in ids)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_an_entry_is_whole(model: Any) -> None:
    assert model.job
    assert model.about
    assert model.home.startswith("https://")
    assert model.licence.id
    assert model.size > 0 or model.own
    assert model.licence.commercial or model.licence.note
    if model.conversion:
        assert model.features
        assert (Path(weights.__file__).parent / "convert" / f"{model.conversion.recipe}.py").is_file()
    for file in model.wanted:
        sources = model.sources_of(file)
        assert sources
        kinds = [isinstance(source, UrlSource) for source in sources]
        assert kinds == sorted(kinds, reverse=True), "a model's own home comes before the mirrors"
        assert all(source.url.startswith("https://") for source in sources if isinstance(source, UrlSource))


def test_every_archive_is_used_and_can_be_opened() -> None:
    used = {key for m in MODELS for file in m.wanted for key in archives_of(m.sources_of(file))}
    assert used == set(default_manifest().archives)
    for archive in default_manifest().archives.values():
        assert archive.filename.endswith((".whl", ".tar.gz", ".tgz"))
        assert archive.version in archive.filename


def test_parts_add_up() -> None:
    for model in MODELS:
        for file in model.wanted:
            for source in model.sources_of(file):
                if isinstance(source, PartsSource):
                    assert sum(part.size for part in source.parts) == file.size


def test_no_registry_address_stands_in_the_room() -> None:
    hosts = re.compile("|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(org|com)"]))
    for path in Path(weights.__file__).parent.rglob("*"):
        if path.suffix in (".py", ".toml", ".txt"):
            assert not hosts.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize(
    "change",
    [
        {"surprise": 1},
        {"id": "Bad Id"},
        {"files": []},
        {"files": [{"name": "a", "sha256": "00", "size": 1}]},
        {"sources": []},
        {"sources": [{"kind": "archive", "archive": "unknown", "member": "a"}]},
        {"sources": [{"kind": "url", "url": "file:///etc/passwd"}]},
        {"profiles": ["everything"]},
        {"licence": {"id": "MIT"}},
    ],
)
def test_a_wrong_entry_is_refused(world: Any, change: dict[str, Any]) -> None:
    good = world.model(files=[world.file("a", b"x")], sources=[{"kind": "url", "url": "https://example.test/a"}])
    world.manifest(good)
    with pytest.raises(ValueError, match="validation error"):
        world.manifest(good | change)


@pytest.mark.parametrize(
    "package", ["pip:a==1", "pypi:a", "pypi:a@1", "npm:a==1", "npm:../a@1", "pypi:a==1; x", "pypi:==1"]
)
def test_a_wrong_package_name_is_refused(world: Any, package: str) -> None:
    good = world.model(files=[world.file("a", b"x")], sources=[{"kind": "archive", "archive": "p", "member": "a"}])
    with pytest.raises(ValueError, match="not pypi:NAME==VERSION"):
        world.manifest(good, archives={"p": world.archive(package, "a.whl", b"x")})


@pytest.mark.parametrize(
    ("package", "registry", "project", "version"),
    [
        ("pypi:a-b.c==1.0a1", "pypi", "a-b.c", "1.0a1"),
        ("npm:left-pad@1.0.0", "npm", "left-pad", "1.0.0"),
        ("npm:@scope/name@1.0.0-rc.1", "npm", "@scope/name", "1.0.0-rc.1"),
    ],
)
def test_package_names_are_taken_apart(world: Any, package: str, registry: str, project: str, version: str) -> None:
    good = world.model(files=[world.file("a", b"x")], sources=[{"kind": "archive", "archive": "p", "member": "a"}])
    archive = world.manifest(good, archives={"p": world.archive(package, "a.whl", b"x")}).archives["p"]
    assert (archive.registry, archive.project, archive.version) == (registry, project, version)


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(ModelError) as caught:
        default_manifest()["nonsense"]
    assert "yunet" in caught.value.remedy


def test_a_manifest_that_cannot_be_read_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text("version = ", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be used"):
        load_manifest(tmp_path / "m.toml")
    with pytest.raises(ModelError, match="cannot be used"):
        load_manifest(tmp_path / "absent.toml")


def test_only_archives_and_parts_name_archives() -> None:
    url = UrlSource(kind="url", url="https://example.test")
    assert archives_of((url, ArchiveSource(kind="archive", archive="k", member="a"))) == ["k"]

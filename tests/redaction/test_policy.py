"""Policies: presets say what they promise, a file builds on them, and what cannot be is one clear line."""

from pathlib import Path

import pytest

from discreet.config.settings import load
from redaction import DEFAULT_POLICY, PRESETS, PolicyError, RedactionSettings, load_policy
from timeline import ExitCode

SAFE_HARBOR = {
    "names": ["PERSON", "ORGANIZATION"],
    "places": ["LOCATION", "ADDRESS"],
    "dates": ["DATE_TIME", "DATE_OF_BIRTH", "AGE"],
    "contacts": ["PHONE_NUMBER", "EMAIL_ADDRESS", "URL", "IP_ADDRESS"],
    "numbers": [
        "US_SSN",
        "NUMBER",
        "US_BANK_NUMBER",
        "CREDIT_CARD",
        "US_DRIVER_LICENSE",
        "US_PASSPORT",
        "SPELLED",
        "PASSWORD",
        "USERNAME",
    ],
    "anything else": ["DENIED"],
}


def file(folder: Path, text: str) -> str:
    path = folder / "clinic.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_lists_entities_that_exist_and_lets_nothing_new_through(preset: str) -> None:
    policy = load_policy(preset)
    assert policy.name == preset
    assert policy.default == "beep"
    assert set(policy.entities) == set(DEFAULT_POLICY)
    assert policy.entities["PERSON"] == policy.entities["DENIED"] == "beep"


def test_safe_harbor_leaves_none_of_its_identifiers() -> None:
    policy = load_policy("hipaa")
    assert {
        e: policy.entities[e] for group in SAFE_HARBOR.values() for e in group if policy.entities[e] == "keep"
    } == {}


def test_a_file_builds_on_its_base(tmp_path: Path) -> None:
    policy = load_policy(file(tmp_path, 'base = "hipaa"\ndefault = "silence"\n[entities]\nPERSON = "surrogate"\n'))
    assert (policy.name, policy.default) == ("clinic", "silence")
    assert policy.entities == {**load_policy("hipaa").entities, "PERSON": "surrogate"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('colour = "red"\n', "there is no key called colour"),
        ('[entities]\nPERSSON = "keep"\n', "there is no entity called PERSSON"),
        ('[entities]\nPERSON = "mumble"\n', "entities.PERSON: Input should be 'beep'"),
        ('base = "nobody"\n', "base: Input should be 'default'"),
        ("[entities\n", "is not TOML"),
    ],
)
def test_what_cannot_be_is_one_clear_line(tmp_path: Path, text: str, line: str) -> None:
    with pytest.raises(PolicyError, match=line) as caught:
        load_policy(file(tmp_path, text))
    assert "\n" not in str(caught.value)
    assert caught.value.remedy
    assert caught.value.exit_code == ExitCode.USAGE


def test_a_policy_that_is_not_there() -> None:
    with pytest.raises(PolicyError, match="policy hippa cannot be read"):
        load_policy("hippa")


def test_an_entity_nobody_listed_gets_the_default() -> None:
    assert RedactionSettings().action("NEWLY_FOUND") == "beep"
    assert RedactionSettings(policy_default="silence").action("NEWLY_FOUND") == "silence"
    assert RedactionSettings(policy={"PERSON": "keep"}).action("US_SSN") == "beep"


def test_the_command_lines_policy_stands_above_the_file_and_below_its_options(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[redaction.policy]\nDATE_TIME = "keep"\nNRP = "silence"\n', encoding="utf-8")
    settings = load(config, ["redaction.policy.URL=keep"], policy="hipaa").redaction
    assert settings.policy_name == "hipaa"
    assert settings.policy["DATE_TIME"] == "beep"
    assert settings.policy["NRP"] == "keep"
    assert settings.policy["URL"] == "keep"
    assert load(config).redaction.policy["NRP"] == "silence"

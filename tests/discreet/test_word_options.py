"""--asr, --deny and --allow: they add to what the settings say, and nothing of them is written anywhere."""

import pytest

from discreet.config.settings import SettingsError, WordOptions, load
from discreet.pipeline.context import RunContext
from registered import Registry
from weights import Store


def test_words_of_the_options_are_added_to_those_of_the_settings(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[redaction]\ndeny = ["Blue House"]\n')
    names = tmp_path / "names.txt"
    names.write_text("Zoë Meier\n\n# a remark\nrose\n", "utf-8")
    words = WordOptions.read("vosk", ["Anna", f"@{names}"], ["Clinic"])
    merged = load(file, words=words).redaction
    assert merged.deny == ("Blue House", "Anna", "Zoë Meier", "rose")
    assert merged.allow == ("Clinic",)
    assert merged.asr == "vosk"
    assert "Anna" not in repr(words)
    assert load(file, words=WordOptions.read(None, None, None)).redaction.deny == ("Blue House",)


def test_a_list_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(SettingsError, match=r"--deny @.*none"):
        WordOptions.read(None, [f"@{tmp_path / 'none'}"], None)


def test_neither_words_nor_paths_stand_in_the_document(tmp_path):
    options = ["redaction.whisperx.align=/home/anna/align", "redaction.whisperx.model=/home/anna/whisper-small"]
    words = WordOptions("/home/anna/large-v3-turbo", ("Anna",), ("Clinic",))
    settings = load(None, options, words=words)
    context = RunContext.of(settings, Store(tmp_path / "store", local=[]), Registry.open(tmp_path / "people"))
    public = str(context.public_settings())
    assert "anna" not in public.lower()
    assert "Clinic" not in public
    assert "large-v3-turbo" in public

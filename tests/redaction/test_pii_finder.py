"""Private words: found, replaced, and nowhere left in plain text."""

import logging
import socket
import subprocess
import sys

import pytest

from redaction import PiiFinder, RedactionSettings
from timeline import ModelError, Word

COVERS = ("redaction.recognizers.presidio",)


def say(text, step=0.4, start=0.0):
    return [
        Word(start=start + i * step, end=start + i * step + 0.3, text=t, confidence=0.9)
        for i, t in enumerate(text.split())
    ]


def text_of(words):
    return " ".join(w.text for w in words)


def own(**settings):
    return PiiFinder(RedactionSettings(**settings))


def test_a_name_introduced_once_is_private_at_every_mention():
    talk = "hello my name is Szczepanski . " + "and so we went on and on . " * 40 + "thank you Sczepansky goodbye"
    words, cuts = own()(say(talk))
    assert "panski" not in text_of(words)
    assert "Sczepansky" not in text_of(words)
    assert text_of(words).count("[PERSON]") == 2
    assert len({c.id for c in cuts}) == len(cuts) == 2


def test_a_find_over_the_end_of_a_window_is_whole():
    # 118 words without any end of sentence, then a number over the place where a window would end.
    talk = "so " * 117 + "call four one five five five five oh one three two please"
    words, _ = own()(say(talk))
    assert text_of(words).endswith("so call [PHONE_NUMBER] please")


def test_deny_and_allow_lists_and_enrolled_people():
    settings = RedactionSettings(deny=("purple elephant",), allow=("Blumenthal",))
    finder = PiiFinder(settings, people=["Meier"])
    words, cuts = finder(say("the purple elephant of Blumenthal met maier and Kowalczyk"))
    assert text_of(words) == "the [DENIED] of Blumenthal met [PERSON] and [PERSON]"
    assert "elephant" not in repr(settings)
    assert "elephant" not in repr(cuts)


def test_the_users_list_outdoes_what_is_allowed():
    words, _ = own(deny=("Blumenthal",), allow=("Blumenthal",))(say("so Blumenthal came"))
    assert text_of(words) == "so [DENIED] came"


def test_policy_keeps_what_it_says():
    assert text_of(own(policy={"PERSON": "keep"})(say("my name is Kowalczyk"))[0]) == "my name is Kowalczyk"


def test_nothing_private_in_logs_or_reasons(caplog):
    with caplog.at_level(logging.DEBUG):
        _, cuts = own()(say("my name is Kowalczyk and my number is 415 555 0132"))
    assert cuts
    for leaked in ("Kowalczyk", "0132"):
        assert leaked not in caplog.text
        assert leaked not in repr(cuts)


def test_a_pause_ends_a_sentence_where_a_recogniser_writes_no_full_stop():
    from redaction.text.punctuation import punctuated

    words = say("my name is") + say("anna and i paid four", start=3.0) + say("five people came", start=7.0)
    assert " ".join(punctuated(words)) == "my name is anna and i paid four. five people came"
    assert punctuated(say("Yes.") + say("no", start=5.0)) == ["Yes.", "no"]
    assert punctuated([]) == []


def test_no_words():
    assert own()([]) == ([], [])
    assert own().find("") == []


def test_importing_the_room_is_light():
    heavy = "('spacy', 'presidio_analyzer', 'faster_whisper', 'ctranslate2', 'torch', 'av')"
    code = f"import redaction, sys; sys.exit(any(m in sys.modules for m in {heavy}))"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_a_folder_without_a_pipeline_says_so(tmp_path):
    from redaction.recognizers import spacy_pipeline

    with pytest.raises(ModelError, match="no spaCy pipeline"):
        spacy_pipeline(tmp_path)


@pytest.fixture(scope="module")
def finder(store, needs):
    needs(store, "spacy-en-sm")

    def refuse(*args, **kwargs):
        raise AssertionError("the finder asked the network")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", refuse)
        patch.setattr(socket, "getaddrinfo", refuse)
        yield PiiFinder.from_store(store, RedactionSettings())


@pytest.mark.models
@pytest.mark.parametrize(
    ("talk", "secrets"),
    [
        ("Hi, I'm Thomas Meier and I work in Springfield with Anna.", ["Thomas", "Meier", "Springfield", "Anna"]),
        ("hi i'm thomas meier and i work in springfield", ["thomas", "meier", "springfield"]),
        ("Write to lee@example.com or see www.example.com, my IP is 10.0.0.12.", ["lee@", "www.", "10.0"]),
        ("The IBAN is GB33BUKB20201555555555, the card 4539890478885136.", ["GB33", "4539"]),
        ("My social is 566-64-4119.", ["4119"]),
        ("Then Priya called Mrs. Okonkwo from Nauru.", ["Priya", "Okonkwo", "Nauru"]),
    ],
)
def test_private_words_are_found_offline(finder, talk, secrets):
    words, cuts = finder(say(talk))
    for secret in secrets:
        assert secret.lower() not in text_of(words).lower()
        assert secret.lower() not in repr(cuts).lower()


@pytest.mark.models
def test_ordinary_talk_stands(finder):
    talk = (
        "So how did you sleep this week? I think it was better than in March, about six hours, but on Tuesday I "
        "woke up at four and could not stop thinking about work. Okay, and what did you do then? I made some tea "
        "and read a book."
    )
    assert text_of(finder(say(talk))[0]) == talk


def test_streets_are_found_in_text_without_capitals():
    finder = PiiFinder(RedactionSettings())
    kinds = {
        (f.entity, text[f.start : f.end]) for text in ["it is 14 nossa senhora 75 i think"] for f in finder.find(text)
    }
    assert ("ADDRESS", "14 nossa senhora 75") in kinds
    assert not [f for f in finder.find("he had 5 of them and she had 3") if f.entity == "ADDRESS"]

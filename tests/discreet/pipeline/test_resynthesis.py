"""Nothing of the sound of somebody who is not heard is written: it is said again, and private words never are."""

from __future__ import annotations

import functools
import weakref
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import resample_poly

from diarization import DiarizationSettings, Fusion, make_voiceprint
from discreet.config.settings import Settings, load
from discreet.pipeline import resynthesis
from discreet.pipeline.cache import StageCache
from discreet.pipeline.context import RunContext
from discreet.pipeline.privacy import RedactionPlan
from discreet.pipeline.render import safe_sound
from discreet.pipeline.resynthesis import COVERED_SHARE, OWN_SHARE, OtherVoices, OtherVoicesStage, choose
from discreet.pipeline.runner import StageRunner
from registered import Enrolled, Registry
from timeline import ArrayAudio, Person, Redaction, Segment, Turn, Word, intersect, silent, total, union
from voice.resynthesis import MODELS, PhraseSynthesiser, RoomTone, is_reliable
from weights import Store

RATE = 16000
LENGTH = 6.0
HEARD = Person(id="p1", pseudonym="Speaker 1", registered=True, heard=True)
STRANGER = Person(id="p2", pseudonym="Speaker 2")


def word(start: float, end: float, text: str = "water", person: str | None = "p2", sure: float = 0.9, redacted=None):
    return Word(start=start, end=end, text=text, person=person, confidence=sure, redaction=redacted)


def gone(start: float, end: float, id: str = "w1", operator: str = "silence") -> Redaction:
    return Redaction(id=id, kind="word", start=start, end=end, entity="PERSON", operator=operator, reason="private")


# -- which words ------------------------------------------------------------------------------------------------------

SPANS = st.lists(st.tuples(st.floats(0, 50), st.floats(0.05, 2)), max_size=8).map(
    lambda spans: [(round(a, 2), round(a + b, 2)) for a, b in spans]
)


@given(SPANS, SPANS, SPANS, st.floats(0, 1))
def test_every_word_is_said_again_or_kept_or_gone_or_doubtful(
    words: list, own: list, private: list, sure: float
) -> None:
    kept = union(Segment(a, b) for a, b in own)
    plan = RedactionPlan(
        words=[word(a, b, sure=(a % 1.0)) for a, b in words],
        redactions=[gone(a, b, f"w{i}") for i, (a, b) in enumerate(private)],
    )
    choice = choose(plan, kept, sure, 60.0)
    silenced = union(Segment(a, b) for a, b in private)
    for each in plan.words:
        span = [Segment(each.start, each.end)]
        length = total(span)
        share, lost = total(intersect(span, kept)) / length, total(intersect(span, silenced)) / length
        if each in choice.said or each in choice.doubtful:
            assert share < OWN_SHARE
            assert lost < COVERED_SHARE
            assert (each in choice.said) == is_reliable(each, 60.0, sure)
            # Said again or silent: no part of it stays in the own voice.
            assert total(intersect(span, choice.cut)) == pytest.approx(length) or share == 0
        else:
            assert share >= OWN_SHARE or lost >= COVERED_SHARE


@given(SPANS)
def test_a_word_that_was_taken_out_is_never_said(private: list) -> None:
    words = [word(a, b, "[PERSON]", redacted=f"w{i}") for i, (a, b) in enumerate(private)]
    choice = choose(RedactionPlan(words=words, redactions=[]), [], 0.0)
    assert choice.said == choice.doubtful == ()


def test_a_choice_shows_no_word() -> None:
    assert "water" not in repr(choose(RedactionPlan(words=[word(1, 2)]), [], 0.0))


# -- a recording ------------------------------------------------------------------------------------------------------


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry.open(tmp_path / "registered", "file")


def bursts(seed: int) -> np.ndarray:
    """Six seconds: p1 from 0.5 to 2 s, p2 from 3 to 5 s; each 20 ms frame has the same power, whatever the seed."""
    sound = np.random.default_rng(9).normal(0, 0.0008, round(LENGTH * RATE))
    rng = np.random.default_rng(seed)
    for start, end in ((0.5, 2.0), (3.0, 5.0)):
        frames = rng.normal(0, 1, (round((end - start) * 50), 320))
        frames *= 0.05 / np.sqrt((frames**2).mean(axis=1, keepdims=True))
        sound[round(start * RATE) : round(end * RATE)] = frames.ravel()
    return sound.astype(np.float32)


PEOPLE = Fusion([HEARD, STRANGER], [Turn(start=0.5, end=2.0, person="p1"), Turn(start=3.0, end=5.0, person="p2")], {})
WORDS = [
    word(0.6, 1.0, "good", "p1"),
    word(1.0, 1.6, "morning", "p1"),
    word(3.0, 3.4, "water"),
    word(3.4, 3.8, "[PERSON]", redacted="w1"),
    word(3.8, 4.4, "river"),
]
PLAN = RedactionPlan(words=WORDS, redactions=[gone(3.4, 3.8)], language="en")


def made(
    registry: Registry, store: Store, sound: np.ndarray, plan: RedactionPlan, *options: str, people=(), cache=None
) -> tuple[OtherVoices, Settings]:
    settings = load(options=options)
    source = SimpleNamespace(sound=ArrayAudio(sound), info=SimpleNamespace(has_audio=True), sha256="hash")
    context = RunContext(settings, store, registry, people, {})
    runner = StageRunner(SimpleNamespace(), cache, LENGTH)
    return OtherVoicesStage(source, context, runner)(PEOPLE, plan, silent), settings


def written(voices: OtherVoices, settings: Settings, sound: np.ndarray, plan: RedactionPlan) -> np.ndarray:
    audio = ArrayAudio(sound)
    return np.concatenate(list(safe_sound(audio, plan.redactions, settings, voices.clips, voices.plan, voices.track)))


@pytest.fixture(scope="module")
def spoken(tmp_path_factory: pytest.TempPathFactory, store: Store, needs):
    """The voices, and what is written, of the recording with a seed: made once for all tests."""
    needs(store, *MODELS)
    registry = Registry.open(tmp_path_factory.mktemp("registered"), "file")

    @functools.cache
    def run(seed: int, *options: str) -> tuple[OtherVoices, np.ndarray]:
        sound = bursts(seed)
        voices, settings = made(registry, store, sound, PLAN, *options)
        out = written(voices, settings, sound, PLAN)
        out.setflags(write=False)
        return voices, out

    return run


@pytest.fixture
def result(spoken):
    return lambda *which: spoken(*which)[1]


def test_what_is_written_of_a_stranger_does_not_depend_on_their_sound(result) -> None:
    """Two recordings whose sound differs in every sample, not in words, times and levels."""
    one, other = result(1, "voice.mode=words"), result(2, "voice.mode=words")
    stranger = slice(round(2.0 * RATE), None)
    assert np.array_equal(one[stranger], other[stranger])
    assert np.abs(one[round(3.0 * RATE) : round(3.4 * RATE)]).max() > 0.02, "it is said again"


def test_who_is_heard_keeps_the_own_voice_and_a_stranger_none_of_it(result) -> None:
    sound, out = bursts(1), result(1)
    own, theirs = slice(round(0.7 * RATE), round(1.7 * RATE)), slice(round(3.0 * RATE), round(5.0 * RATE))
    assert np.array_equal(out[own], sound[own])
    alike = np.correlate(out[theirs], sound[theirs][800:-800], "valid")
    assert np.abs(alike).max() / np.linalg.norm(out[theirs]) / np.linalg.norm(sound[theirs]) < 0.1


def test_the_model_is_freed_where_what_it_made_is_stored(
    registry: Registry, store: Store, needs, tmp_path: Path
) -> None:
    needs(store, *MODELS)
    loaded = []

    class Noted(PhraseSynthesiser):
        @classmethod
        def from_store(cls, *given) -> PhraseSynthesiser:
            made = super().from_store(*given)
            loaded.append(weakref.ref(made))
            return made

    sound = bursts(1)
    cache = StageCache(tmp_path / "stages", registry.stages(), "key")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resynthesis, "PhraseSynthesiser", Noted)
        voices, settings = made(registry, store, sound, PLAN, cache=cache)
        assert loaded[0]() is None
        written(voices, settings, sound, PLAN)
    assert len(loaded) == 1, "nothing was made twice"


def test_where_a_word_was_taken_out_there_is_silence(result) -> None:
    out = result(1)
    assert not out[round(3.4 * RATE) : round(3.8 * RATE)].any()


def test_between_the_words_there_is_the_noise_of_the_room(result) -> None:
    pause = result(1)[round(5.2 * RATE) :]
    assert pause.std() == pytest.approx(0.0008, rel=0.4)
    assert not np.array_equal(pause, bursts(1)[round(5.2 * RATE) :])


def test_a_private_word_is_not_among_what_is_said(spoken) -> None:
    voices, _ = spoken(1)
    assert voices.track is not None
    said = [w.text for part in voices.track._parts.values() for saying in part for w in saying.phrase.words]
    assert said == ["water", "river"]
    assert any("2 words" in note for note in voices.notes)


@pytest.mark.parametrize(
    ("language", "covered", "sure"), [("en", True, 0.01), ("de", False, 0.99), ("", False, 0.99), ("en", False, 0.99)]
)
def test_what_is_doubtful_or_cannot_be_spoken_is_silent(
    registry: Registry, store: Store, needs, language: str, covered: bool, sure: float
) -> None:
    """Also where nobody knows which language it is (``process.uncovered_language=keep``)."""
    plan = RedactionPlan(words=[word(3.0, 4.0, sure=sure)], language=language, covered=covered)
    voices, settings = made(registry, store, bursts(1), plan)
    assert any("1 word of theirs, hardly understood or impossible to say" in note for note in voices.notes)
    out = written(voices, settings, bursts(1), plan)
    assert np.abs(out[round(3.0 * RATE) :]).max() < 0.01


def test_what_is_doubtful_is_converted_where_that_is_wanted(registry: Registry, store: Store) -> None:
    plan = RedactionPlan(words=[word(3.2, 4.2, sure=0.01)], language="en")
    voices, settings = made(registry, store, bursts(1), plan, "voice.doubtful=convert")
    out = written(voices, settings, bursts(1), plan)
    assert out[round(3.4 * RATE) : round(4.0 * RATE)].std() > 0.02
    assert out[round(4.5 * RATE) : round(5.0 * RATE)].std() < 0.003
    assert any("does not withstand" in note for note in voices.notes)


def test_without_words_there_is_only_the_room(registry: Registry, store: Store) -> None:
    """No model of the synthesiser is needed then."""
    plan = RedactionPlan(language="en")
    voices, settings = made(registry, Store(Path("/nowhere")), bursts(1), plan)
    assert voices.track is None
    assert isinstance(voices.plan.default, RoomTone)
    out = written(voices, settings, bursts(1), plan)
    assert np.abs(out[round(2.3 * RATE) :]).max() < 0.01


def test_the_converter_says_that_it_does_not_withstand_an_attacker(registry: Registry, store: Store) -> None:
    voices, _ = made(registry, store, bursts(1), PLAN, "voice.mode=warp")
    assert voices.track is None
    assert "does not withstand an attacker" in voices.notes[0]


def test_a_word_cut_off_by_the_end_of_the_recording_is_not_guessed() -> None:
    cut, whole = word(5.6, 6.0, "wat", sure=0.4), word(3.0, 3.4, "water", sure=0.4)
    choice = choose(RedactionPlan(words=[whole, cut]), [], 0.15, LENGTH)
    assert choice.said == (whole,)
    assert choice.doubtful == (cut,)
    assert choose(RedactionPlan(words=[cut]), [], 0.0, LENGTH).said == (cut,), "everything is to be said"


@pytest.mark.slow
def test_nobody_is_said_in_a_voice_like_that_of_somebody_enrolled(registry: Registry, store: Store, needs) -> None:
    """The voice that the stranger would be given is enrolled; so they are given another."""
    needs(store, *MODELS, "ecapa", "campplus", "silero-vad")
    plan = RedactionPlan(words=[word(3.0, 3.4), word(3.8, 4.4, "river")], language="en")
    before = voice_of(made(registry, store, bursts(1), plan)[0])
    speaker, embedder = (
        PhraseSynthesiser.from_store(store, "words", RATE),
        make_voiceprint(store, DiarizationSettings()),
    )
    template = embedder(resample_poly(speaker.sample(before), 2, 3).astype(np.float32))
    registry.add(Enrolled.new("Ann").with_voice(embedder.model, template))
    after = voice_of(made(registry, store, bursts(1), plan, people=tuple(registry.people()))[0])
    assert after != before
    again = embedder(resample_poly(speaker.sample(after), 2, 3).astype(np.float32))
    assert float(again @ template) < embedder.same


def voice_of(voices: OtherVoices):
    assert voices.track is not None
    return next(saying.voice for part in voices.track._parts.values() for saying in part)

"""What is said again comes into the sound at its time, however the sound is cut, and is made once."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from timeline import Word
from voice.resynthesis import MixedVoice, Phrase, PhraseToSay, SpokenPhrase, SpokenTrack
from voice.resynthesis.contour import PitchRange
from voice.resynthesis.track import rounded

RATE = 100
VOICE = MixedVoice((("af_0", 1.0),))
STARTS = st.lists(st.floats(0.0, 200.0).map(lambda t: round(t, 2)), max_size=8).map(sorted)


def saying(start: float) -> PhraseToSay:
    return PhraseToSay(Phrase(None, (Word(start=start, end=start + 2.0, text="word"),)), VOICE, 0.1)


def say(saying: PhraseToSay) -> SpokenPhrase:
    """Two seconds of a constant that tells which phrase it is."""
    return SpokenPhrase(saying.phrase.start, np.full(2 * RATE, (1 + saying.phrase.start % 7) / 100, np.float32))


def track(starts: list[float], **more) -> SpokenTrack:
    return SpokenTrack([saying(start) for start in starts], say, RATE, **more)


def mixed(made: SpokenTrack, length: int, cuts: list[int]) -> np.ndarray:
    edges = [0, *sorted(min(cut, length) for cut in cuts), length]
    blocks = [np.zeros(b - a, np.float32) for a, b in itertools.pairwise(edges)]
    return np.concatenate([made(block, start) for block, start in zip(blocks, edges[:-1], strict=True)])


@given(STARTS, st.lists(st.integers(0, 20500), max_size=6))
def test_each_phrase_is_heard_once_at_its_time_however_the_sound_is_cut(starts: list[float], cuts: list[int]) -> None:
    wanted = np.zeros(20500)
    for start in starts:
        said = rounded(say(saying(start)))
        wanted[round(start * RATE) : round(start * RATE) + 2 * RATE] += said.samples
    assert np.allclose(mixed(track(starts), 20500, cuts), wanted, atol=1e-6)


def test_every_channel_gets_the_same_and_the_block_is_not_changed() -> None:
    block = np.zeros((300, 2), np.float32)
    out = track([1.0])(block, 0)
    assert np.array_equal(out[:, 0], out[:, 1])
    assert out.any()
    assert not block.any()


def test_loud_phrases_on_top_of_each_other_stay_within_full_scale() -> None:
    loud = SpokenTrack(
        [saying(1.0), saying(1.5)], lambda s: SpokenPhrase(s.phrase.start, np.full(200, 0.9, np.float32)), RATE
    )
    assert np.abs(loud(np.zeros(500, np.float32), 0)).max() <= 1.0


def test_a_part_that_was_kept_is_not_made_again() -> None:
    kept: dict[int, dict[str, SpokenPhrase | None]] = {}
    asked: list[float] = []

    def keep(number, make):
        kept[number] = dict(make(kept.get(number, {})))
        return kept[number]

    def counted(saying: PhraseToSay) -> SpokenPhrase:
        asked.append(saying.phrase.start)
        return say(saying)

    starts = [1.0, 61.0, 130.0]
    first = SpokenTrack([saying(s) for s in starts], counted, RATE, keep)
    shares: list[float] = []
    first.prepare(shares.append)
    assert asked == starts
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    again = SpokenTrack([saying(s) for s in starts], counted, RATE, keep)
    assert np.array_equal(mixed(again, 14000, []), mixed(first, 14000, [50, 6000]))
    assert asked == starts
    SpokenTrack([saying(s) for s in (1.0, 63.0, 130.0)], counted, RATE, keep).prepare()
    assert asked == [*starts, 63.0]  # of the minute that changed, only the phrase that changed


def test_equal_sayings_have_one_key_and_any_difference_another() -> None:
    one = saying(1.0)
    assert one.key == saying(1.0).key
    others = [
        saying(1.01),
        replace(one, level=0.2),
        replace(one, pitch=np.ones(3)),
        replace(one, speaker=PitchRange(5.1, 0.2)),
    ]
    others.append(replace(one, voice=MixedVoice((("af_0", 1.0),), 0.5)))
    others.append(replace(one, phrase=Phrase(None, one.phrase.words, 9.0)))
    others.append(replace(one, phrase=Phrase("p1", one.phrase.words)))
    assert len({each.key for each in [one, *others]}) == len(others) + 1


def test_no_more_than_two_minutes_are_held() -> None:
    made = track([float(t) for t in range(0, 600, 5)])
    for index in range(0, 60000, 500):
        made(np.zeros(500, np.float32), index)
        assert len(made._open) <= 3

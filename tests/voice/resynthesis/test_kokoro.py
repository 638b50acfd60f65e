"""The synthesiser says what it is given in the time and at the pitch that it is given."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from voice.resynthesis import Kokoro, load_styles, tokens_of
from voice.resynthesis.contour import pitch_of
from voice.resynthesis.kokoro import STYLES
from voice.resynthesis.settings import SAID_FRAME, SAID_RATE, VOICED
from weights import Store

PHONES = "wi mˈɛt."


@pytest.fixture(scope="module")
def kokoro(store: Store, needs) -> Kokoro:
    needs(store, "kokoro")
    return Kokoro.from_store(store)


@pytest.fixture(scope="module")
def said(kokoro: Kokoro):
    tokens = [0, *tokens_of(PHONES), 0]
    style = kokoro.styles["am_adam"][len(tokens)][None]
    usual = kokoro.durations(tokens, style)
    frames = np.maximum(1, np.rint(usual)).astype(np.int64)
    return usual, frames, kokoro.utterance(tokens, style, frames)


def test_all_its_voices_are_there(kokoro: Kokoro, store: Store) -> None:
    assert set(kokoro.styles) == set(STYLES)
    assert all(style.shape == (510, 256) and np.isfinite(style).all() for style in load_styles(store).values())


def test_each_phoneme_lasts_as_many_frames_as_it_is_given(kokoro: Kokoro, said) -> None:
    usual, frames, utterance = said
    assert len(usual) == len(PHONES) + 2
    assert (usual > 0).all()
    assert utterance.content.shape[2] == frames.sum()
    assert utterance.pitch.shape == utterance.energy.shape == (1, 2 * frames.sum())
    assert len(kokoro.sound(utterance)) == SAID_FRAME * frames.sum()


def test_the_pitch_is_the_one_that_is_set(kokoro: Kokoro, said) -> None:
    _, _, utterance = said
    set_to = np.where(utterance.pitch > VOICED, 180.0, utterance.pitch).astype(np.float32)
    sound = kokoro.sound(dataclasses.replace(utterance, pitch=set_to))
    assert np.nanmedian(pitch_of(sound, SAID_RATE)) == pytest.approx(180.0, rel=0.04)
    assert np.abs(sound).max() <= 1.0


def test_what_it_says_does_not_depend_on_what_it_decided_before(kokoro: Kokoro, said) -> None:
    usual, frames, utterance = said
    tokens = [0, *tokens_of(PHONES), 0]
    style = kokoro.styles["am_adam"][len(tokens)][None]
    other = kokoro.durations(tokens, kokoro.styles["bf_emma"][len(tokens)][None])
    again = kokoro.utterance(tokens, style, frames)
    assert not np.array_equal(other, usual)
    assert np.array_equal(again.pitch, utterance.pitch)
    assert np.array_equal(kokoro.durations(tokens, style), usual)


def test_letters_that_it_does_not_know_are_left_out() -> None:
    assert tokens_of("w☃i") == tokens_of("wi")
    assert tokens_of("☃") == []

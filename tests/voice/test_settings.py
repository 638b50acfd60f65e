"""What is not set hides more rather than less."""

from __future__ import annotations

from voice import VoiceSettings


def test_by_default_a_changed_voice_tells_nothing_of_the_own_one() -> None:
    """The sex of the own voice is most of what an attacker finds who has other converted speech."""
    settings = VoiceSettings()
    assert settings.mode == "prosody"
    assert settings.sex == "any"
    assert settings.doubtful == "silence"

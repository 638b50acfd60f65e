"""What an attacker knows: a folder for each person."""

from __future__ import annotations

from pathlib import Path

import pytest

from discreet.redteam.known_people import Known
from timeline import InputError


def test_photos_and_sound_belong_to_the_person_whose_folder_they_are_in(tmp_path: Path) -> None:
    for name in ("Ann Lee/a.jpg", "Ann Lee/a.wav", "Bo/b.PNG", "Cy/notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"")
    known = Known.of(tmp_path, ["Elm Street"])
    assert (known.photos.keys(), known.sounds.keys()) == ({"Ann Lee", "Bo"}, {"Ann Lee"})
    assert known.words == ("Elm Street", "Ann Lee", "Bo", "Cy")


def test_without_a_folder_only_the_words_are_known() -> None:
    assert Known.of(None, ["Elm Street"]) == Known(words=("Elm Street",))


def test_a_folder_with_nobody_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError):
            Known.of(folder)

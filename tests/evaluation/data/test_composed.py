"""Composed meetings: two sets that share no meeting, and people with photos and a clip of each."""

import pytest

from evaluation.data import composed

media = pytest.mark.skipif(not composed.FOLDER.is_dir(), reason="the test media are absent")


def test_no_meeting_is_in_two_sets() -> None:
    names = [name for meetings in composed.SETS.values() for name in meetings]
    assert len(set(names)) == len(names)


@media
@pytest.mark.parametrize("name", [name for meetings in composed.SETS.values() for name in meetings])
def test_everybody_in_a_meeting_can_be_enrolled(name: str) -> None:
    meeting = composed.load(name)
    assert meeting.path.is_file()
    for person in meeting.people:
        assert person in composed.everybody()
        assert (composed.person_folder(person) / "voice.wav").is_file()
        assert len(list(composed.person_folder(person).glob("face*.jpg"))) == 2


@media
def test_the_validation_set_has_people_of_its_own() -> None:
    known = {path.name for path in composed.FOLDER.glob("people/*")}
    everybody = composed.everybody()
    assert set(everybody) > known
    assert len(set(everybody)) == len(everybody)

"""Two people never bear one label in an export, whatever they are called."""

from hypothesis import given
from hypothesis import strategies as st

from timeline import (
    Person,
    Recording,
    Timeline,
    Track,
    Turn,
    Word,
    distinct,
    from_aavid,
    label_scores,
    labels_of,
    timeline_labeled,
    to_captions,
    to_rttm,
)

NAMES = st.lists(st.sampled_from(["Ann", "Ann 2", "a b", "a_b", "a_b_2", "Unknown", "unknown_1"]), max_size=6)


def as_field(label: str) -> str:
    return "_".join(label.split())


@given(NAMES)
def test_labels_differ_as_they_are_written_and_the_first_stays(names: list[str]) -> None:
    made = list(distinct(enumerate(names), as_field, ["Unknown"]).values())
    assert len({as_field(label) for label in made}) == len(names)
    assert "Unknown" not in made
    assert all(label.startswith(name) for label, name in zip(made, names, strict=True))
    assert [label for label in made[:1] if names[0] != "Unknown"] == [name for name in names[:1] if name != "Unknown"]


def meeting(*names: str) -> Timeline:
    people = [Person(id=f"p{i}", pseudonym=name) for i, name in enumerate(names)]
    return Timeline(
        recording=Recording(duration=len(names)),
        people=people,
        tracks=[Track(id=p.id, person=p.id, start=0, end=1, speaking=[(0, 0.5)]) for p in people],
        turns=[Turn(start=i, end=i + 1, person=p.id) for i, p in enumerate(people)],
        words=[Word(start=i, end=i + 0.5, text="hi", person=p.id) for i, p in enumerate(people)],
    )


def test_two_people_of_one_name_are_two_in_every_file() -> None:
    made = meeting("Ann", "Ann", "a b", "a_b")
    assert list(labels_of(made).values()) == ["Ann", "Ann 2", "a b", "a_b"]
    assert [caption.speaker for caption in to_captions(made)] == ["Ann", "Ann 2", "a b", "a_b"]
    assert [line.split()[7] for line in to_rttm(made).splitlines()] == ["Ann", "Ann_2", "a_b", "a_b_2"]


def test_aavid_s_files_tell_them_apart_and_somebody_called_unknown_from_unknown_faces() -> None:
    made = meeting("a b", "a_b", "Unknown")
    assert [line.split()[2] for line in timeline_labeled(made).splitlines()] == ["a_b", "a_b_2", "Unknown_2"]
    assert label_scores(made).count("frames") == 3
    assert len(from_aavid(label_scores(made), timeline_labeled(made)).people) == 3

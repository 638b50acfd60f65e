"""AAVID's text files: equal to files written by hand from the description in docs/reference/files.md, and read back."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeline import Person, Recording, Timeline, Track, Turn
from timeline.aavid import from_aavid, label_scores, speaking_segments, timeline_labeled

GOLDEN = Path(__file__).parent / "aavid"


def odds(score: float, frames: range) -> list[tuple[float, float]]:
    """Rows ``[t, probability]`` of a face with that score (log-odds) in those frames."""
    return [(frame / 25, 1 / (1 + 2.718281828459045**-score)) for frame in frames]


def face(id: str, person: str | None, speaking: list[tuple[float, float]]) -> Track:
    return Track(id=id, person=person, start=speaking[0][0], end=speaking[-1][0], speaking=speaking)


def named(id: str, name: str) -> Person:
    return Person(id=id, name=name, pseudonym="Speaker 9", registered=True)


def unknown(id: str) -> Person:
    return Person(id=id, pseudonym="unknown_1")


MEETINGS = {
    "two_people": Timeline(
        recording=Recording(duration=8),
        people=[named("p1", "Ann Lee"), unknown("p2")],
        tracks=[face("t1", "p1", odds(1.5, range(100, 180))), face("t2", None, odds(-2, range(40)))],
        turns=[Turn(start=4, end=7.2, person="p1"), Turn(start=0.24, end=2, person="p2")],
    ),
    "overlap": Timeline(
        recording=Recording(duration=8),
        people=[named("p1", "Zoë"), named("p2", "José"), unknown("p3")],
        tracks=[
            face("t1", "p1", odds(0.4, range(100))),
            face("t2", "p2", odds(3, range(50, 80))),
            face("t3", "p1", odds(-0.6, range(100, 140)) + odds(2.25, range(140, 200))),
        ],
        turns=[
            Turn(start=0, end=8, person="p1", overlap=True),
            Turn(start=2, end=3.2, person="p2", overlap=True),
            Turn(start=2, end=3.5, person="p3", overlap=True),
        ],
    ),
    "nobody_speaks": Timeline(
        recording=Recording(duration=10),
        people=[named("p1", "sam")],
        tracks=[face("t1", "p1", odds(-1, range(250)))],
    ),
}
FILES = {
    "speaking_segments.json": speaking_segments,
    "label_scores.txt": label_scores,
    "timeline_labeled.txt": timeline_labeled,
}
each = pytest.mark.parametrize("meeting", MEETINGS)


def golden(meeting: str, name: str) -> str:
    return (GOLDEN / meeting / name).read_text(encoding="utf-8")


def written(timeline: Timeline) -> dict[str, str]:
    return {name: write(timeline) for name, write in FILES.items()}


@each
@pytest.mark.parametrize("name", FILES)
def test_files_are_those_of_the_description(meeting: str, name: str) -> None:
    assert FILES[name](MEETINGS[meeting]) == golden(meeting, name)


@each
def test_files_are_the_same_after_they_were_a_timeline(meeting: str) -> None:
    files = {name: golden(meeting, name) for name in FILES}
    read = from_aavid(files["label_scores.txt"], files["timeline_labeled.txt"])
    assert written(Timeline.from_json(read.to_json())) == files


names = st.text("abÄ מ'\"-", min_size=1, max_size=6).map(lambda text: " ".join(text.split())).filter(bool)


def as_field(label: str) -> str:
    return "_".join(label.split())


@given(
    st.dictionaries(names, st.lists(st.integers(-9_200, 9_200), min_size=1, max_size=90), max_size=3),
    st.lists(
        st.tuples(st.integers(0, 10**7), st.integers(0, 10**4), names.map(lambda n: "_".join(n.split()))), max_size=5
    ),
)
def test_any_files_are_the_same_after_they_were_a_timeline(
    faces: dict[str, list[int]], turns: list[tuple[int, int, str]]
) -> None:
    scores = "".join(
        f"{label}\n  frames: {list(range(7, 7 + len(s)))}\n  scores: {[x / 1000 for x in s]}\n\n"
        for label, s in faces.items()
    )
    rows = sorted((a / 1000, (a + d) / 1000, label) for a, d, label in turns)
    labeled = "".join(f"{a:.3f} {b:.3f} {label}\n" for a, b, label in rows)
    if len(set(map(as_field, faces))) < len(faces):
        return  # "a b" and "a_b" are one person in timeline_labeled.txt
    once = written(from_aavid(scores, labeled))
    assert once["label_scores.txt"] == scores
    assert sorted(once["timeline_labeled.txt"].splitlines()) == sorted(labeled.splitlines())
    assert written(from_aavid(once["label_scores.txt"], once["timeline_labeled.txt"])) == once


def segments(scores: list[float]) -> list[list[int]]:
    rows = [row for frame, score in enumerate(scores) for row in odds(score, range(frame, frame + 1))]
    made = Timeline(recording=Recording(duration=99), people=[named("p1", "Ann")], tracks=[face("t1", "p1", rows)])
    found: list[list[int]] = json.loads(speaking_segments(made))["Ann"]
    return found


def test_a_segment_is_padded_a_short_one_left_out_and_a_pause_closed() -> None:
    talk, hush = [1.0], [-1.0]
    assert segments(talk * 31) == [[-15, 45]]
    assert segments(talk * 30) == []
    assert segments(talk * 100 + hush * 59 + talk * 100) == [[-15, 273]]
    assert segments(talk * 100 + hush * 60 + talk * 100) == [[-15, 114], [145, 274]]
    assert segments(talk * 100 + hush * 29 + talk * 100) == [[-15, 243]]


def test_frames_count_at_25_a_second_whatever_the_rate_of_the_picture() -> None:
    at_10 = [(n / 10, 0.9) for n in range(11)]
    apart = [*at_10, *[(t + 5, 0.9) for t, _ in at_10]]
    made = Timeline(recording=Recording(duration=9), tracks=[Track(id="t", start=0, end=6, speaking=apart)])
    frames = json.loads(label_scores(made).splitlines()[1].removeprefix("  frames: "))
    assert frames == [*range(26), *range(125, 151)]


def test_numbers_as_numpy_writes_them_are_read() -> None:
    read = from_aavid("sam\n  frames: [0, 1]\n  scores: [np.float64(0.5), -1.2199999999999998]\n\n")
    assert label_scores(read) == "sam\n  frames: [0, 1]\n  scores: [0.5, -1.22]\n\n"


BAD = [
    "sam\n  frames: [0]\n",
    "sam\n  scores: [0]\n  frames: [0]\n",
    "sam\n  frames: [0, 1]\n  scores: [1]\n",
    "a\nb\nc\n",
]


@pytest.mark.parametrize("text", [*BAD, "sam\n  frames: [__import__('os')]\n  scores: [0]\n"])
def test_what_are_no_scores_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="not scores of AAVID"):
        from_aavid(text)


def test_what_is_no_turn_is_named() -> None:
    with pytest.raises(ValueError, match="line 2 is no turn"):
        from_aavid("", "0 1 sam\n0 sam\n")


def test_labels_of_files_become_pseudonyms() -> None:
    read = from_aavid("Ann Lee\n  frames: [0]\n  scores: [1.0]\n\n", "0 1 Ann_Lee\n1 2 unknown_1\n")
    assert [(p.name, p.pseudonym, p.registered) for p in read.people] == [
        (None, "Ann Lee", False),
        (None, "unknown_1", False),
    ]
    assert read.tracks[0].person == read.turns[0].person == "p1"

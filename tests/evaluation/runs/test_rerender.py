"""The word that is taken out for the measurement stands in the clear, near the middle."""

from evaluation.runs.rerender import changed_lines, cpu_seconds, word_to_take
from timeline import Recording, Redaction, Timeline, Word


def test_a_long_word_in_the_middle_that_stands_in_the_clear_is_taken() -> None:
    gone = Redaction(id="r1", kind="word", start=5, end=6, operator="beep", reason="x")
    timeline = Timeline(
        recording=Recording(duration=10),
        words=[
            Word(start=1, end=2, text="begins"),
            Word(start=4, end=4.2, text="and"),
            Word(start=5, end=6, text="[PERSON]", redaction="r1"),
            Word(start=6.5, end=7, text="middle"),
        ],
        redactions=[gone],
    )
    assert word_to_take(timeline).text == "middle"


def test_cost_only_grows() -> None:
    assert 0 <= cpu_seconds() <= cpu_seconds()


def test_a_line_that_was_added_is_one_line_though_all_others_moved() -> None:
    words = [Word(start=n, end=n + 1, text=f"word{n}") for n in range(4)]
    before = Timeline(recording=Recording(duration=4), words=words)
    after = before.model_copy(update={"words": [Word(start=0, end=0.5, text="new"), *words]})
    assert "    words: 0 of 4 only before, 1 only after" in list(changed_lines(before, after))

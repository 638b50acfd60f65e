"""Kaldi's folder, Audacity's labels and Label Studio's tasks as lhotse, crowsetta and label-studio-sdk read them.

These bring torch and gigabytes, so they live in a Python of their own: set DISCREET_READERS_PYTHON.
"""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from discreet.export.utterances import speakers, utterances
from discreet.export.write import export
from tests.discreet.export.test_read_back import EMPTY, NAMESAKES, ONE_WORD, TALK, timelines
from timeline import Timeline

READERS = os.environ.get("DISCREET_READERS_PYTHON")
FORMATS = ("kaldi", "aud", "label-studio")
COUNT = 40


@pytest.mark.skipif(
    not READERS, reason="set DISCREET_READERS_PYTHON to a Python with lhotse, crowsetta, label-studio-sdk"
)
def test_other_programs_read_the_same_times_people_and_words(tmp_path: Path) -> None:
    made = {f"{i:03d}": one for i, one in enumerate([TALK, EMPTY, ONE_WORD, NAMESAKES, *random_timelines()])}
    for name, timeline in made.items():
        export(timeline, FORMATS, tmp_path / name, overwrite=False)
    script = Path(__file__).with_name("outside_readers.py")
    done = subprocess.run([str(READERS), str(script), str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [line["folder"] for line in lines] == sorted(made)
    for line in lines:
        every = utterances(made[line["folder"]], speakers(made[line["folder"]]))
        times = Counter((ms(u.start), ms(u.end)) for u in every)
        for format in FORMATS:
            assert Counter((ms(a), ms(b)) for a, b, *_ in line[format]) == times, (line["folder"], format)
        assert Counter(text for *_, text in line["kaldi"]) == Counter(u.text for u in every)
        assert Counter(Counter(who for _, _, who, _ in line["kaldi"]).values()) == Counter(
            Counter(u.speaker for u in every).values()
        )
        assert Counter((who, text) for *_, who, text in line["label-studio"]) == Counter(
            (u.speaker, u.text) for u in every
        )
        assert Counter(label for *_, label in line["aud"]) == Counter(
            f"{u.speaker}: {u.text}" if u.words else u.speaker for u in every
        )


def ms(seconds: float) -> int:
    return round(seconds * 1000)


def random_timelines() -> list[Timeline]:
    out: list[Timeline] = []

    @settings(max_examples=COUNT, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        out.append(data.draw(timelines()))

    draw()
    return out

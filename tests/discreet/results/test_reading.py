"""A folder of results or its timeline.json is read; anything else is one clear line."""

from pathlib import Path

import pytest

from discreet.results.reading import read_timeline
from timeline import InputError, Recording, Timeline

MADE = Timeline(recording=Recording(duration=1))


def test_a_folder_and_its_file_give_the_same_document(tmp_path: Path) -> None:
    (tmp_path / "timeline.json").write_text(MADE.to_json(), encoding="utf-8")
    assert read_timeline(tmp_path) == read_timeline(tmp_path / "timeline.json") == MADE


BAD = {
    "cannot be read": None,
    "is not a timeline": "[1, 2]",
    "is of another version": '{"schema": "discreet/timeline/9"}',
    "is damaged": '{"schema": "discreet/timeline/1", "people": []}',
}


@pytest.mark.parametrize("why", BAD)
def test_what_is_no_document_is_named(tmp_path: Path, why: str) -> None:
    if BAD[why] is not None:
        (tmp_path / "timeline.json").write_text(str(BAD[why]), encoding="utf-8")
    with pytest.raises(InputError, match=why):
        read_timeline(tmp_path)

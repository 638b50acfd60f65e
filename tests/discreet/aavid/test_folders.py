"""Where AAVID's scripts look: the video is named without its ending."""

from pathlib import Path

import pytest

from discreet.aavid.folders import Folders, find_video
from timeline import InputError


def test_a_video_is_found_by_its_name_without_ending_and_beside_its_sidecars(tmp_path: Path) -> None:
    for name in ("masked.spool", "masked.faces", "masked.timeline.json", "masked2.mp4", "masked.avi"):
        (tmp_path / name).touch()
    assert find_video(tmp_path, "masked") == tmp_path / "masked.avi"
    (tmp_path / "masked.mp4").touch()
    assert find_video(tmp_path, "masked") == tmp_path / "masked.mp4"
    assert find_video(tmp_path, "masked.avi") == tmp_path / "masked.avi"


@pytest.mark.parametrize("name", ["other", "mask*", "masked.txt", ""])
def test_no_video_is_one_clear_line(tmp_path: Path, name: str) -> None:
    (tmp_path / "masked.mp4").touch()
    with pytest.raises(InputError, match="holds no video"):
        find_video(tmp_path, name)


def test_results_lie_where_aavid_leaves_them() -> None:
    folders = Folders(Path("output/masked"))
    assert folders.video_out == Path("output/masked/pyavi/video_out.avi")
    assert folders.work == Path("output/masked/pywork")

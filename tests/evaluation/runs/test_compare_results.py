"""A comparison of results finds every difference but those between two runs of one version."""

import json
import sys

import av
import numpy as np
import pytest

from evaluation.runs import compare_results
from evaluation.runs.compare_results import compare_folders, compare_timelines, compare_videos, leaves

DOCUMENT = {
    "turns": [{"start": 1.0, "person": "p1"}],
    "redactions": [{"reason": "not like anybody (0.22 < 0.42)"}],
    "provenance": {"version": "1", "created": "then", "stages": [{"seconds": 1.0}], "settings": {"a": 1}, "notes": []},
}


def timeline(**changes):
    document = json.loads(json.dumps(DOCUMENT))
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = document
        for key in parents:
            place = place[int(key) if key.isdigit() else key]
        place[last] = value
    return json.dumps(document).encode()


def differences(after, any_wording=False):
    return compare_timelines("demo", timeline(), after, any_wording).differences


def video(path, frames):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width = stream.height = 16
        stream.pix_fmt = "yuv420p"
        for level in frames:
            picture = av.VideoFrame.from_ndarray(np.full((16, 16, 3), level, np.uint8), "rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def folder(path, levels=(10, 20), text="hello"):
    path.mkdir(parents=True)
    (path / "timeline.json").write_bytes(timeline())
    (path / "transcript.txt").write_text(text)
    (path / "report.txt").write_text(f"took {len(levels)} s")
    video(path / "video.mkv", levels).rename(path / "safe.mp4")
    return path


def test_every_plain_value_has_a_path():
    assert dict(leaves({"a": [{"b": 1}, {}], "c": []})) == {"a[0].b": 1, "a[1]": {}, "c": []}


def test_the_version_the_date_and_the_costs_may_differ():
    changed = timeline(provenance__version="2", provenance__created="now", provenance__stages=[])
    assert differences(changed) == ()


def test_a_changed_value_is_a_difference():
    assert differences(timeline(turns__0__start=1.001)) == ("turns[0].start: 1.0 -> 1.001",)


def test_a_missing_value_is_a_difference():
    assert differences(timeline(turns=[])) == (
        "turns: only in AFTER",
        "turns[0].person: only in BEFORE",
        "turns[0].start: only in BEFORE",
    )


def test_a_new_setting_is_a_remark_and_a_changed_one_a_difference():
    added = compare_timelines("demo", timeline(), timeline(provenance__settings={"a": 1, "b": 2}))
    assert (added.differences, added.remarks) == ((), ("provenance.settings.b: only in AFTER",))
    assert differences(timeline(provenance__settings={"a": 2})) == ("provenance.settings.a: 1 -> 2",)


def test_other_words_differ_unless_any_wording_is_right_but_other_numbers_always_differ():
    reworded = timeline(redactions__0__reason="unlike everybody (0.22 < 0.42)")
    assert len(differences(reworded)) == 1
    assert differences(reworded, any_wording=True) == ()
    assert len(differences(timeline(redactions__0__reason="not like anybody (0.3 < 0.42)"), any_wording=True)) == 1


def test_a_renamed_text_is_no_difference(monkeypatch):
    monkeypatch.setitem(compare_results.RENAMED, "not like anybody (0.22 < 0.42)", "a stranger")
    assert differences(timeline(redactions__0__reason="a stranger")) == ()


def test_one_changed_frame_is_found_with_its_time(tmp_path):
    one, two = video(tmp_path / "one.mkv", (10, 20, 30)), video(tmp_path / "two.mkv", (10, 21, 30))
    assert compare_videos("demo", one, one).differences == ()
    assert compare_videos("demo", one, two).differences == ("frame at 0.0400 s: other content",)


def test_a_missing_frame_is_found(tmp_path):
    one, two = video(tmp_path / "one.mkv", (10, 20)), video(tmp_path / "two.mkv", (10,))
    assert compare_videos("demo", one, two).differences == ("frame at 0.0400 s -> nothing",)


def test_folders_are_compared_file_by_file_without_the_report(tmp_path):
    one, two = folder(tmp_path / "one"), folder(tmp_path / "two", (10, 20), text="hullo")
    (two / "report.txt").write_text("took longer")
    found = {row.item: len(row.differences) for row in compare_folders("demo", one, two)}
    assert found == {"safe.mp4": 0, "timeline.json": 0, "transcript.txt": 1}


def test_a_file_that_only_one_side_has_is_a_difference(tmp_path):
    one, two = folder(tmp_path / "one"), folder(tmp_path / "two")
    (one / "turns.rttm").write_text("")
    [row] = [row for row in compare_folders("demo", one, two) if row.differences]
    assert (row.item, row.differences) == ("turns.rttm", ("only in BEFORE",))


@pytest.mark.parametrize(("text", "status"), [("hello", None), ("hullo", 1)])
def test_the_exit_status_says_whether_anything_differs(tmp_path, monkeypatch, capsys, text, status):
    folder(tmp_path / "before" / "demo")
    folder(tmp_path / "after" / "demo", text=text)
    monkeypatch.setattr(sys, "argv", ["compare_results", str(tmp_path / "before"), str(tmp_path / "after")])
    if status is None:
        compare_results.main()
    else:
        with pytest.raises(SystemExit) as stop:
            compare_results.main()
        assert stop.value.code == status
    assert "3 items compared" in capsys.readouterr().out


def test_nothing_to_compare_is_a_failure(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["compare_results", str(tmp_path), str(tmp_path)])
    with pytest.raises(SystemExit):
        compare_results.main()


def test_a_run_uses_the_registries_it_finds_and_makes_those_it_lacks(tmp_path, monkeypatch):
    calls = []

    class Meeting:
        path = tmp_path / "meeting.mp4"

    def demo(command, flag, out, overwrite, *, registry, repeatable):
        (tmp_path / "after" / "demo-registered").mkdir(exist_ok=True)
        calls.append((command, registry))

    monkeypatch.setattr(compare_results, "run_discreet", demo)
    monkeypatch.setattr(compare_results.composed, "load", lambda name: Meeting)
    monkeypatch.setattr(compare_results, "Store", object)
    monkeypatch.setattr(compare_results, "enrolled_registry", lambda folder, meeting, store: folder.mkdir())
    monkeypatch.setattr(
        compare_results, "process_meeting", lambda _, out, reg, **__: calls.append((out.name, reg.name))
    )
    compare_results.run_all(tmp_path / "after", tmp_path / "kept", ("demo", "m"))
    assert calls == [("demo", None), ("m", "m")]
    assert {path.name for path in (tmp_path / "kept").iterdir()} == {"demo", "m"}
    compare_results.run_all(tmp_path / "after", tmp_path / "kept", ("demo",))
    assert calls[-1] == ("demo", tmp_path / "after" / "demo-registered"), "a registry that was copied is accepted"

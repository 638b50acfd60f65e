"""Two runs on one machine give the same frames, samples and timeline; only the noise of mosaics is new in each."""

from __future__ import annotations

from pathlib import Path

import pytest

from capture import AudioFile, SafeWriter, VideoFile, probe
from capture.media_info import Picture
from evaluation.data.processed_meetings import process_meeting
from evaluation.runs.compare_results import compare_folders
from registered import Registry
from weights import Store

MODELS = ("yunet", "sface", "silero-vad", "segmentation-3.0", "ecapa", "campplus", "whisper-base", "spacy-en-sm")
SECONDS = 3.0


@pytest.mark.slow
@pytest.mark.models
def test_two_runs_give_the_same_whatever_new_memory_holds_and_however_many_threads_there_are(
    tmp_path: Path, store: Store, needs, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs(store, *MODELS, "demo-clip")
    clip, start = store.path("demo-clip"), tmp_path / "start.mp4"
    info = probe(clip)
    with SafeWriter(start, Picture(info.width, info.height, info.fps), 16000) as writer:
        for time, frame in VideoFile(clip):
            if time < SECONDS:
                writer.write_frame(time, frame)
        for block in AudioFile(clip, 16000).blocks(round(SECONDS)):
            writer.write_audio(block)
            break
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    people = Registry.open(tmp_path / "people", "file").folder
    for name, memory, threads in (("one", "0", "1"), ("two", "1", "2")):
        monkeypatch.setenv("MALLOC_PERTURB_", memory)  # glibc: what new memory holds
        monkeypatch.setenv("OMP_NUM_THREADS", threads)
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", threads)
        process_meeting(start, tmp_path / name, people, repeatable=True)
    rows = list(compare_folders("start", tmp_path / "one", tmp_path / "two"))
    assert {row.item for row in rows} >= {"safe.mp4", "timeline.json", "transcript.txt"}
    assert not [str(row) for row in rows if row.differences]

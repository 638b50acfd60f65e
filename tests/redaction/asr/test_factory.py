"""Every recogniser behind one call: which one a name means, what it needs, and what is said where that is missing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from redaction import RedactionSettings, Transcriber
from redaction.asr.factory import canonical, local_models, speech_recogniser, store_models
from redaction.asr.whisperx import WhisperX
from redaction.asr.word_timing import interpolated
from redaction.settings import WhisperXSettings
from timeline import ArrayAudio, ModelError
from weights import Store

COVERS = (
    "redaction.asr.vosk",
    "redaction.asr.whisperx_worker",
)


def quiet_store(folder):
    return Store(folder, local=[])


def a_whisper(folder):
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (folder / name).write_bytes(b"x")
    return folder


def test_a_name_an_engine_or_a_folder_says_what_hears(tmp_path):
    store = quiet_store(tmp_path)
    assert canonical("vosk") == "vosk-small-en"
    assert store_models(store, RedactionSettings()) == ["whisper-base"]
    assert store_models(store, RedactionSettings(asr="vosk")) == ["vosk-small-en"]
    assert store_models(store, RedactionSettings(asr="whisperx")) == ["whisper-base"]
    folder = a_whisper(tmp_path / "whisper-small")
    for name in ("whisper-small", str(folder)):
        chosen = RedactionSettings(asr=name)
        assert store_models(store, chosen) == []
        # Nobody vouches for it, so the document says which one it was.
        assert local_models(store, chosen) == {
            "whisper-small": "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        }
    assert local_models(store, RedactionSettings()) == {}


def test_what_is_not_there_is_said_in_one_line_with_a_remedy(tmp_path):
    store = quiet_store(tmp_path)
    for asr, said in (("whisper-huge", "no speech recogniser"), ("whisper-base", "is not on this machine")):
        with pytest.raises(ModelError, match=said) as refused:
            speech_recogniser(store, RedactionSettings(asr=asr))
        assert refused.value.remedy
        assert "\n" not in str(refused.value)
    with pytest.raises(ModelError, match="only English"):
        speech_recogniser(store, RedactionSettings(asr="vosk", language="de"))


def test_whisperx_says_which_part_is_missing(tmp_path):
    store = quiet_store(tmp_path)
    folder = a_whisper(tmp_path / "own")

    def start(**parts):
        own = WhisperXSettings(model=str(folder), **parts)
        speech_recogniser(store, RedactionSettings(asr="whisperx", whisperx=own))

    with pytest.raises(ModelError, match="wav2vec2") as refused:
        start()
    assert "redaction.whisperx.align" in refused.value.remedy
    align = tmp_path / "align"
    align.mkdir()
    (align / "config.json").touch()
    (align / "vocab.json").touch()
    with pytest.raises(ModelError, match="punkt_tab"):
        start(align=align, punkt=tmp_path)
    with pytest.raises(ModelError, match="not installed") as refused:
        start(align=align, python=tmp_path / "none")
    assert refused.value.remedy == "./setup.sh --with whisperx"


PLAYED = """
import json, sys
first = json.loads(sys.stdin.buffer.readline())
for answer in first["answers"]:
    if answer == "hang":
        import time; time.sleep(60)
    print(json.dumps(answer), flush=True)
    line = sys.stdin.buffer.readline()
    if not line:
        break
    sys.stdin.buffer.read(4 * json.loads(line)["samples"])
"""


def played(*answers, patience=20.0):
    """A child that gives these answers, one for each request."""
    child = subprocess.Popen([sys.executable, "-c", PLAYED], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    made = WhisperX(child, patience)
    made._send({"answers": list(answers)})
    return made


def test_a_child_hears_over_its_pipes_and_ends_with_its_parent():
    words = [["It", 0.1, 0.3, 0.9], ["cost", 0.4, 0.7, 0.8], ["$13.60.", None, None, None], ["now", 1.5, 1.9, 0.9]]
    hears = played({"words": words, "languages": {"en": 0.9}, "sure": -0.2}, {"error": "RuntimeError", "where": "x:1"})
    heard, languages = hears(np.zeros(32000, np.float32), None)
    assert languages == {"en": 0.9}
    assert [w.text for w in heard] == [" It", " cost", " $13.60.", " now"]
    assert (heard[2].start, heard[2].end, heard[2].probability) == (0.7, 1.5, 0.0)
    with pytest.raises(ModelError, match="RuntimeError in x:1"):
        hears(np.zeros(160, np.float32), "en")
    assert hears._child.poll() is not None


@pytest.mark.parametrize(
    ("answers", "patience", "said"), [([], 60.0, "its process ended"), (["hang"], 0.5, "no answer within")]
)
def test_a_child_that_dies_or_hangs_is_an_error(answers, patience, said):
    with pytest.raises(ModelError, match=said):
        played(*answers, patience=patience)(np.zeros(160, np.float32), "en")


def test_words_without_times_share_the_room_between_their_neighbours():
    words = [("in", 0.0, 0.2, 0.9), ("2014.", None, None, None), ("and", None, 0.5, None), ("so", 1.0, 1.2, 0.9)]
    heard = interpolated(words, 2.0)
    assert [(w.start, round(w.end, 2)) for w in heard] == [(0.0, 0.2), (0.2, 0.7), (0.7, 1.0), (1.0, 1.2)]
    assert [w.probability for w in heard[1:3]] == [0.0, 0.0]
    assert interpolated([("a", None, None, None)], 2.0)[0].end == 2.0
    assert interpolated([], 2.0) == []


def test_the_child_opens_no_connection_and_needs_no_data_for_sentences(tmp_path):
    code = """
import json, socket, sys
sys.path.insert(0, sys.argv[1])
import whisperx_worker as child
child.no_network()
try:
    socket.create_connection(("127.0.0.1", 9), 1)
except child.RefusedError:
    print("refused")
"""
    folder = Path(__file__).parents[3] / "redaction" / "asr"
    done = subprocess.run([sys.executable, "-c", code, str(folder)], capture_output=True, text=True, timeout=60)
    assert done.stdout == "refused\n", done.stderr


@pytest.mark.models
@pytest.mark.media
def test_vosk_hears_read_speech_in_one_piece_and_as_a_stream(store, needs, media):
    pytest.importorskip("vosk", reason="the extra vosk is not installed")
    needs(store, "vosk-small-en")
    sf = pytest.importorskip("soundfile")
    samples, _ = sf.read(media / "voices" / "libri_1688" / "1688-142285-0000.flac", dtype="float32")
    samples = samples[: 6 * 16000]
    hears = speech_recogniser(store, RedactionSettings(asr="vosk", language="en"))
    transcript = Transcriber(hears, RedactionSettings(language="en")).transcribe(ArrayAudio(samples))
    text = " ".join(w.text for w in transcript.words)
    assert "iron they say in all our blood" in text
    stream = hears.stream()
    words = [w for at in range(0, len(samples), 3000) for w in stream.push(samples[at : at + 3000])] + stream.flush()
    assert [w.text for w in words] == text.split()
    assert all(0 <= w.start < w.end <= 6.1 for w in words)
    assert 0 < stream.latency < 15


@pytest.mark.models
@pytest.mark.media
def test_whisperx_hears_read_speech_in_its_own_environment(store, needs, media):
    python, align = os.environ.get("DISCREET_WHISPERX_PYTHON"), os.environ.get("DISCREET_WHISPERX_ALIGN")
    if not (python and align):
        pytest.skip("WhisperX is not set up (DISCREET_WHISPERX_PYTHON, DISCREET_WHISPERX_ALIGN)")
    needs(store, "whisper-base")
    sf = pytest.importorskip("soundfile")
    samples, _ = sf.read(media / "voices" / "vctk_p225" / "p225_003.flac", dtype="float32")
    given = RedactionSettings(asr="whisperx", whisperx=WhisperXSettings(python=Path(python), align=Path(align)))
    transcript = Transcriber.from_store(store, given).transcribe(ArrayAudio(samples))
    assert transcript.language == "en"
    assert "brother Bob." in " ".join(w.text for w in transcript.words)
    assert all(w.start <= w.end for w in transcript.words)


def test_the_childs_answers_quote_nothing_when_it_fails():
    child = Path(__file__).parents[3] / "redaction" / "asr" / "whisperx_worker.py"
    request = json.dumps({"model": "secret-name"}).encode() + b"\n"
    done = subprocess.run([sys.executable, "-I", str(child)], input=request, capture_output=True, timeout=60)
    answer = json.loads(done.stdout)
    assert answer["error"]
    assert b"secret-name" not in done.stdout

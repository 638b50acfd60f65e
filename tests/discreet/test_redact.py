"""Sound alone: found, listed, reviewed, taken out; and no private word anywhere that was not asked for."""

import json
import stat
from functools import partial

import numpy as np
import pytest
from typer.testing import CliRunner

from capture import AudioFile, SoundWriter, probe
from discreet.cli.app import app
from discreet.pipeline.amplify import Normalised, normalised
from discreet.results.review_file import ReviewError, read_review, review_text, write_review
from redaction import Clip
from timeline import ArrayAudio, ExitCode, OutputError, Redaction, Word

HASH = "a" * 64
FOUND = [
    Redaction(id="w1", kind="word", start=1.0, end=1.5, entity="PERSON", operator="beep", score=0.8, reason='a "name"'),
    Redaction(
        id="u1", kind="word", start=3.0, end=4.0, entity="NOT_UNDERSTOOD", operator="silence", reason="not understood"
    ),
]
SAID = {"w1": [Word(start=1.1, end=1.4, text='Zoë\t"Zed"')]}


@pytest.fixture
def wav(tmp_path):
    path = tmp_path / "talk.wav"
    with SoundWriter(path, 16000, 1) as out:
        out.write(np.random.default_rng(0).normal(0, 0.1, 5 * 16000).astype(np.float32))
    return path


def written(path, text):
    write_review(path, text, overwrite=True)
    return path


def test_a_review_holds_words_only_if_asked_and_is_its_owners_alone(tmp_path):
    path = written(tmp_path / "r.toml", review_text(HASH, FOUND, SAID, words=False))
    assert "Zoë" not in path.read_text("utf-8")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o644)
    written(path, review_text(HASH, FOUND, SAID, words=True))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    review = read_review(path, HASH)
    assert review.find[0].said == 'Zoë\t"Zed"'
    assert [(r.id, r.start, r.end, r.operator) for r in review.redactions()] == [
        ("w1", 1.0, 1.5, "beep"), ("u1", 3.0, 4.0, "silence")]  # fmt: skip
    with pytest.raises(OutputError):
        write_review(path, "", overwrite=False)


def test_a_person_approves_rejects_and_adds(tmp_path):
    text = review_text(HASH, FOUND, SAID, words=False)
    text = text.replace('id = "w1"\ndecision = "redact"', 'id = "w1"\ndecision = "keep"')
    review = read_review(written(tmp_path / "r.toml", text + "\n[[add]]\nstart = 2\nend = 2.5\n"), HASH)
    assert [(r.start, r.end, r.operator) for r in review.redactions()] == [(3.0, 4.0, "silence"), (2.0, 2.5, "beep")]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("finds = 2", "finds = 3", "are left"),  # a find was lost
        ('"redact"', '"leave"', "decision"),
        ("end = 1.5", "end = 0.5", "after start"),
        ("end = 1.5", "end = nan", "end"),
        ('id = "u1"', 'id = "w1"', "twice"),
        ("[[find]]", "[[finde]]", "finde"),
        ("start = 3.0", "start = ", "not TOML"),
        (HASH, "b" * 64, "another recording"),
    ],
)
def test_a_review_that_was_broken_is_refused(tmp_path, old, new, said):
    text = review_text(HASH, FOUND, SAID, words=True)
    assert old in text
    with pytest.raises(ReviewError, match=said) as refused:
        read_review(written(tmp_path / "r.toml", text.replace(old, new)), HASH)
    assert refused.value.exit_code == ExitCode.USAGE
    assert "Zoë" not in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("start = 1.0\nend = 1.5", "start = 5.0\nend = 5.5", "w1"),  # behind the end of five seconds
        ("start = 1.0\nend = 1.5", "start = 90\nend = 95", "w1"),
        ("end = 1.5", "end = 1e308", "w1"),
        ("end = 1.5", "end = 1.0004", "w1"),
        ("end = 1.5", "end = 1.01", "w1"),  # shorter than any sound of a word
        ('operator = "silence"', 'operator = "keep"', "u1"),
        ('operator = "silence"', 'operator = "beeep"', "u1"),
        ("", "[[add]]\nstart = 1\nend = 2\n[[add]]\nstart = 7\nend = 8\n", "add 2"),
        ("", "[[add]]\nstart = 2.0001\nend = 2.0002\n", "add 1"),
        ("", '[[add]]\nstart = 2\nend = 3\noperator = "keep"\n', "add 1"),
    ],
)
def test_a_row_that_takes_nothing_out_is_refused_by_its_name(tmp_path, wav, old, new, said):
    from discreet.pipeline.source import source_hash

    text = review_text(source_hash(wav), FOUND, SAID, words=False)
    assert old in text
    path = written(tmp_path / "r.toml", text.replace(old, new, 1) if old else text + "\n" + new)
    done = CliRunner().invoke(app, ["redact", str(wav), "--apply", str(path), "-o", str(tmp_path / "safe.wav")])
    assert done.exit_code == ExitCode.USAGE, done.output
    assert said in done.output
    assert not (tmp_path / "safe.wav").exists()


def test_a_review_that_keeps_everything_is_not_said_to_have_found_nothing(tmp_path, wav):
    from discreet.pipeline.source import source_hash

    text = review_text(source_hash(wav), FOUND, SAID, words=False).replace(
        '\ndecision = "redact"', '\ndecision = "keep"'
    )
    path = written(tmp_path / "r.toml", text)
    done = CliRunner().invoke(app, ["redact", str(wav), "--apply", str(path), "-o", str(tmp_path / "safe.wav")])
    assert done.exit_code == 0, done.output
    assert "as the review says" in done.output
    assert "Nothing private was found" not in done.output


def test_what_stands_may_lie_anywhere_and_what_goes_may_end_with_the_recording(tmp_path, wav):
    from discreet.pipeline.source import source_hash

    text = review_text(source_hash(wav), FOUND, SAID, words=False)
    text = text.replace("start = 1.0\nend = 1.5", "start = 9.0\nend = 9.5")
    text = text.replace('decision = "redact"\nstart = 9.0', 'decision = "keep"\nstart = 9.0')
    path = written(tmp_path / "r.toml", text.replace("end = 4.0", "end = 5.2"))
    done = CliRunner().invoke(app, ["redact", str(wav), "--apply", str(path), "-o", str(tmp_path / "safe.wav")])
    assert done.exit_code == 0, done.output


def test_a_review_is_applied_without_any_model(tmp_path, wav):
    from discreet.pipeline.source import source_hash

    before = np.concatenate(list(AudioFile(wav, sample_rate=None).blocks()))
    cut = FOUND[1].model_copy(update={"operator": "remove"})
    path = written(tmp_path / "r.toml", review_text(source_hash(wav), [FOUND[0], cut], SAID, words=False))
    done = CliRunner().invoke(app, ["redact", str(wav), "--apply", str(path), "--json"])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert [row["start"] for row in answer["redactions"]] == [1.0, 3.0]
    after = np.concatenate(list(AudioFile(answer["file"], sample_rate=None).blocks()))
    assert len(after) == len(before) - 16000  # one second was cut out
    assert np.array_equal(after[: 16000 - 200], before[: 16000 - 200])
    assert abs(np.dot(after[16000:24000], before[16000:24000])) < 0.02 * np.dot(
        before[16000:24000], before[16000:24000]
    )
    assert np.array_equal(after[-15000:], before[-15000:])
    again = CliRunner().invoke(app, ["redact", str(wav), "--apply", str(path)])
    assert again.exit_code == ExitCode.OUTPUT
    both = CliRunner().invoke(app, ["redact", str(wav), "--apply", str(path), "--dry-run"])
    assert both.exit_code == ExitCode.USAGE


def test_a_review_says_which_name_is_spoken_and_a_person_may_take_another_of_the_list(tmp_path):
    spoken = FOUND[0].model_copy(update={"operator": "surrogate"})
    clips = {"w1": Clip(1.1, np.zeros(10, np.float32), "Robin Harper")}
    text = review_text(HASH, [spoken, FOUND[1]], SAID, words=False, clips=clips)
    review = read_review(written(tmp_path / "r.toml", text), HASH)
    assert [n.text for n in review.surrogates()["w1"]] == ["Robin", "Harper"]
    other = read_review(written(tmp_path / "r.toml", text.replace("Robin Harper", "casey")), HASH)
    assert [n.text for n in other.surrogates()["w1"]] == ["Casey"]
    with pytest.raises(ReviewError, match="says"):
        read_review(written(tmp_path / "r.toml", text.replace("Robin Harper", "Zoë")), HASH)
    assert "says" not in review_text(HASH, FOUND, SAID, words=False, clips=clips).partition("finds = 2")[2]


def test_apply_speaks_a_surrogate_and_never_the_name_of_somebody_enrolled(tmp_path, wav, monkeypatch):
    from discreet.pipeline.source import source_hash
    from registered import Answers, Consent, Enrolled, Registry

    class Voice:
        def __call__(self, phonemes, low, speed):
            assert phonemes == "ɹˈɑbən hˈɑɹpəɹ."
            return (0.3 * np.sin(2 * np.pi * 220 * np.arange(12000) / 24000)).astype(np.float32)

    people = tmp_path / "people"
    monkeypatch.setenv("DISCREET_KEYRING", "file")
    monkeypatch.setenv("DISCREET_HOME", str(tmp_path / "home"))
    spoken = FOUND[0].model_copy(update={"operator": "surrogate", "end": 2.0})
    clips = {"w1": Clip(1.2, np.zeros(9, np.float32), "Robin Harper")}
    text = review_text(source_hash(wav), [spoken], SAID, words=False, clips=clips)
    path = written(tmp_path / "r.toml", text)
    given = ["redact", str(wav), "--apply", str(path), "--registered", str(people), "--json"]
    missing = CliRunner().invoke(app, given)
    assert missing.exit_code == ExitCode.MODELS
    assert "discreet weights fetch kokoro" in missing.output
    assert 'operator = \\"beep\\"' in missing.output
    assert not (tmp_path / "talk-safe.wav").exists()
    beeped = text.replace('operator = "surrogate"', 'operator = "beep"')
    aside = written(tmp_path / "b.toml", beeped)
    done = CliRunner().invoke(app, ["redact", str(wav), "--apply", str(aside), "-o", str(tmp_path / "b.wav")])
    assert done.exit_code == 0, "what is not spoken needs no model"
    monkeypatch.setattr("weights.Store.require", lambda self, ids: None)
    monkeypatch.setattr("redaction.Kokoro.from_store", lambda store: Voice())
    done = CliRunner().invoke(app, given)
    assert done.exit_code == 0, done.output
    answer = json.loads(done.output)
    assert [row["operator"] for row in answer["redactions"]] == ["surrogate"]
    before = np.concatenate(list(AudioFile(wav, sample_rate=None).blocks()))
    after = np.concatenate(list(AudioFile(answer["file"], sample_rate=None).blocks()))
    assert np.argmax(np.abs(np.fft.rfft(after[20000:28000]))) == 110, "the synthetic voice stands there, 220 Hz"
    assert not after[16000:16400].any()
    assert np.array_equal(after[: 16000 - 200], before[: 16000 - 200])
    template = np.eye(1, 8, dtype=np.float32)
    Registry.open(people, "file").add(
        Enrolled.new("Harper Lee", Consent.granting(Answers())).with_face("sface", template)
    )
    refused = CliRunner().invoke(app, [*given, "--overwrite"])
    assert refused.exit_code == ExitCode.USAGE
    assert "enrolled" in refused.output
    assert "Lee" not in refused.output


@pytest.mark.models
def test_a_reviewed_surrogate_is_spoken_and_without_a_name_it_is_a_beep(store, needs, wav, tmp_path):
    needs(store, "kokoro")
    from discreet.config.settings import Settings
    from discreet.pipeline.source import source_hash
    from discreet.redact import reviewed
    from registered import Registry

    people = partial(Registry.open, tmp_path / "people", "file")
    spoken = FOUND[0].model_copy(update={"operator": "surrogate"})
    text = review_text(source_hash(wav), [spoken], SAID, words=False, clips={"w1": Clip(1, np.zeros(9, "f4"), "Robin")})
    path = written(tmp_path / "r.toml", text)
    plan = reviewed(wav, path, Settings(), store, people).plan
    assert [redaction.operator for redaction in plan.redactions] == ["surrogate"]
    assert plan.clips["w1"].text == "Robin"
    assert 1.0 <= plan.clips["w1"].start < plan.clips["w1"].end <= 1.5
    written(path, text.replace('says = "Robin"', ""))
    plan = reviewed(wav, path, Settings(), store, people).plan
    assert [redaction.operator for redaction in plan.redactions] == ["beep"]
    assert not plan.clips


@pytest.mark.models
@pytest.mark.media
def test_the_sound_of_a_video_is_listed_reviewed_and_made_safe(store, needs, media, tmp_path):
    needs(store, "whisper-base", "spacy-en-sm", "silero-vad")
    clip = media / "talking" / "grid_lbax4n.mpg"
    review, safe = tmp_path / "r.toml", tmp_path / "safe.m4a"
    given = ["redact", str(clip), "--deny", "blue", "-o", str(safe), "--set", "redaction.language=en", "-q"]
    given += ["--registered", str(tmp_path / "nobody")]
    looked = CliRunner().invoke(app, [*given, "--dry-run", "--review", str(review), "--set", "redaction.proof=false"])
    assert looked.exit_code == 0, looked.output
    assert "DENIED" in looked.output
    assert "blue" not in (looked.output + review.read_text("utf-8")).lower()
    assert not safe.exists()
    assert CliRunner().invoke(app, ["redact", str(clip), "--apply", str(review), "-o", str(safe)]).exit_code == 0
    info = probe(safe)
    assert (info.has_video, info.has_audio) == (False, True)
    assert info.duration == pytest.approx(probe(clip).audio_end, abs=0.1)


def test_quiet_speech_is_raised_and_loud_speech_is_not_touched():
    rng = np.random.default_rng(0)
    loud, low = rng.normal(0, 0.1, 48000).astype(np.float32), rng.normal(0, 0.001, 48000).astype(np.float32)
    both = np.concatenate([loud, low, np.zeros(16000, np.float32)])
    out = np.concatenate(list(Normalised(ArrayAudio(both)).blocks()))
    assert len(out) == len(both)
    assert np.array_equal(out[:48000], loud)
    assert np.sqrt(np.mean(out[64000:90000] ** 2)) == pytest.approx(0.05, rel=0.2)
    assert not out[-7000:].any()
    assert normalised(loud, 16000) is loud
    assert len(normalised(low[:0], 16000)) == 0


def test_direct_current_does_not_pass_quiet_speech_for_loud():
    low = np.random.default_rng(0).normal(0, 0.001, 48000).astype(np.float32)
    out = normalised(low + np.float32(0.1), 16000)
    assert abs(float(out.mean())) < 0.01
    assert np.sqrt(np.mean(out**2)) == pytest.approx(0.05, rel=0.2)

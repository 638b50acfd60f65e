"""Every export, read back by a library that is not ours where there is one: the same times, people and words.

Overlaps, turns without words or length, names with quotes, umlauts and right-to-left letters, and five hours.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import srt
import webvtt
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from praatio import textgrid
from pympi import Eaf

from discreet.export import audacity, elan, kaldi, label_studio, plain, praat, whisperx
from discreet.export.formats import FORMATS
from discreet.export.tiers import WORDS, tiers
from discreet.export.utterances import UNKNOWN, clean, speaker_fields, speakers, utterances
from timeline import Person, Recording, Redaction, Timeline, Turn, Word, labels_of, stamp, to_captions
from timeline.document import PLACEHOLDER

HOURS = 5 * 3600
LETTERS = "abÄöß\"'`<>&;:,!#%/\\{}[]()-. אבגשלוםعرب中é🙂"
ODD_NAMES = [
    "Ann",
    "ann",
    "a b",
    "a_b",
    "unknown",
    "unknown 2",
    "<NA>",
    "NA",
    ";;",
    "Ann words",
    "a/b",
    "..",
    "x: y",
    "-",
]
ODD_WORDS = [
    *("-->", "<v Eve>hi", "00:00:01.000", "00:00:00,000 --> 00:00:01,000", "NA", "null", ";;", "{ a / b }", "<o>"),
    *(
        "a\nb",
        "a\tb",
        "a\x00b",
        "\u2028",
        "\ufeff",
        "a\u00a0b",
        "a\u3000b",
        "\u200b",
        "&amp;",
        "NOTE",
        "WEBVTT",
    ),
]


def is_label(text: str) -> bool:
    try:
        return bool(Person(id="p", pseudonym=text))
    except ValueError:
        return False


labels = st.one_of(
    st.text(LETTERS, min_size=1, max_size=12).filter(str.strip),
    st.text(min_size=1, max_size=6).filter(is_label),
    st.sampled_from(ODD_NAMES),
)
texts = st.one_of(st.text(LETTERS, max_size=8), st.text(max_size=5), st.sampled_from(ODD_WORDS))


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    names = draw(st.lists(labels, min_size=1, max_size=4))
    people = [
        Person(id=f"p{i}", name=name if i % 2 else None, pseudonym=f"Speaker {i}", registered=bool(i % 2))
        for i, name in enumerate(names, 1)
    ]
    spans = st.tuples(st.integers(0, HOURS * 1000), st.sampled_from([0, 1, 40, 1500, 60_000]))
    ids = st.sampled_from([person.id for person in people])
    turns = [Turn(start=a / 1000, end=(a + d) / 1000, person=p) for (a, d), p in draw(st.lists(st.tuples(spans, ids)))]
    words = []
    for turn in turns:
        said = draw(st.lists(texts, max_size=4))
        step = (turn.end - turn.start) / max(1, len(said))
        for n, text in enumerate(said):
            start = turn.start + n * step
            words.append(Word(start=start, end=start + step, text=text, person=turn.person, confidence=0.5))
    outside = draw(st.lists(st.tuples(spans, st.one_of(st.none(), ids), texts), max_size=3))
    words += [Word(start=a / 1000, end=(a + d) / 1000, text=text, person=p) for (a, d), p, text in outside]
    redactions = []
    for number in draw(st.sets(st.integers(0, max(0, len(words) - 1)), max_size=2)) if words else ():
        word = words[number]
        words[number] = word.model_copy(update={"text": "[DATE TIME]", "redaction": f"r{number}"})
        redactions.append(
            Redaction(id=f"r{number}", kind="word", start=word.start, end=word.end, operator="beep", reason="a date")
        )
    return Timeline(
        recording=Recording(duration=HOURS + 120), people=people, turns=turns, words=words, redactions=redactions
    )


TALK = Timeline(
    recording=Recording(duration=12.5, width=640, height=360),
    people=[
        Person(id="p1", name='Zoë "Zo" Müller', pseudonym="Speaker 1", registered=True),
        Person(id="p2", name="דנה", pseudonym="Speaker 2", registered=True),
        Person(id="p3", pseudonym="Speaker 3", quoted=False),
    ],
    turns=[
        Turn(start=0.5, end=3, person="p1"),
        Turn(start=2.5, end=4.125, person="p2", overlap=True),
        Turn(start=5, end=6, person="p3"),
        Turn(start=7, end=7, person="p1"),
    ],
    words=[
        Word(start=0.5, end=0.9, text="Call", person="p1", confidence=0.9),
        Word(start=1, end=1.4, text="[PERSON]", person="p1", redaction="r1"),
        Word(start=1.4, end=1.8, text="[PERSON]", person="p1", redaction="r1"),
        Word(start=2.6, end=3.2, text="שלום", person="p2", confidence=0.8),
        Word(start=9, end=9.5, text="Who?", person=None),
    ],
    redactions=[Redaction(id="r1", kind="word", start=1, end=1.8, operator="beep", reason="name")],
)
EMPTY = Timeline(recording=Recording(duration=0))
ONE_WORD = Timeline(recording=Recording(duration=1), words=[Word(start=0.2, end=0.2, text="Yes", person=None)])
NAMESAKES = Timeline(
    recording=Recording(duration=HOURS),
    people=[Person(id=f"p{i}", pseudonym=name) for i, name in enumerate(["Ann", "Ann", "a b", "a_b", "Ann 2"])],
    turns=[Turn(start=HOURS - 1, end=HOURS - 1 + i / 4, person=f"p{i}") for i in range(5)],
    words=[Word(start=HOURS - 1, end=HOURS - 1, text=f"w{i}", person=f"p{i}") for i in range(5)],
)
hard = [example(timeline) for timeline in (TALK, EMPTY, ONE_WORD, NAMESAKES)]
at_random = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


def over_random_timelines(test: Callable[..., None]) -> Callable[..., None]:
    """The test over random timelines, and over those that once were hard."""
    for each in hard:
        test = each(test)
    return given(timeline=timelines())(at_random(test))


Rows = Counter[tuple[Any, ...]]


def turns_of(timeline: Timeline) -> Rows:
    fields = speaker_fields(timeline)
    return Counter((ms(t.start), ms(t.end), fields[t.person]) for t in timeline.turns)


def ms(seconds: Any) -> int:
    return round(float(seconds) * 1000)


def placed(text: str, folder: Path, name: str) -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("exports")


@over_random_timelines
def test_pyannote_reads_rttm(folder: Path, timeline: Timeline) -> None:
    from pyannote.database import util  # slow to import

    read = util.load_rttm(placed(plain.rttm(timeline, "talk"), folder, "a.rttm"))
    found = Counter(
        (ms(segment.start), ms(segment.end), label)
        for annotation in read.values()
        for segment, _, label in annotation.itertracks(yield_label=True)
    )
    # pyannote holds no segment shorter than a microsecond.
    assert found == Counter({row: n for row, n in turns_of(timeline).items() if row[0] < row[1]})
    assert set(read) <= {"talk"}


@over_random_timelines
def test_pyannote_reads_uem(folder: Path, timeline: Timeline) -> None:
    from pyannote.database import util  # slow to import

    read = util.load_uem(placed(plain.uem(timeline, "talk"), folder, "a.uem"))
    length = ms(timeline.recording.duration)
    assert [(ms(s.start), ms(s.end)) for s in read["talk"]] == [(0, length)] * bool(length)


def said(timeline: Timeline, labels: dict[str | None, str]) -> Rows:
    return Counter((ms(u.start), ms(u.end), u.speaker, u.text) for u in utterances(timeline, labels))


@over_random_timelines
def test_meeteval_reads_stm_and_ctm(timeline: Timeline) -> None:
    io_of = pytest.importorskip("meeteval.io", reason="meeteval is compiled at installation: pip install meeteval")
    fields = speaker_fields(timeline)
    read = io_of.STM.parse(plain.stm(timeline, "talk"))
    found = Counter((ms(r.begin_time), ms(r.end_time), r.speaker_id, r.transcript) for r in read.lines)
    assert found == said(timeline, fields)
    words = [
        Counter((ms(r.begin_time), r.word) for r in io_of.CTM.parse(text).lines)
        for text in plain.ctm_by_speaker(timeline, "talk").values()
    ]
    every = utterances(timeline, fields)
    assert in_groups(words) == in_groups(
        Counter(
            (ms(start), row.split()[0])
            for u in every
            if u.speaker == speaker
            for said in u.words
            for start, _, row in plain._single(said)
        )
        for speaker in fields.values()
    )
    assert sum(map(Counter.total, words)) == sum(len(u.text.split()) for u in every)


def in_groups(groups: Iterable[Rows]) -> Rows:
    """The groups without their order; empty ones do not count."""
    return Counter(tuple(sorted(group.elements())) for group in groups if group)


def strict_lines(text: str, fields: int, rest: bool = False) -> list[list[str]]:
    """Lines of a NIST file, read as its description says: fields separated by blanks, ``;;`` begins a comment."""
    assert not text or text.endswith("\n")
    rows = [line.split(" ", fields - 1) if rest else line.split(" ") for line in text.split("\n")[:-1]]
    assert all(len(row) in ((fields - 1, fields) if rest else (fields,)) for row in rows)
    assert all(not row[0].startswith(";;") for row in rows)
    return rows


@over_random_timelines
def test_stm_by_its_description(timeline: Timeline) -> None:
    rows = strict_lines(plain.stm(timeline, "talk"), 6, rest=True)
    found = Counter((ms(row[3]), ms(row[4]), row[2], "".join(row[5:])) for row in rows)
    assert found == said(timeline, speaker_fields(timeline))
    assert [float(row[3]) for row in rows] == sorted(float(row[3]) for row in rows)


@over_random_timelines
def test_ctm_by_its_description(timeline: Timeline) -> None:
    every = utterances(timeline, speaker_fields(timeline))
    rows = strict_lines(plain.ctm(timeline, "talk"), 6)
    assert Counter(row[4] for row in rows) == Counter(w for u in every for w in u.text.split())
    assert {ms(w.start) for u in every for w in u.words} <= {ms(row[2]) for row in rows}
    assert {ms(w.end) for u in every for w in u.words} <= {ms(row[2]) + ms(row[3]) for row in rows}
    own = plain.ctm_by_speaker(timeline, "talk")
    assert sorted("".join(own.values()).splitlines()) == sorted(plain.ctm(timeline, "talk").splitlines())
    assert len(own) == len({u.speaker for u in every if u.words})


@over_random_timelines
def test_json_is_the_document_to_every_reader(timeline: Timeline) -> None:
    text = FORMATS["json"].texts[".json"](timeline, "talk")
    assert Timeline.from_json(text) == timeline
    read = json.loads(text.encode())
    assert Counter((ms(t["start"]), ms(t["end"]), t["person"]) for t in read["turns"]) == Counter(
        (ms(t.start), ms(t.end), t.person) for t in timeline.turns
    )
    assert [(w["text"], w["person"]) for w in read["words"]] == [(w.text, w.person) for w in timeline.words]
    assert [p["name"] or p["pseudonym"] for p in read["people"]] == [p.label for p in timeline.people]


@over_random_timelines
def test_captions_hold_every_word_of_everybody_at_its_time(timeline: Timeline) -> None:
    """What the outside readers below are compared with."""
    names: dict[str | None, str] = {**labels_of(timeline), None: ""}
    captions = to_captions(timeline)
    for person, name in names.items():
        own = [c for c in captions if c.speaker == name]
        words = [w for w in timeline.words if w.person == person and one_line(w.text)]
        kept = Counter(" ".join(one_line(w.text) for w in words if w.redaction is None).split())
        placeholders = Counter(" ".join(w.text for w in words if w.redaction is not None).split())
        shown = Counter(" ".join(c.text for c in own).split())
        assert kept <= shown <= kept + placeholders
        assert all(any(c.start <= w.start and w.end <= c.end for c in own) for w in words)
    assert [c.start for c in captions] == sorted(c.start for c in captions)


def one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())


@over_random_timelines
def test_webvtt_py_reads_the_captions(timeline: Timeline) -> None:
    captions = to_captions(timeline)
    read = webvtt.from_buffer(io.StringIO(FORMATS["vtt"].texts[".vtt"](timeline, "talk")))
    found = Counter((c.start, c.end, unescaped(c.voice or "").strip(), unescaped(c.text)) for c in read)
    # WebVTT strips blanks around the name in a voice tag.
    assert found == Counter((stamp(c.start), stamp(c.end), c.speaker.strip(), c.text) for c in captions)


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@over_random_timelines
def test_srt_reads_the_captions(timeline: Timeline) -> None:
    captions = to_captions(timeline)
    read = srt.parse(FORMATS["srt"].texts[".srt"](timeline, "talk"))
    found = Counter((ms(c.start.total_seconds()), ms(c.end.total_seconds()), c.content) for c in read)
    assert found == Counter(
        (ms(c.start), ms(c.end), f"{c.speaker}: {c.text}" if c.speaker else c.text) for c in captions
    )


@over_random_timelines
def test_pympi_reads_elan(folder: Path, timeline: Timeline) -> None:
    read = Eaf(placed(elan.eaf(timeline, "talk"), folder, "a.eaf"))
    for tier in tiers(timeline):
        found = [(start, end, text or "") for start, end, text, *_ in read.get_annotation_data_for_tier(tier.name)]
        assert sorted(found) == sorted(tier.spans)
        assert read.get_parameters_for_tier(tier.name)["PARTICIPANT"] == tier.speaker
    assert set(read.get_tier_names()) == {tier.name for tier in tiers(timeline)}


@over_random_timelines
def test_praatio_reads_text_grids(folder: Path, timeline: Timeline) -> None:
    made = tiers(timeline)
    if not made:
        return
    read = textgrid.openTextgrid(placed(praat.textgrid(timeline, "talk"), folder, "a.TextGrid"), False)
    assert list(read.tierNames) == [tier.name for tier in made]
    for tier in made:
        found = [(ms(e.start), ms(e.end), e.label) for e in read.getTier(tier.name).entries]
        assert found == [(a, b, text or praat.SILENT) for a, b, text in tier.spans]


@over_random_timelines
def test_tiers_hold_everything_and_nothing_overlaps_in_one(timeline: Timeline) -> None:
    made = tiers(timeline)
    for tier in made:
        assert all(a < b for a, b, _ in tier.spans)
        assert all(one[1] <= next[0] for one, next in zip(tier.spans, tier.spans[1:], strict=False))
    every = utterances(timeline, speakers(timeline))
    kept = Counter(
        (t.speaker, s[0], max(s[1], s[0] + 1), s[2]) for t in made if t.kind == "utterances" for s in t.spans
    )
    assert kept == Counter((u.speaker, ms(u.start), max(ms(u.end), ms(u.start) + 1), u.text) for u in every)
    assert len({tier.name for tier in made}) == len(made)
    assert all(WORDS in tier.name for tier in made if tier.kind == "words")


@over_random_timelines
def test_whisperx_by_its_description(timeline: Timeline) -> None:
    read = json.loads(whisperx.whisperx(timeline, "talk"))
    found = Counter((ms(s["start"]), ms(s["end"]), s["speaker"], s["text"]) for s in read["segments"])
    assert found == said(timeline, speakers(timeline))
    assert read["word_segments"] == [word for segment in read["segments"] for word in segment["words"]]
    assert all(word.keys() == {"word", "start", "end", "score", "speaker"} for word in read["word_segments"])


@over_random_timelines
def test_audacity_labels_by_their_description(timeline: Timeline) -> None:
    rows = [line.split("\t") for line in audacity.aud(timeline, "talk").split("\n")[:-1]]
    every = utterances(timeline, speakers(timeline))
    found = Counter((ms(a), ms(b), label) for a, b, label in rows)
    assert found == Counter((ms(u.start), ms(u.end), f"{u.speaker}: {u.text}" if u.words else u.speaker) for u in every)


@over_random_timelines
def test_label_studio_tasks_fit_their_setup(timeline: Timeline) -> None:
    (task,) = json.loads(label_studio.tasks(timeline, "talk"))
    regions = task["predictions"][0]["result"]
    every = utterances(timeline, speakers(timeline))
    text = {r["id"]: r["value"]["text"][0] for r in regions if r["type"] == "textarea"}
    found = Counter(
        (ms(r["value"]["start"]), ms(r["value"]["end"]), r["value"]["labels"][0], text.get(r["id"], ""))
        for r in regions
        if r["type"] == "labels"
    )
    assert found == said(timeline, speakers(timeline))
    setup = label_studio.setup(timeline, "talk")
    assert f'value="${next(iter(task["data"]))}"' in setup
    assert {r["from_name"] for r in regions} <= set(re.findall(r' name="(\w+)"', setup))
    assert setup.count("<Label ") == len({*speakers(timeline).values()})
    assert len(every) == sum(r["type"] == "labels" for r in regions)


@over_random_timelines
def test_kaldi_accepts_the_folder(timeline: Timeline) -> None:
    """The checks of Kaldi's ``utils/validate_data_dir.sh``: sorted, by utterance and by speaker alike, and complete."""
    made = {name: [line.split(" ") for line in text.splitlines()] for name, text in kaldi.kaldi(timeline, "t").items()}
    ids = [row[0] for row in made["utt2spk"]]
    assert ids == sorted(ids, key=str.encode)
    assert len(set(ids)) == len(ids)
    assert made["utt2spk"] == sorted(made["utt2spk"], key=lambda row: (row[1].encode(), row[0].encode()))
    assert all(id.startswith(speaker) for id, speaker in made["utt2spk"])
    assert [row[0] for row in made["segments"]] == [row[0] for row in made["text"]] == ids
    assert [row[0] for row in made["spk2utt"]] == sorted((row[0] for row in made["spk2utt"]), key=str.encode)
    assert sorted(id for row in made["spk2utt"] for id in row[1:]) == sorted(ids)
    assert {row[1] for row in made["segments"]} <= {made["wav.scp"][0][0]}
    words = {row[0]: " ".join(row[1:]) for row in made["text"]}
    owner = dict(made["utt2spk"])
    found: dict[str, Rows] = {}
    for row in made["segments"]:
        found.setdefault(owner[row[0]], Counter())[ms(row[2]), ms(row[3]), words[row[0]]] += 1
    true: dict[str, Rows] = {}
    for a, b, speaker, text in said(timeline, speakers(timeline)).elements():
        true.setdefault(speaker, Counter())[a, b, text] += 1
    assert in_groups(found.values()) == in_groups(true.values())


@over_random_timelines
def test_every_turn_and_every_word_is_said_once(timeline: Timeline) -> None:
    labels = speakers(timeline)
    every = utterances(timeline, labels)
    assert Counter((t.start, t.end, labels[t.person]) for t in timeline.turns) <= Counter(
        (u.start, u.end, u.speaker) for u in every
    )
    kept = [w for w in timeline.words if w.redaction is None and clean(w.text)]
    shown = [word.text for one in every for word in one.words if not PLACEHOLDER.match(word.text)]
    assert Counter(shown) == Counter(clean(word.text) for word in kept)
    assert len(set(labels.values())) == len(labels)
    assert labels[None].startswith(UNKNOWN)

from __future__ import annotations

import base64
import datetime as dt
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from registered import NOBODY, Answers, Consent, Enrolled, Registry, SealError, Settings, default_folder, parse_answers
from registered.files import write_private
from timeline import OutputError, PeopleError

ALL = Consent.granting(parse_answers("all"), date=dt.date(2020, 1, 1))
NAME = "Zoë Ångström 李小龍"
RNG = np.random.default_rng(1)
FACES = RNG.normal(size=(3, 128)).astype(np.float32)


def everything(folder: Path) -> bytes:
    return b"\0\0".join(path.name.encode() + path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def damage(registry: Registry, person: Enrolled) -> None:
    path = registry.folder / f"{person.id}.person"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_what_was_added_is_there_the_next_time(registry: Registry) -> None:
    person = registry.add(Enrolled.new(NAME, ALL).with_face("sface", FACES, [0.5, 0.7, 1.0]))
    again = Registry.open(registry.folder).get(NAME)
    assert (again.id, again.name, again.consent, again.history) == (person.id, NAME, ALL, person.history)
    assert again.faces["sface"].tobytes() == person.faces["sface"].tobytes()
    assert again.quality["sface"].tolist() == person.quality["sface"].tolist()


@pytest.mark.parametrize("spelling", [NAME, NAME.upper(), "zoe\u0308 A\u030angstro\u0308m 李小龍", f"  {NAME} "])
def test_people_are_found_by_id_and_by_any_spelling(registry: Registry, spelling: str) -> None:
    person = registry.add(Enrolled.new(NAME))
    assert registry.get(spelling).id == registry.get(person.id).id == person.id


def test_nobody_called_that(registry: Registry) -> None:
    registry.add(Enrolled.new("Miranda"))
    with pytest.raises(PeopleError, match="nobody called 'Mirnda'") as caught:
        registry.get("Mirnda")
    assert "did you mean 'Miranda'?" in caught.value.remedy
    assert registry.find("Mirnda") is None


def test_a_name_is_taken_once(registry: Registry) -> None:
    first = registry.add(Enrolled.new("Ada"))
    with pytest.raises(PeopleError, match="enrolled already"):
        registry.add(Enrolled.new("ADA"))
    with pytest.raises(PeopleError, match="enrolled already"):
        registry.add(first)
    second = registry.add(Enrolled.new("Eve"))
    with pytest.raises(PeopleError, match="enrolled already"):
        registry.rename("Eve", "ada")
    assert registry.rename("Ada", "ADA").name == "ADA"
    assert [p.id for p in registry.people()] == [first.id, second.id]


def test_a_new_voice_is_drawn_for_one_person_and_stays(registry: Registry) -> None:
    first, other = registry.add(Enrolled.new("Ada")), registry.add(Enrolled.new("Eve"))
    assert first.voice_key == first.id
    changed = registry.new_voice("Ada")
    assert changed.voice_key not in (first.voice_key, other.voice_key)
    assert registry.get("Ada").voice_key == changed.voice_key
    assert registry.new_voice("Ada").voice_key != changed.voice_key
    assert registry.get("Eve").voice_key == other.voice_key
    with pytest.raises(PeopleError):
        registry.new_voice("Nobody")


def test_no_byte_of_name_purpose_or_template_is_on_disk_in_clear(registry: Registry) -> None:
    consent = Consent.granting(parse_answers("seen"), purpose="Schematherapie")
    person = registry.add(Enrolled.new(NAME, consent, note="Zwilling").with_face("sface", FACES).with_voice("v", FACES))
    registry.keep(person.id, "face", "image/png", b"\x89PNG-and-so-on" + FACES.tobytes())
    registry.set_consent(NAME, ALL)
    raw = everything(registry.folder)
    for text in (NAME, "Zoë", "Schematherapie", "Zwilling", "sface", "seen", "image/png"):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
            assert text.encode(encoding) not in raw, (text, encoding)
            assert base64.b64encode(text.encode(encoding)).rstrip(b"=")[:-1] not in raw
    unit = person.faces["sface"]
    for rows in (FACES, unit):
        for dtype in ("<f4", ">f4", "<f8", "<f2"):
            stored = rows.astype(dtype).tobytes()
            assert not any(stored[at : at + 8] in raw for at in range(0, len(stored) - 8, 4))
        assert base64.b64encode(rows.tobytes())[:16] not in raw
    assert b"PNG-and-so-on" not in raw


def test_the_scan_above_would_find_something(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"..." + NAME.encode() + FACES.tobytes())
    raw = everything(tmp_path)
    assert NAME.encode() in raw
    assert FACES[1, 5].tobytes() in raw


def test_folder_and_files_are_private(registry: Registry) -> None:
    person = registry.add(Enrolled.new("Ada"))
    registry.keep("Ada", "voice", "audio/wav", b"RIFF")
    assert stat.S_IMODE(registry.folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in registry.folder.iterdir()}
    assert set(modes.values()) == {0o600}, modes
    assert f"{person.id}.person" in modes
    assert len(modes) == 6  # key, vault.json, .lock, the index, the record, the clip: no half-written file


def test_consent_changes_and_remembers(registry: Registry) -> None:
    person = registry.add(Enrolled.new("Ada"))
    today = dt.date.today()
    registry.set_consent("Ada", ALL)
    registry.set_consent("ada", Consent(quoted=True, date=dt.date(2020, 1, 1)))
    assert registry.answers(person.id) == Answers(quoted=True)
    assert registry.consents() == {person.id: Answers(quoted=True)}
    assert [str(c.consent.at(today)) for c in registry.get("Ada").history] == ["none", "all", "quoted"]
    assert registry.consents(dt.date(2019, 12, 31)) == {person.id: NOBODY}


def test_what_is_assumed_of_others(registry: Registry) -> None:
    assert registry.answers(None) == registry.answers("p-0000000000000000") == Answers(quoted=True)
    strict = Registry.open(registry.folder, settings=Settings(quote_strangers=False))
    assert strict.answers(None) == NOBODY


def test_a_damaged_record_is_reported_and_hides_nobody_else(registry: Registry) -> None:
    ada, eve = registry.add(Enrolled.new("Ada", ALL)), registry.add(Enrolled.new("Eve", ALL))
    damage(registry, ada)
    assert [p.name for p in registry.people()] == ["Eve"]
    assert [d.id for d in registry.damaged()] == [ada.id]
    assert registry.answers(eve.id).seen
    # It may be the record of somebody who opted out: nobody unknown is quoted until it is mended.
    assert registry.answers(ada.id) == registry.answers(None) == NOBODY
    with pytest.raises(PeopleError, match="1 damaged record"):
        registry.get("Ada")
    with pytest.raises(PeopleError, match="cannot be read") as caught:
        registry.get(ada.id)
    assert ada.id in caught.value.remedy
    report = registry.forget(ada.id)
    assert (report.name, report.files) == (None, (f"{ada.id}.person",))
    assert registry.damaged() == []
    assert registry.answers(None).quoted


@pytest.mark.parametrize("content", [b"", b"x", b"DSCV", b"DSCV\x02" + bytes(60)])
def test_every_kind_of_damage_is_reported(registry: Registry, content: bytes) -> None:
    ada = registry.add(Enrolled.new("Ada"))
    (registry.folder / f"{ada.id}.person").write_bytes(content)
    assert [d.id for d in registry.damaged()] == [ada.id]
    assert registry.people() == []


def test_a_record_put_in_anothers_place_is_refused(registry: Registry) -> None:
    ada, eve = registry.add(Enrolled.new("Ada", ALL)), registry.add(Enrolled.new("Eve"))
    (registry.folder / f"{eve.id}.person").write_bytes((registry.folder / f"{ada.id}.person").read_bytes())
    assert [d.id for d in registry.damaged()] == [eve.id]
    assert registry.answers(eve.id) == NOBODY


def test_other_files_in_the_folder_are_left_alone(registry: Registry) -> None:
    (registry.folder / "README.txt").write_text("mine")
    (registry.folder / "p-notes.person").write_text("mine")
    assert (registry.people(), registry.damaged()) == ([], [])


def test_forget_leaves_no_trace(registry: Registry) -> None:
    registry.add(Enrolled.new("Eve", ALL).with_face("sface", FACES))
    before = {path.name: path.read_bytes() for path in registry.folder.iterdir()}
    person = registry.add(Enrolled.new(NAME, ALL).with_face("sface", FACES).with_voice("ecapa", FACES[:2]))
    registry.keep(NAME, "face", "image/png", bytes(100))
    registry.keep(NAME, "voice", "audio/wav", bytes(100))
    registry.set_consent(NAME, Consent())
    (registry.folder / f".{person.id}.person.abcd.tmp").write_bytes(b"half written before a power cut")
    report = registry.forget(NAME.upper())
    after = {path.name: path.read_bytes() for path in registry.folder.iterdir()}
    index = registry.vault.open_sealed(after.pop("index.sealed"), b"registry index")
    before.pop("index.sealed")
    assert after == before
    assert person.id.encode() not in index
    assert person.id.encode() not in everything(registry.folder)
    assert (report.id, report.name, report.faces, report.voices) == (person.id, NAME, {"sface": 3}, {"ecapa": 2})
    assert (report.kept, report.consents, len(report.files), report.overwritten) == (2, 2, 4, True)
    text = " ".join(report.lines())
    assert "3 face templates, 2 voice templates" in text
    assert "SSD" in text
    with pytest.raises(PeopleError, match="nobody called"):
        registry.forget(NAME)
    with pytest.raises(PeopleError, match="nobody called"):
        registry.replace(person)  # somebody forgotten does not come back through a stale copy


def test_forgetting_overwrites_before_it_removes(registry: Registry) -> None:
    person = registry.add(Enrolled.new("Ada"))
    path = registry.folder / f"{person.id}.person"
    with path.open("rb") as held:  # the file's blocks, whatever its name
        sealed = held.read()
        registry.forget("Ada")
        held.seek(0)
        left = held.read()
    assert len(left) == len(sealed)
    assert sum(a == b for a, b in zip(left, sealed, strict=True)) < 0.02 * len(sealed)


def test_kept_samples_come_back_and_only_in_their_place(registry: Registry) -> None:
    registry.add(Enrolled.new("Ada"))
    first = registry.keep("Ada", "face", "image/png", b"one")
    second = registry.keep("Ada", "face", "image/png", b"two")
    assert registry.get("Ada").kept == (first, second)
    assert registry.read_kept(second) == b"two"
    (registry.folder / first.file).write_bytes((registry.folder / second.file).read_bytes())
    with pytest.raises(SealError):
        registry.read_kept(first)
    (registry.folder / first.file).unlink()
    with pytest.raises(PeopleError, match="cannot be read"):
        registry.read_kept(first)


def test_a_write_that_fails_leaves_the_old_record(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.add(Enrolled.new("Ada", ALL))
    names = sorted(path.name for path in registry.folder.iterdir())

    def full(fd: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(OutputError, match="No space left") as caught:
            registry.set_consent("Ada", Consent())
    assert caught.value.remedy
    assert sorted(path.name for path in registry.folder.iterdir()) == names
    assert Registry.open(registry.folder, "file").get("Ada").consent == ALL


def test_a_file_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    path, seen = tmp_path / "f", set()
    write_private(path, b"a" * 100_000)
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for letter in b"bcdefghij" * 5:
        write_private(path, bytes([letter]) * 100_000)
    done.set()
    reader.join()
    assert {len(content) for content in seen} == {100_000}
    assert {len(set(content)) for content in seen} == {1}


def test_writers_in_several_threads_lose_nothing(registry: Registry) -> None:
    registry.add(Enrolled.new("Ada"))
    taken: list[str] = []

    def write(worker: int) -> None:
        mine = Registry.open(registry.folder)
        for number in range(4):
            mine.update("Ada", lambda p: p.with_face("sface", FACES[0] + worker))
            try:
                mine.add(Enrolled.new(f"Person {number}"))
            except PeopleError:
                taken.append(f"Person {number}")

    threads = [threading.Thread(target=write, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(registry.get("Ada").faces["sface"]) == 16
    assert [p.name for p in registry.people()] == ["Ada", *(f"Person {n}" for n in range(4))]
    assert len(taken) == 12


def test_writers_in_several_processes_lose_nothing(registry: Registry) -> None:
    registry.add(Enrolled.new("Ada"))
    code = (
        "import sys; from pathlib import Path; from registered import *\n"
        "r = Registry.open(Path(sys.argv[1]))\n"
        "for n in range(5): r.update('Ada', lambda p: p.with_face('sface', [1.0, float(sys.argv[2])]))\n"
    )
    children = [
        subprocess.Popen([sys.executable, "-c", code, str(registry.folder), str(n)], stderr=subprocess.PIPE)
        for n in range(3)
    ]
    for child in children:
        assert child.communicate(timeout=60)[1] == b""
    rows = registry.get("Ada").faces["sface"]
    assert len(rows) == 15
    assert len({row.tobytes() for row in rows}) == 3


def test_where_the_registry_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert default_folder(tmp_path / "here") == tmp_path / "here"
    assert default_folder() == tmp_path / "home" / "registered"
    monkeypatch.delenv("DISCREET_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    assert default_folder().name == "registered"
    assert Registry.open(settings=Settings(folder=tmp_path / "set")).folder == tmp_path / "set"
    assert Registry.open(tmp_path / "given", settings=Settings(folder=tmp_path / "set")).folder == tmp_path / "given"


def test_secrets_belong_to_the_registry(registry: Registry, tmp_path: Path) -> None:
    assert registry.secret("voice") == Registry.open(registry.folder).secret("voice")
    assert registry.secret("voice") != Registry.open(tmp_path / "other").secret("voice")


def test_a_writer_that_is_killed_leaves_records_whole_and_the_lock_free(registry: Registry) -> None:
    registry.add(Enrolled.new("Ada", ALL))
    code = (
        "import sys; from pathlib import Path; from registered import *\n"
        "r = Registry.open(Path(sys.argv[1])); print('writing', flush=True)\n"
        "while True: r.keep('Ada', 'face', 'image/png', bytes(300_000))\n"
    )
    for wait in (0.01, 0.05):
        with subprocess.Popen([sys.executable, "-c", code, str(registry.folder)], stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"writing\n"
            time.sleep(wait)
            child.kill()
        assert registry.damaged() == []
        assert registry.get("Ada").consent == ALL
        assert all(registry.read_kept(kept) == bytes(300_000) for kept in registry.get("Ada").kept)
        registry.set_consent("Ada", ALL)  # nobody holds the lock any more
    registry.forget("Ada")
    assert sorted(path.name for path in registry.folder.iterdir()) == [".lock", "index.sealed", "key", "vault.json"]

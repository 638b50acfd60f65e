"""``discreet share reconsent``, ``revoke`` and ``recalls``, and one answer changed by ``discreet people answer``."""

from __future__ import annotations

import json

from typer.testing import CliRunner

from discreet.cli.app import app
from registered import Registry
from tests.discreet.share.conftest import NAMES, Place, place, recording  # noqa: F401  (fixtures)
from timeline import ExitCode


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(map(str, arguments)))
    return done.exit_code, done.output


def reconsent(*more: object) -> tuple[int, str]:
    return run("share", "reconsent", *more, "--project", "study-1")


def test_the_list_tells_whom_to_ask_and_fails_while_somebody_has_to_be_asked_again(place: Place) -> None:  # noqa: F811
    code, text = reconsent("--purpose", "study")
    assert (code, f"{NAMES[2]}: has not agreed" in text) == (0, True)
    path = place.project.path
    path.write_text(path.read_text().replace("The study that the participants", "Any study that the participants"))
    code, text = reconsent("--purpose", "study")
    assert (code, text.count("to be asked again")) == (ExitCode.REFUSED, 2)
    for name in NAMES[:2]:
        assert reconsent(name, "--purpose", "study", "--text", "v2")[0] == 0
    assert reconsent("--purpose", "study")[0] == 0
    states = json.loads(reconsent("--purpose", "study", "--json")[1])
    assert [one["state"] for one in states].count("given") == 2


def test_a_no_is_recorded(place: Place) -> None:  # noqa: F811
    assert reconsent(NAMES[0], "--purpose", "study", "--no") == (0, f"{NAMES[0]} does not agree to study\n")
    assert f"{NAMES[0]}: has not agreed" in reconsent("--purpose", "study")[1]


def test_an_answer_needs_its_purpose(place: Place) -> None:  # noqa: F811
    assert reconsent(NAMES[0])[0] == ExitCode.INPUT
    assert reconsent(NAMES[0], "--purpose", "fun")[0] == ExitCode.INPUT


def test_one_answer_is_changed_and_the_agreements_stay(place: Place) -> None:  # noqa: F811
    code, text = run("people", "answer", NAMES[0], "seen", "no")
    assert (code, text) == (0, f"{NAMES[0]} agrees to: heard,quoted\n")
    assert len(Registry.open(None).get(NAMES[0]).consent.agreed) == 1
    assert run("people", "answer", NAMES[0], "seen", "perhaps")[0] == ExitCode.PEOPLE
    assert run("people", "answer", NAMES[0], "filmed", "no")[0] == ExitCode.PEOPLE


def test_revoking_asks_first(place: Place) -> None:  # noqa: F811
    done = CliRunner().invoke(app, ["share", "revoke", NAMES[0]], input="n\n")
    assert done.exit_code == 0
    assert Registry.open(None).get(NAMES[0]).consent.answers().seen


def test_the_list_of_recalls_is_written_anew(place: Place) -> None:  # noqa: F811
    code, text = run("share", "recalls", "--project", "study-1")
    assert (code, "recalls.json" in text) == (0, True)


def test_forgetting_somebody_takes_them_out_of_the_links(place: Place) -> None:  # noqa: F811
    from discreet.share.identity_links import links
    from tests.discreet.share.conftest import timeline

    assert run("people", "forget", NAMES[0], "--yes")[0] == 0
    assert "p1" not in links(Registry.open(None), timeline(1))


def test_a_change_of_consent_is_a_line_of_the_audit_log(place: Place) -> None:  # noqa: F811
    for arguments in (("answer", NAMES[0], "seen", "no"), ("consent", NAMES[1], "quoted")):
        assert run("people", *arguments)[0] == 0
        assert place.log()[-1] == ("consent.change", "done")
    assert place.project.log.entries()[-1].subject == place.project.tokens.person(place.people[1].id)


def test_without_a_log_consent_can_be_taken_back_and_not_given(place: Place) -> None:  # noqa: F811
    assert run("people", "answer", NAMES[0], "seen", "no")[0] == 0
    place.project.log.path.unlink()
    assert run("people", "answer", NAMES[0], "heard", "no")[0] == ExitCode.UNSAFE
    assert run("people", "answer", NAMES[0], "seen", "yes")[0] == ExitCode.UNSAFE
    answers = Registry.open(None).get(NAMES[0]).consent.answers()
    assert (answers.seen, answers.heard) == (False, False)


def test_forgetting_names_the_recipients_of_what_it_recalls(place: Place) -> None:  # noqa: F811
    place.export("transcript")
    code, text = run("people", "forget", NAMES[0], "--yes")
    assert (code, "given to partner" in text) == (0, True)


def test_a_recall_that_could_not_be_published_is_told_by_the_exit_code(place: Place) -> None:  # noqa: F811
    place.export("transcript")
    path = place.project.path
    path.write_text(path.read_text().replace('address = ""', f'address = "{place.out / "nowhere" / "list.json"}"'))
    code, text = run("share", "revoke", NAMES[0], "--yes")
    assert (code, "1 export was recalled" in text, "agrees to nothing" in text) == (ExitCode.OUTPUT, True, True)

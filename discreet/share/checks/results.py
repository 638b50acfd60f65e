"""The gate for a folder of results that is passed on as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from discreet.config.settings import Settings
from discreet.results.folder import EXPORTS, PAGE, RECORDINGS, REPORT
from discreet.results.report import report_text
from discreet.results.report_check import ReportCheck
from discreet.results.share_checks import SpokenTerms
from discreet.share.checks.choose import Checks, checks_for, hidden_people
from registered import Registry
from sharing import Finding, Gate, Terms
from timeline import InputError
from weights import Store

UNSEEN = "faces in the pictures and original voices in the sound (--no-look)"
UNHEARD = "private words in the sound (--no-listen)"


def gated(
    folder: Path, registry: Registry, settings: Settings, *, listen: bool = True, look: bool = True
) -> tuple[Sequence[Finding], Sequence[str]]:
    """What must not leave of a folder of results, and what was not checked.

    Args:
        folder: with the results.
        registry: of the people; what they agree to today counts.
        settings: with words to deny; which models the run used is taken from them.
        listen: whether private words are listened for.
        look: whether bare faces and own voices are looked and listened for.

    Raises:
        InputError: this is no folder.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder", "give a folder of results")
    answers = registry.consents()
    hidden = [person.name for person in registry.people() if not answers[person.id].named]
    terms = Terms([*hidden, *settings.redaction.deny])
    store = Store()
    checks = checks_for(store, settings, hidden_people(registry)) if look else Checks((), (UNSEEN,))
    listeners = (SpokenTerms(store, settings, terms),) if listen else ()
    unread = [
        Finding(
            kind="word",
            file=folder.name,
            reason="a record of somebody enrolled cannot be read, so their name, face and voice were not looked for",
            remedy="see discreet people list",
        )
        for _ in registry.damaged()
    ]
    texts = {**EXPORTS, REPORT: report_text}
    pages = {PAGE: ReportCheck(terms, settings.capture)}
    gate = Gate(texts, frozenset(RECORDINGS), terms, (*checks.checkers, *listeners), pages)
    return unread + gate.check(folder), (*checks.not_checked, *(() if listen else (UNHEARD,)))

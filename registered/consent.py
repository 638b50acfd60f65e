"""Consent: four yes-or-no answers per person, with a date, a purpose and an end."""

from __future__ import annotations

import datetime as dt
import difflib
from dataclasses import astuple, dataclass, fields

from pydantic import Field, model_validator

from timeline import Document, PeopleError


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody agrees to on a certain day; everything defaults to no."""

    seen: bool = False
    heard: bool = False
    quoted: bool = False
    named: bool = False

    def __str__(self) -> str:
        """The form that :func:`parse_answers` reads: "none", "all", or the yes answers separated by commas."""
        yes = [name for name in QUESTIONS if getattr(self, name)]
        return "none" if not yes else "all" if len(yes) == len(QUESTIONS) else ",".join(yes)

    def __le__(self, other: Answers) -> bool:
        """Whether everything agreed to here is also agreed to in ``other``."""
        return all(not mine or theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True))


QUESTIONS = tuple(field.name for field in fields(Answers))
"""The four questions, in the order in which they are always written."""
NOBODY = Answers()
"""Four times no: opted out, expired, or not yet begun."""


def stranger(quoted: bool = True) -> Answers:
    """What is assumed of people who are not enrolled: not seen, heard or named; quoted under a pseudonym."""
    return Answers(quoted=quoted)


def parse_answers(text: str) -> Answers:
    """Parse "seen,heard,quoted,named" or any part of it, "all" or "none"; case and spaces do not matter.

    Raises:
        PeopleError: empty, an unknown word, or "all"/"none" together with others.
    """
    words = [word.strip().casefold() for word in text.split(",")]
    remedy = "write any of seen,heard,quoted,named with commas, or all, or none"
    if not any(words):
        raise PeopleError("the consent has no answer", f"{remedy}; none means: opted out")
    if words == ["all"]:
        return Answers(True, True, True, True)
    if words == ["none"]:
        return NOBODY
    for word in words:
        if word in ("all", "none"):
            raise PeopleError(f"consent: {word!r} cannot be combined with other answers", remedy)
        if word not in QUESTIONS:
            near = difflib.get_close_matches(word, [*QUESTIONS, "all", "none"], n=1)
            raise PeopleError(
                f"consent: {word!r} is not one of the four questions"
                + (f"; did you mean {near[0]!r}?" if near else ""),
                remedy,
            )
    return Answers(**{name: name in words for name in QUESTIONS})


def parse_day(text: str) -> dt.date:
    """Parse a day such as 2027-01-31. Raises PeopleError if it is not one."""
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise PeopleError(f"{text!r} is not a day", "write it as year-month-day, such as 2027-01-31") from None


class Agreement(Document):
    """Somebody's agreement to one purpose of a project, in the words that were shown to them.

    Attributes:
        purpose: as the project names it.
        terms: a fingerprint of those words, and of who receives something for that purpose.
        text: the version of the form that was signed, as the project numbers its forms.
        date: when.
        signature: SHA-256 of the signed form, in hex; empty if nothing was signed.
    """

    purpose: str = Field(min_length=1, max_length=100)
    terms: str = Field(pattern=r"^[0-9a-f]{16}$")
    text: str = Field("", max_length=100)
    date: dt.date
    signature: str = Field("", pattern=r"^([0-9a-f]{64})?$")


GIVEN = "given"
"""The result of :meth:`Consent.for_purpose` for somebody who agreed."""


class Consent(Document):
    """Somebody's consent. It holds from ``date`` up to, but not including, the day ``expires``.

    ``agreed`` holds what was agreed for each purpose. A new consent starts with none, so nobody stays agreed to a
    purpose through an answer to something else.

    Raises:
        ValueError: it would expire before it begins.
    """

    seen: bool = False
    heard: bool = False
    quoted: bool = False
    named: bool = False
    date: dt.date = Field(default_factory=dt.date.today)
    purpose: str = Field(default="", max_length=1000)
    expires: dt.date | None = None
    agreed: tuple[Agreement, ...] = ()

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Consent:
        if self.expires is not None and self.expires <= self.date:
            raise ValueError(f"consent of {self.date} expires on {self.expires}, before it was given")
        return self

    @classmethod
    def granting(
        cls, answers: Answers, *, date: dt.date | None = None, purpose: str = "", expires: dt.date | None = None
    ) -> Consent:
        """Consent with these answers from ``date`` (default today) on.

        Raises:
            PeopleError: it would expire before it begins, or the purpose is over 1000 characters long.
        """
        date = date or dt.date.today()
        if expires is not None and expires <= date:
            raise PeopleError(f"consent of {date} cannot expire on {expires}", "give a later day, or none")
        if len(purpose) > 1000:
            raise PeopleError("the purpose is over 1000 characters long", "shorten it")
        return cls(**dict(zip(QUESTIONS, astuple(answers), strict=True)), date=date, purpose=purpose, expires=expires)

    def at(self, day: dt.date) -> Answers:
        """The answers that hold on ``day``: all no if consent has expired or not yet begun."""
        if day < self.date or (self.expires is not None and day >= self.expires):
            return NOBODY
        return Answers(self.seen, self.heard, self.quoted, self.named)

    def answers(self, today: dt.date | None = None) -> Answers:
        """:meth:`at`, by default for today."""
        return self.at(today or dt.date.today())

    def state(self, day: dt.date) -> str:
        """One word for lists: "holds", "expired", "not yet" or, with four times no, "opted out"."""
        if Answers(self.seen, self.heard, self.quoted, self.named) == NOBODY:
            return "opted out"
        if day < self.date:
            return "not yet"
        return "expired" if self.expires is not None and day >= self.expires else "holds"

    def for_purpose(self, purpose: str, terms: str, day: dt.date) -> str:
        """Whether somebody agreed to a purpose in its current form.

        Args:
            purpose: of the project.
            terms: the fingerprint of what people agree to with it now.
            day: usually today.

        Returns:
            "given", or why not: what :meth:`state` returns, "other purpose", or "other terms" if the purpose or its
                recipients
            have changed since.
        """
        state = self.state(day)
        if state != "holds":
            return state
        asked = [agreement for agreement in self.agreed if agreement.purpose == purpose]
        if not asked:
            return "other purpose"
        if not any(agreement.terms == terms and agreement.date <= day for agreement in asked):
            return "other terms"
        return GIVEN

    def agreeing(self, agreement: Agreement) -> Consent:
        """The same consent with one more purpose; an earlier answer to it is replaced."""
        others = tuple(one for one in self.agreed if (one.purpose, one.terms) != (agreement.purpose, agreement.terms))
        return self.model_copy(update={"agreed": (*others, agreement)})

    def without(self, purpose: str) -> Consent:
        """The same consent without that purpose."""
        return self.model_copy(update={"agreed": tuple(one for one in self.agreed if one.purpose != purpose)})

    def answering(self, question: str, yes: bool) -> Consent:
        """The same consent with one answer changed; everything else agreed to stays.

        Raises:
            PeopleError: there is no such question.
        """
        if question not in QUESTIONS:
            raise PeopleError(
                f"{question!r} is not one of the four questions", f"ask for one of {', '.join(QUESTIONS)}"
            )
        return self.model_copy(update={question: yes})

"""Levels of export, from the safe recording down to counts and made-up meetings, one small class each."""

from sharing.levels.aggregate import Aggregate, Count, counts, laplace, noisy
from sharing.levels.budget import Budget
from sharing.levels.deidentified import Deidentified, Demo
from sharing.levels.features import Features
from sharing.levels.people import pseudonymous
from sharing.levels.sampling import sampled
from sharing.levels.session import LEVELS, Artefact, Column, Included, Level, Session, TextMaker
from sharing.levels.synthetic import Synthetic
from sharing.levels.transcript import MEASURED, Transcript

__all__ = [
    "LEVELS",
    "MEASURED",
    "Aggregate",
    "Artefact",
    "Budget",
    "Column",
    "Count",
    "Deidentified",
    "Demo",
    "Features",
    "Included",
    "Level",
    "Session",
    "Synthetic",
    "TextMaker",
    "Transcript",
    "counts",
    "laplace",
    "noisy",
    "pseudonymous",
    "sampled",
]

"""The voice lab's top floor: corpora out of what is on disk, and models compared and chosen."""

from typing import TYPE_CHECKING

from timeline import lazy_exports

if TYPE_CHECKING:
    from discreet.lab.choice import judged, read_criteria, why
    from discreet.lab.compare import Comparison, Plan, save
    from discreet.lab.corpus import Source, make_corpus
    from discreet.lab.listening import analyse, gathered, write_kit
    from discreet.lab.report import fairness_lines, read_comparison, scenario_table, table, write_report
    from discreet.lab.systems import built_in, of_bundle, write_take
else:
    __getattr__ = lazy_exports(
        __name__,
        {
            "choice": ["judged", "read_criteria", "why"],
            "compare": ["Comparison", "Plan", "save"],
            "corpus": ["Source", "make_corpus"],
            "listening": ["analyse", "gathered", "write_kit"],
            "report": ["fairness_lines", "read_comparison", "scenario_table", "table", "write_report"],
            "systems": ["built_in", "of_bundle", "write_take"],
        },
    )

__all__ = [
    "Comparison",
    "Plan",
    "Source",
    "analyse",
    "built_in",
    "fairness_lines",
    "gathered",
    "judged",
    "make_corpus",
    "of_bundle",
    "read_comparison",
    "read_criteria",
    "save",
    "scenario_table",
    "table",
    "why",
    "write_kit",
    "write_report",
    "write_take",
]

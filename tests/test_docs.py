"""The documentation says what the program does: commands, options, settings, models and links are checked."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from discreet.cli.app import app
from discreet.config.settings import Settings, SettingsError, load
from evaluation.metrics.code_modules import ROOMS
from timeline import ExitCode
from timeline.plugins import GROUPS
from weights.manifest import default_manifest

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "plugin" / "README.md", *PAGES]
MOST_WORDS = 1000
LONG = {"explanation/figures.md"}
"""Tables of figures, which nobody reads from top to bottom."""

names = pytest.mark.parametrize("page", TEXTS, ids=lambda path: str(path.relative_to(ROOT)))


def code(page: Path) -> list[str]:
    """Everything a page shows as code: blocks line by line, with continued lines joined, and code within a line."""
    text = page.read_text(encoding="utf-8")
    blocks = re.findall(r"^( *)```[^\n]*\n(.*?)^\1```", text, re.DOTALL | re.MULTILINE)
    lines = [line.strip() for _, block in blocks for line in re.sub(r"\\\n\s*", " ", block).splitlines()]
    return lines + re.findall(r"`([^`\n]+)`", re.sub(r"^( *)```.*?^\1```", "", text, flags=re.DOTALL | re.MULTILINE))


def shown_commands(page: Path) -> list[list[str]]:
    """The words of every ``discreet ...`` that a page shows, without comments."""
    found = []
    for line in code(page):
        for match in re.finditer(r"(?:^|\s)discreet ([a-z-].*)$", line):
            found.append(re.split(r"\s+#|\s[<>|]", match[1])[0].split())
    return found


@names
def test_every_command_that_is_shown_exists_with_its_options(page: Path) -> None:
    for words in shown_commands(page):
        command: Any = get_command(app)
        rest = list(words)
        while rest and hasattr(command, "commands") and not rest[0].startswith("-"):
            assert rest[0] in command.commands, f"discreet {' '.join(words)}"
            command = command.commands[rest.pop(0)]
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        for word in rest:
            option = word.partition("=")[0]
            assert not re.match(r"--?[a-z]", option) or option in {*known, "--help", "-h"}, f"{option} of {words}"


@names
def test_every_setting_that_is_shown_can_be_set(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for key, value in re.findall(r"--set '?([a-z_0-9.]+)=([^\s'`]+)", text):
        try:
            load(options=[f"{key}={value.rstrip('.,;)')}"])
        except SettingsError as error:
            pytest.fail(f"--set {key}={value}: {error}")


@names
def test_every_setting_that_is_named_exists(page: Path) -> None:
    for line in code(page):
        match = re.fullmatch(
            r"(process|registered|capture|vision|diarization|redaction|voice|record|masking)((\.[a-z_]+)+)", line
        )
        if match is None or "/" in line or line.endswith(".py"):
            continue
        part: object = Settings()
        for name in line.split("."):
            if not hasattr(part, name):
                # `redaction.text` is a package, `vision.FrameAnalyser` a class: those are for the API.
                assert (ROOT / line.replace(".", "/")).exists(), line
                break
            part = getattr(part, name)


@names
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    generated = {"commands.md", "settings.md", "timeline.md", *(f"{room}.md" for room in ROOMS)}
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if "://" not in target and Path(target).name not in generated:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(DOCS)))
def test_a_page_is_short_unless_it_is_reference(page: Path) -> None:
    name = page.relative_to(DOCS).as_posix()
    if not name.startswith("reference/") and name not in LONG:
        assert len(page.read_text(encoding="utf-8").split()) <= MOST_WORDS


@pytest.mark.parametrize("room", [*ROOMS, "setup.sh"])
def test_a_page_that_the_code_names_exists(room: str) -> None:
    place = ROOT / room
    for file in [place] if place.is_file() else [*place.rglob("*.py"), *place.rglob("*.toml")]:
        for page in re.findall(r"docs/[\w/-]+\.md", file.read_text(encoding="utf-8")):
            assert (ROOT / page).exists(), f"{file.relative_to(ROOT)} names {page}"


@names
def test_every_file_and_module_of_the_code_that_is_named_exists(page: Path) -> None:
    for text in code(page):
        for path in re.findall(rf"(?<![\w./~-])((?:{'|'.join(ROOMS)}|docs|tests|examples)/[\w/.-]*\w)", text):
            assert (ROOT / path).exists(), path
        for module in re.findall(r"python -m (evaluation[\w.]*)", text):
            path = ROOT / module.replace(".", "/")
            assert path.with_suffix(".py").exists() or path.is_dir() or module.endswith(".runs"), module


def test_every_exit_code_is_explained() -> None:
    page = (DOCS / "reference" / "exit-codes.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| (\w+) \|", page, re.MULTILINE))
    assert rows == {str(int(code)): code.name.lower() for code in ExitCode}


def test_every_kind_of_plugin_is_explained() -> None:
    page = (DOCS / "how-to" / "plugin.md").read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `(\w+)` \| `([\w.]+)` \|", page, re.MULTILINE)) == GROUPS


def test_every_problem_of_enrolment_is_explained() -> None:
    page = (DOCS / "reference" / "enrolment-checks.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "registered").glob("*.py"))
    told = set(re.findall(r'(?:Problem\(\s*[\w."]+,|wrong\(\s*)\s*"([a-z-]+)"', sources))
    assert {"no-face", "two-voices", "too-short"} <= told
    assert told <= set(re.findall(r"`([a-z-]+)`", page))


def test_the_table_of_models_says_what_the_manifest_says(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("mkdocs")
    monkeypatch.syspath_prepend(str(DOCS))
    from reference_pages import TABLES  # type: ignore[import-not-found]

    rows = {line.split("`")[1]: line for line in TABLES["models"]().splitlines() if line.startswith("| `")}
    assert rows.keys() == {model.id for model in default_manifest().models}
    for model in default_manifest().models:
        assert ("(non-commercial)" in rows[model.id]) == (not model.licence.commercial)
        assert ("(unverified)" in rows[model.id]) == (not model.licence.verified)
        assert model.home in rows[model.id]

"""The rules of the house: imports run one way and through doors, modules stay small, and the lean core stays lean.

``house_exceptions.toml`` lists what breaks a rule today. The list is exact and may only shrink.
"""

import ast
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from evaluation.metrics.code_modules import House, Module, parsed
from evaluation.runs.house import RULES, exceptions

ROOT = Path(__file__).resolve().parents[1]
HEAVY = {"torch", "torchaudio", "torchvision", "tensorflow", "nemo_toolkit", "whisperx", "insightface", "opencv-python"}


def test_imports_run_one_way() -> None:
    lint = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr
    assert "0 broken" in lint.stdout


def test_the_lean_core_has_no_torch() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = {requirement.split(">")[0].split("=")[0].split("<")[0].strip() for requirement in project["dependencies"]}
    assert not names & HEAVY
    pinned = {
        line.split("==")[0].strip()
        for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
        if "==" in line
    }
    assert len(pinned) > 30
    assert not pinned & HEAVY


ROOMS = "timeline, weights, registered, capture, vision, diarization, redaction, voice, discreet"


def loaded_by(imports: str, *libraries: str) -> str:
    """Which of the libraries a fresh interpreter has loaded after ``import <imports>``."""
    code = f"import sys, {imports}; print(*[name for name in {libraries!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return out.stdout.strip()


def test_no_room_loads_the_model_runtime_before_it_is_told_to_send_nothing() -> None:
    assert loaded_by(ROOMS, "onnxruntime", "faster_whisper", "huggingface_hub") == ""


def test_importing_the_command_line_loads_no_model_library() -> None:
    assert loaded_by("discreet.cli", "torch", "spacy", "presidio_analyzer", "cv2", "onnxruntime", "scipy") == ""


def test_help_loads_neither_arrays_nor_documents() -> None:
    assert loaded_by("discreet.cli", "numpy", "pydantic", "pydantic_settings", "cryptography") == ""


@pytest.fixture(scope="module")
def house() -> House:
    found = House()
    parsed(found.modules.values())
    return found


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_broken_only_where_the_list_says(house: House, rule: str) -> None:
    broken, allowed = set(RULES[rule](house)), set(exceptions()[rule])
    assert not broken - allowed, f"{rule}: {RULES[rule].__doc__}"
    assert not allowed - broken, "No longer needed: run `python -m evaluation.runs.house --shrink`"


def test_the_list_of_exceptions_names_only_rules() -> None:
    assert exceptions().keys() == RULES.keys()


def test_a_lazy_door_promises_what_type_checkers_see(house: House) -> None:
    doors = {n: m for n, m in house.modules.items() if m.is_package and "lazy_exports(" in m.text}
    assert "timeline" in doors
    for name, door in doors.items():
        (split,) = [node for node in door.tree.body if isinstance(node, ast.If)]
        assert ast.unparse(split.test) == "TYPE_CHECKING", name
        seen = {(node.module, alias.name) for node in split.body for alias in node.names}
        (load,) = [node for node in ast.walk(split) if isinstance(node, ast.Call)]
        homes = ast.literal_eval(load.args[1])
        assert {(f"{name}.{home}", export) for home, exports in homes.items() for export in exports} == seen, name
        assert {export for _, export in seen} <= door.exported(), name


LAB = ("torch", "lightning", "safetensors", "onnx")
"""Libraries of the voice lab, which a machine need not have."""

EXPORTS = f"""
import importlib, importlib.machinery, sys

Finder = importlib.machinery.PathFinder

class WithoutLab(Finder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name.partition(".")[0] in {LAB!r} else super().find_spec(name, path, target)

sys.meta_path[sys.meta_path.index(Finder)] = WithoutLab
for name in sys.argv[1:]:
    try:
        module = importlib.import_module(name)
        print(*[f"{{name}}.{{each}}" for each in module.__all__ if not hasattr(module, each)], sep="\\n")
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] not in {LAB!r} or not name.startswith("voice."):
            raise
"""


def test_every_exported_name_exists(house: House) -> None:
    """Without the lab's libraries, which take longest to load; the next test looks at the doors that need them."""
    packages = [name for name, module in house.modules.items() if module.is_package and module.exported()]
    run = [sys.executable, "-c", EXPORTS, *packages]
    out = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout.split() == []


def top(block: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements outside of functions and classes."""
    for node in block:
        yield node
        if isinstance(node, ast.If | ast.Try | ast.With):
            inner = [*node.body, *getattr(node, "orelse", []), *getattr(node, "finalbody", [])]
            yield from top([*inner, *(each for handler in getattr(node, "handlers", []) for each in handler.body)])


def bound(module: Module) -> set[str]:
    """The names that the top of a module binds."""
    names = set()
    for node in top(module.tree.body):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            names.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            stored = (each for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))
            names |= {each.id for each in stored}
    return names


def test_every_name_that_a_door_of_the_house_takes_is_there(house: House) -> None:
    for name, door in house.modules.items():
        if not door.is_package:
            continue
        for found in door.imports:
            home = house.modules.get(found.module)
            if home is not None and found.name and f"{found.module}.{found.name}" not in house.modules:
                assert found.name in bound(home), f"{name} takes {found.name} from {found.module}"
        assert (door.exported() or set()) <= bound(door), name

"""The rules of the house: imports run one way, and the lean core stays lean."""

import subprocess
import sys
import tomllib
from pathlib import Path

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
    assert "1 kept, 0 broken" in lint.stdout


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

"""Converting a pickled checkpoint to ONNX, once, at fetch time, in a child process that has torch.

The child runs its own Python (``<root>/convert-env``, created on demand, or the one in DISCREET_TORCH_PYTHON); this
process never opens the pickle. The child checks the hash, loads with ``weights_only=True``, loads the state strictly,
exports, and compares ONNX Runtime with torch; only then is the file accepted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NotRequired, TypedDict

from weights.errors import SourceError
from weights.files import locked, new_file, own_folder, sha256_of
from weights.manifest import Conversion, OwnFile, Step

_HERE = Path(__file__).parent / "convert"
#: Creating the environment downloads torch.
INSTALL_TIMEOUT = 3600
CONVERT_TIMEOUT = 900


class Receipt(TypedDict):
    """The record of a conversion, so that a converted file can be traced and verified."""

    recipe: str
    source_sha256: str
    onnx_sha256: str
    torch: str
    opset: int
    max_difference: float
    also: NotRequired[dict[str, str]]


def convert(conversion: Conversion, folder: Path, root: Path, note: Callable[[str], None]) -> Receipt:
    """Convert ``folder / checkpoint`` to ``folder / output`` and its other outputs; then remove the checkpoint.

    Raises SourceError.
    """
    listed = conversion.checkpoint
    if isinstance(listed, OwnFile):
        raise SourceError(f"no SHA-256 was given for {listed.name}")
    checkpoint = folder / listed.name
    if sha256_of(checkpoint) != listed.sha256:
        raise SourceError("the checkpoint changed before it could be converted")
    python = torch_python(root, note)
    answers = []
    for step in conversion.steps:
        note(f"converting to ONNX: {step.output}")
        answers.append(_convert(step, checkpoint, listed.sha256, folder / step.output, python))
    checkpoint.unlink()
    receipt = Receipt(
        recipe=conversion.recipe,
        source_sha256=listed.sha256,
        onnx_sha256=answers[0]["onnx_sha256"],
        torch=answers[0]["torch"],
        opset=answers[0]["opset"],
        max_difference=max(answer["max_difference"] for answer in answers),
    )
    if conversion.also:
        made = zip(conversion.also, answers[1:], strict=True)
        receipt["also"] = {step.output: answer["onnx_sha256"] for step, answer in made}
    return receipt


def _convert(step: Step, checkpoint: Path, sha256: str, output: Path, python: Path) -> dict[str, Any]:
    """Run the child once; return its answer."""
    command = [str(python), "-I", str(_HERE / "run.py"), step.recipe, str(checkpoint), sha256, str(output)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=CONVERT_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceError(f"the conversion could not run: {error}") from error
    lines = done.stdout.strip().splitlines()
    try:
        answer = json.loads(lines[-1]) if lines else {}
    except ValueError:
        answer = {}
    if done.returncode or "onnx_sha256" not in answer:
        reason = answer.get("error") or (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SourceError(f"the conversion failed: {reason}")
    if not output.is_file() or sha256_of(output) != answer["onnx_sha256"]:
        raise SourceError("the conversion did not write a complete file")
    return dict(answer)


def torch_python(root: Path, note: Callable[[str], None]) -> Path:
    """A Python with torch and onnx: DISCREET_TORCH_PYTHON, or an environment created below ``root`` on first use."""
    given = os.environ.get("DISCREET_TORCH_PYTHON")
    if given:
        if not Path(given).is_file():
            raise SourceError(f"DISCREET_TORCH_PYTHON names {given}, which is not a file")
        return Path(given)
    home = root / "convert-env"
    python = home / "bin" / "python"
    requirements = _HERE / "requirements.txt"
    mark = home / ".made-from"
    with locked(root / ".locks" / "convert-env.lock"):
        if mark.is_file() and mark.read_text(encoding="utf-8") == sha256_of(requirements):
            return python
        note("making an environment with torch for the conversion (once; some hundred MB)")
        _run([sys.executable, "-m", "venv", "--clear", str(own_folder(home))])
        _run([str(python), "-m", "pip", "install", "--quiet", "--requirement", str(requirements)])
        with new_file(mark) as file:
            file.write(sha256_of(requirements).encode())
    return python


def _run(command: list[str]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_TIMEOUT, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SourceError(f"the environment for the conversion could not be made: {error}") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise SourceError(f"the environment for the conversion could not be made: {reason}")

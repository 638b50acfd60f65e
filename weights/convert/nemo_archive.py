"""A ``.nemo`` file: a tar of a configuration (YAML) and a checkpoint. No code of either is run.

NeMo instantiates whatever classes the configuration names. Here the architecture is our own; the configuration is only
read, line by line, to check that it is the expected one, and nothing in it is looked up or called.
"""

from __future__ import annotations

import io
import re
import tarfile
from collections.abc import Mapping

from convert.recipe import ConversionError

_CONFIG, _WEIGHTS = "model_config.yaml", "model_weights.ckpt"
_LARGEST = {_CONFIG: 50 << 20, _WEIGHTS: 4 << 30}
_LINE = re.compile(r"^(?P<indent> *)(?P<key>[A-Za-z_]\w*):(?: +(?P<value>\S.*?))?\s*$")


def unpack(data: bytes) -> tuple[bytes, dict[str, str]]:
    """The checkpoint of a ``.nemo`` file, and its configuration as ``{"encoder.d_model": "512", ...}``."""
    found: dict[str, bytes] = {}
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:*") as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                if name in _LARGEST and member.isfile():
                    if member.size > _LARGEST[name]:
                        raise ConversionError(f"{name} in the .nemo file is too large")
                    stream = archive.extractfile(member)
                    assert stream is not None
                    found[name] = stream.read()
    except (tarfile.TarError, EOFError, OSError) as error:
        raise ConversionError(f"not a .nemo file: {error}") from error
    if set(found) != set(_LARGEST):
        raise ConversionError("not a .nemo file: it lacks its configuration or its weights")
    return found[_WEIGHTS], scalars(found[_CONFIG].decode("utf-8", "replace"))


def scalars(text: str) -> dict[str, str]:
    """The plain values of nested YAML mappings, by dotted path; lists and everything else are skipped."""
    out: dict[str, str] = {}
    path: list[tuple[int, str]] = []
    for line in text.splitlines():
        match = _LINE.match(line)
        if not match:
            continue
        indent = len(match["indent"])
        while path and path[-1][0] >= indent:
            path.pop()
        path.append((indent, match["key"]))
        if match["value"] is not None:
            out.setdefault(".".join(key for _, key in path), match["value"].strip("'\""))
    return out


def check(config: Mapping[str, str], wanted: Mapping[str, str]) -> None:
    """Raise ConversionError if the configuration contradicts ``wanted``; missing keys are fine."""
    for key, value in wanted.items():
        if key in config and not _same(config[key], value):
            raise ConversionError(f"another model than expected: {key} is {config[key]}, not {value}")


def _same(a: str, b: str) -> bool:
    try:
        return float(a) == float(b)
    except ValueError:
        return a.lower() == b.lower()

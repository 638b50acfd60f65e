"""Parsing TOML from outside, with a single kind of error for everything that can be wrong with it."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MOST_PARTS = 100
"""Most parts of a dotted key: tomllib's work grows with their square, so a line of 100 kB would take a minute."""
_STRING = re.compile(r""""[^"\n]*"|'[^'\n]*'""")


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML text.

    Raises:
        ValueError: it is not TOML, is nested too deeply, or has a number with thousands of digits. The message says
            where, and quotes nothing.
    """
    if _deep_keys(text):
        raise ValueError("it is nested too deeply")
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:
        raise ValueError("a number in it has too many digits") from None


def _deep_keys(text: str) -> bool:
    plain = _STRING.sub("x", text)
    return any(part.count(".") >= MOST_PARTS for part in re.split(r"[={,\n]", plain))

"""What holds from the very start of a command."""

import os
import subprocess
import sys

import pytest

CODE = "import sys, discreet; assert 'numpy' not in sys.modules; import os; print(os.environ['OPENBLAS_NUM_THREADS'])"


@pytest.mark.parametrize(("given", "used"), [(None, "1"), ("3", "3")])
def test_numpy_is_loaded_for_one_thread_unless_told_otherwise(given: str | None, used: str) -> None:
    env = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    if given is not None:
        env["OPENBLAS_NUM_THREADS"] = given
    out = subprocess.run([sys.executable, "-c", CODE], env=env, capture_output=True, text=True, check=True).stdout
    assert out.strip() == used

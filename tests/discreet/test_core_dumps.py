"""A crash writes no memory to the disk."""

import subprocess
import sys


def test_this_process_and_its_children_write_no_core_file() -> None:
    code = (
        "import subprocess, sys, resource\n"
        "resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)\n"
        "from discreet.core_dumps import no_core_files\n"
        "no_core_files()\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)\n"
        "child = 'import resource; print(resource.getrlimit(resource.RLIMIT_CORE))'\n"
        "subprocess.run([sys.executable, '-c', child], check=True)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["(0, 0)", "(0, 0)"]

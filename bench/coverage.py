"""`make coverage`: every branch of rules, vault, signature and guards is taken by a test, or the exit code is 1."""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.targets import ROOT, TESTS, target_files
from config import handed_on


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        env = handed_on(COVERAGE_FILE=str(Path(folder) / "coverage"))
        tests = [
            *("-m", "pytest", "-q", "-n", "auto", "-m", TESTS, "-p", "no:cacheprovider"),
            *("--cov=app", "--cov-branch", "--cov-report="),
        ]
        ran = subprocess.run([sys.executable, *tests], cwd=ROOT, env=env, check=False)
        if ran.returncode:
            return ran.returncode
        report = ["-m", "coverage", "report", "--show-missing", "--precision=1", "--fail-under=100"]
        include = f"--include={','.join(target_files())}"
        return subprocess.run([sys.executable, *report, include], cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

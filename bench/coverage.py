"""`make coverage`: every branch of rules, vault, signature and guards is taken by the tests that judge the mutants.

Tests that merely pass through a guard on their way take its branches without asking whether they were the right ones,
so only those count that stand where the file stands. Exit code 1 below 100 %.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from bench.targets import ROOT, judges, target_files
from config import handed_on


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        env = handed_on(COVERAGE_FILE=str(Path(folder) / "coverage"))
        tests = ["-m", "pytest", "-q", "--cov=app", "--cov-branch", "--cov-report=", *judges()]
        ran = subprocess.run([sys.executable, *tests], cwd=ROOT, env=env, check=False)
        if ran.returncode:
            return ran.returncode
        report = ["-m", "coverage", "report", "--show-missing", "--precision=1", "--fail-under=100"]
        include = f"--include={','.join(target_files())}"
        return subprocess.run([sys.executable, *report, include], cwd=ROOT, env=env, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())

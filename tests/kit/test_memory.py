"""What is loaded once is looked through once."""

import subprocess
import sys

SCRIPT = """
import gc
from app.kit.memory import settle_in
loaded = [{} for _ in range(1000)]
settle_in()
print(gc.get_freeze_count() > 1000, gc.get_threshold())
ring = []; ring.append(ring); del ring
print(gc.collect() >= 1)
"""


def test_what_is_loaded_is_set_aside_and_rings_of_objects_are_still_found() -> None:
    said = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True).stdout
    assert said.split("\n") == ["True (50000, 50, 100)", "True", ""]

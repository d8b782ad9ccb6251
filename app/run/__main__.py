"""`python -m app.run`: start the house, say where everything is, stay until it ends.

Exit codes: 0 asked to end · 78 the settings cannot be used (sysexits' EX_CONFIG) · 1 or a part's own code when a part
ended by itself. `--with-parent` ends the run when the process that started it dies, whatever it died of. `--without
worker` leaves a part out for somebody who runs it elsewhere, in a debugger for one.
"""

import argparse
import os
import sys

from app.run.house import SERVING, House
from app.run.lobby import after, refused, welcome
from app.run.ports import PortTaken
from app.run.processes import Ended, Processes, end_with_parent
from config import SettingsRefused, load_rehearsal

EX_CONFIG = 78


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m app.run")
    parser.add_argument("--with-parent", action="store_true", help="end when the process that started this one dies")
    parser.add_argument("--without", action="append", default=[], choices=SERVING, help="leave a part out")
    asked = parser.parse_args(arguments)
    if asked.with_parent:
        end_with_parent()
    os.umask(0o077)  # what the parts put into DATA_DIR is for its owner
    processes = Processes(sys.stdout)
    processes.listen()
    try:
        house = House(load_rehearsal(), processes, without=asked.without)
        house.open()
        print(welcome(house), flush=True)
        house.stay()
    except SettingsRefused as problems:
        print(refused(problems), file=sys.stderr)
        return EX_CONFIG
    except PortTaken as taken:
        print(f"Gangway cannot start: {taken}", file=sys.stderr)
        return 1
    except Ended as end:
        print(after(end), flush=True)
        # A part that ended by itself ends the run, even one that ended well: without it the house is not whole.
        return (end.code or 1) if end.name else 0
    finally:
        processes.end()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

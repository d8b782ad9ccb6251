"""A stand-in for Meta inside the measured process, which answers at once: what is measured then is ours alone.

`python -m bench.silent_meta` is a worker that renews every due token of a running house against it, and nothing else:
it prints the seconds of processor it took. Its settings come from `ENV_FILE`, as those of the house's own processes.
"""

import itertools
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from app.build import build, secrets_of
from app.kit.logs import start_logging
from app.kit.memory import settle_in
from app.meta.client import Meta
from app.meta.transport import Graph
from app.runtime import Runtime
from app.upkeep.tokens.renewing import Renewer
from app.work.keeper import Keeper
from bench.token_house import SCOPES
from config import load

_SERIAL = itertools.count()


class Silent(Graph):
    """Answers like Meta, at once and from here: old tokens end in a fortnight, new ones in sixty days."""

    def call(self, method: str, path: str, **given: Any) -> dict[str, Any]:
        now = int(time.time())
        if path == "/debug_token":
            is_new = given["params"]["input_token"].reveal().startswith("EAAnew")
            ends = now + (60 if is_new else 14) * 86400
            granular = [{"scope": scope, "target_ids": ["102290129340398"]} for scope in SCOPES]
            told = {"app_id": self.app_id, "type": "SYSTEM_USER", "is_valid": True, "expires_at": ends}
            return {"data": told | {"issued_at": now, "scopes": SCOPES, "granular_scopes": granular}}
        return {"access_token": f"EAAnew{next(_SERIAL):0120}"}


def standing_in(rt: Runtime) -> Runtime:
    settings = rt.settings
    graph = Silent(
        base_url=settings.meta_graph_url,
        version=settings.meta_graph_version,
        app_id=settings.meta_app_id,
        app_secrets=secrets_of(settings.meta_app_secrets),
    )
    # No limit either: waiting for one is not our work.
    return Runtime(settings, rt.db, Meta.over(graph), rt.vault, rt.wakes, rt.close)


@contextmanager
def renewing(rt: Runtime) -> Iterator[Renewer]:
    keeper = Keeper(rt.db, timedelta(seconds=8))
    renewer = Renewer(rt, keeper)
    yield renewer
    renewer.close()
    keeper.close()


def main() -> None:
    settings = load()
    start_logging(settings.log_level)
    rt = build(settings)
    with renewing(standing_in(rt)) as renewer:
        settle_in()  # as a worker does
        began, spent = time.monotonic(), time.process_time()
        done = renewer.take("bench")
        print(json.dumps({"done": done, "took": time.monotonic() - began, "spent": time.process_time() - spent}))
    rt.close()


if __name__ == "__main__":
    main()

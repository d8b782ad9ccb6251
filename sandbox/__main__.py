"""``python -m sandbox``: makes a world, writes ``sandbox.json``, serves until it is told to stop."""

import gc
import os
import signal
import sys
import threading

from sandbox.listener import Listener
from sandbox.runtime import build_runtime
from sandbox.server import create_app
from sandbox.settings import read_settings, write_facts


def main() -> int:
    """Serves until INT or TERM. Exit code 2 for settings that make no sense."""
    try:
        settings = read_settings(os.environ)
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    listener = Listener(settings.host, settings.port)
    settings = settings.on_port(listener.server_port)
    runtime = build_runtime(
        settings.partner, strict=settings.strict, url=settings.url, signup_order=settings.signup_order
    )
    listener.app = create_app(runtime)
    runtime.courier.start()
    path = write_facts(settings)
    for wanted in (signal.SIGINT, signal.SIGTERM):
        # shutdown() waits for the serving loop, which is this thread: another one has to call it.
        signal.signal(wanted, lambda *_: threading.Thread(target=listener.shutdown, daemon=True).start())
    sys.stderr.write(f"local Meta on {settings.url}, facts in {path}\n")
    # What is loaded stays; the collector need not go over it again with every hundred calls.
    gc.freeze()
    listener.serve_forever(poll_interval=0.1)
    listener.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())

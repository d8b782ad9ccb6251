"""The partner: a program with an API key that makes links and asks how far they are."""

import time
from collections.abc import Callable
from typing import Any

from bench.local_meta import SECONDS, session

Onboarding = dict[str, Any]


class Partner:
    """A program of the partner's."""

    def __init__(self, base_url: str, api_key: str) -> None:
        self.base_url = base_url
        self._http = session()
        self._http.headers["Authorization"] = f"Bearer {api_key}"

    def make_link(self, client_name: str, **more: Any) -> dict[str, Any]:
        """A new link: `{id, url, client, …}`."""
        reply = self._http.post(f"{self.base_url}/v1/links", json={"client_name": client_name, **more}, timeout=SECONDS)
        if reply.status_code != 201:
            raise RuntimeError(f"no link was made: {reply.status_code} {reply.text[:500]}")
        return dict(reply.json())

    def follow_up(self, link_id: str) -> dict[str, Any]:
        """A new link for the client of an older one: `{id, url, client, …, message}`."""
        reply = self._http.post(f"{self.base_url}/v1/links/{link_id}/follow-up", timeout=SECONDS)
        if reply.status_code != 201:
            raise RuntimeError(f"no link was made: {reply.status_code} {reply.text[:500]}")
        return dict(reply.json())

    def read(self, reference: str) -> Onboarding:
        reply = self._http.get(f"{self.base_url}/v1/onboardings/{reference}", timeout=SECONDS)
        if not reply.ok:
            raise RuntimeError(f"{reference}: {reply.status_code} {reply.text[:500]}")
        return dict(reply.json())

    def wait(
        self,
        reference: str,
        until: Callable[[Onboarding], bool],
        *,
        seconds: float = 60,
        first: float = 0.0,
        every: float = 0.1,
    ) -> Onboarding:
        """Ask again and again until it is so; raises `TimeoutError` with what is so instead.

        A measurement leaves the house alone for `first` seconds: asking costs it time as well.
        """
        deadline = time.monotonic() + seconds
        time.sleep(first)
        while not until(found := self.read(reference)):
            if time.monotonic() > deadline:
                steps = {step["name"]: (step["state"], step["error"]) for step in found["steps"]}
                raise TimeoutError(f"{reference} is {found['status']} after {seconds:.0f} s: {steps}")
            time.sleep(every)
        return found


def is_connected(onboarding: Onboarding) -> bool:
    return onboarding["connected_at"] is not None


def is_live(onboarding: Onboarding) -> bool:
    """Both messages proven, and the last step has noticed."""
    return onboarding["live_at"] is not None and step(onboarding, "test")["state"] == "done"


def step(onboarding: Onboarding, name: str) -> dict[str, Any]:
    """One step of an onboarding by its name."""
    return next(dict(found) for found in onboarding["steps"] if found["name"] == name)

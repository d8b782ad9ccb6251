"""Delivers webhooks from a queue with a few threads, in the order in which they are due on the world's clock.

Meta promises no order and neither does this: two deliveries may overtake each other between two threads. A delivery
whose callback does not answer 200 comes back later with exactly the same bytes.
"""

import heapq
import itertools
import threading
from collections import deque
from typing import Any

import requests

from sandbox.webhooks.deliveries import Delivery, plan_retry
from sandbox.webhooks.routing import find_address
from sandbox.webhooks.wire import encode, sign, to_payload
from sandbox.world import Notice, World

TIMEOUT_S = 10
KEPT = 500
USER_AGENT = "facebookexternalua"


class Courier:
    """Owns the queue and its threads. ``start`` and ``stop`` belong together; a reset empties the queue."""

    def __init__(self, world: World, threads: int = 8) -> None:
        self._world = world
        self._queue: list[tuple[float, int, Delivery]] = []
        self._wakeup = threading.Condition()
        self._serial = itertools.count(1)
        self._count = threads
        self._threads: list[threading.Thread] = []
        self._stopping = False
        self._epoch = 0
        self._recent: deque[Delivery] = deque(maxlen=KEPT)
        world.on_notice(self.take)
        world.clock.on_change(self._wake)

    def start(self) -> None:
        """Starts the threads; they end with the process at the latest."""
        for serial in range(self._count):
            thread = threading.Thread(target=self._run, name=f"courier-{serial}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """Ends the threads after what they are delivering now."""
        with self._wakeup:
            self._stopping = True
            self._wakeup.notify_all()
        for thread in self._threads:
            thread.join(timeout=TIMEOUT_S + 1)
        self._threads = []

    def clear(self) -> None:
        """Forgets everything that waits."""
        with self._wakeup:
            self._epoch += 1
            self._queue.clear()
            self._recent.clear()

    def take(self, notice: Notice) -> None:
        """Puts a notice of the world into the queue."""
        now = self._world.now()
        self._put(notice, encode(to_payload(notice, now)), now + notice.after_s)

    def take_raw(self, notice: Notice, payload: Any, address: str, signature: str = "good") -> None:
        """Puts a payload as it is into the queue, for ``address`` whether or not anybody subscribed.

        ``signature`` is good, wrong or missing.
        """
        self._put(notice, encode(payload), self._world.now(), address=address, signature=signature)

    def list_recent(self) -> list[Delivery]:
        """The last deliveries, oldest first, delivered or not."""
        with self._wakeup:
            return list(self._recent)

    def _put(
        self, notice: Notice, body: bytes, due: float, *, address: str | None = None, signature: str = "good"
    ) -> None:
        delivery = Delivery(next(self._serial), notice, body, due, due, address=address, signature=signature)
        with self._wakeup:
            delivery.epoch = self._epoch
            self._recent.append(delivery)
            heapq.heappush(self._queue, (due, delivery.id, delivery))
            self._wakeup.notify()

    def _wake(self) -> None:
        with self._wakeup:
            self._wakeup.notify_all()

    def _run(self) -> None:
        with requests.Session() as session:
            while (delivery := self._next()) is not None:
                self._attempt(session, delivery)

    def _next(self) -> Delivery | None:
        with self._wakeup:
            while not self._stopping:
                if not self._queue:
                    self._wakeup.wait()
                    continue
                wait = self._queue[0][0] - self._world.now()
                if wait <= 0:
                    return heapq.heappop(self._queue)[2]
                self._wakeup.wait(wait)
            return None

    def _attempt(self, session: requests.Session, delivery: Delivery) -> None:
        with self._world.lock:
            address = delivery.address or find_address(self._world, delivery.notice)
            app = self._world.records.apps.get(delivery.notice.app_id)
        if address is None or app is None:
            delivery.state = "dropped"
            return
        delivery.attempts += 1
        delivery.last_address = address
        delivery.last_status = _post(session, address, delivery, app.secret)
        if delivery.last_status == 200:
            delivery.state = "delivered"
            return
        next_at = plan_retry(delivery.attempts, delivery.since, self._world.now())
        if next_at is None:
            delivery.state = "given_up"
            return
        delivery.next_at = next_at
        with self._wakeup:
            if delivery.epoch == self._epoch:
                heapq.heappush(self._queue, (next_at, delivery.id, delivery))
                self._wakeup.notify()


def _post(session: requests.Session, address: str, delivery: Delivery, secret: str) -> int | None:
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT}
    if delivery.signature == "good":
        headers |= sign(delivery.body, secret)
    elif delivery.signature == "wrong":
        headers |= sign(delivery.body, secret + "?")
    try:
        answer = session.post(address, data=delivery.body, headers=headers, timeout=TIMEOUT_S, allow_redirects=False)
    except requests.RequestException:
        return None
    return answer.status_code

"""What exists on the local Meta and what may happen to it.

``World`` holds the records, one lock and the clock; the rooms beside it are functions that take the world first:

* ``signup``: the popup, screen by screen (its package docstring draws the way); ``signup.finish`` is the one place
  where a popup becomes a business, an account, a number and a code;
* ``messages``: a contact writes (``receive``), a number writes (``send``), one thread for the contact's phone
  (``list_thread``);
* ``accounts``, ``numbers``, ``tokens``, ``credit_lines``, ``subscriptions``, ``sync``: what the Graph API does;
* ``moves``: a number that comes from another provider; ``grants``: who is a customer, and the token that goes with it;
* ``life``, ``changes``, ``sharing``: what happens without any call of the app: by Meta, an owner, another provider;
* ``example_numbers.EXAMPLES``: the table of numbers that behave specially (label, meaning, refusal), to be listed;
* ``seed``: the example partner and the people who may log in.

A page reaches the running world with ``sandbox.runtime.current().world``. Rules broken raise ``Refusal`` (Graph's
codes) or, in the popup, ``signup.PopupError`` (a sentence). Nothing here knows HTTP; notices to the app leave by
``world.tell`` and are delivered by ``sandbox.webhooks``.
"""

from sandbox.world.refusals import Refusal
from sandbox.world.world import Notice, World

__all__ = ["Notice", "Refusal", "World"]

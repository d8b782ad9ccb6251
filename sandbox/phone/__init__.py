"""The page at ``/``: a phone to play a contact on, the calls as they come, and what can be turned in this world.

``views`` are the doors; ``feed`` says what the phone and the world's box show, ``rows`` what the list of calls shows,
``switches`` are the faults a person can flip, ``acts`` what can be let happen to the number of the chat, ``contacts``
the people whose phone this may be.
"""

from sandbox.phone.views import bp

__all__ = ["bp"]

"""The signup window as a person sees it: version 4's screens, drawn over the rules in ``sandbox.world.signup``.

``arrival`` reads the address the SDK (or a redirect) opened, ``desk`` remembers the open windows, ``answers`` turns a
posted screen into a move of the rules, ``screens`` says what the next one shows, ``endings`` what its opener is told.
The page's script (``static/dialog.js``) posts those messages; without it the full-page way still works.
"""

from sandbox.dialog.views import bp

__all__ = ["bp"]

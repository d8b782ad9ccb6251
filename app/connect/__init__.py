"""What client businesses see: the signup page of a link, from before the click to "is live".

`views.bp` gathers the doors: `doorstep` (open to all: a link's first opening, terms, reports of the browser), `pages`
(the link's page, for browsers that opened it), `asks` (what a step asks the client for: code, PIN) and `doors` (what
the page's script tells us of Meta's window).
Texts are in the templates and in `words.py`, in English; `app/translations` has the other languages.
"""

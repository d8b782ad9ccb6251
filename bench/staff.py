"""One of the partner's people in the console without a browser: signs in, opens a page, presses a button on it."""

from html.parser import HTMLParser

from bench.local_meta import SECONDS, session


class Forms(HTMLParser):
    """The forms of a page: where each goes, and what it carries without anybody typing."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        elif tag == "input" and self.found and given.get("type") == "hidden":
            self.found[-1][1][given.get("name", "")] = given.get("value", "")


class Staff:
    """A signed-in browser of the console."""

    def __init__(self, base_url: str, email: str, password: str) -> None:
        self.base_url = base_url
        self._http = session()
        page = self._http.get(f"{base_url}/console/sign-in", timeout=SECONDS)
        (_, hidden), *_ = Forms(page.text).found
        reply = self._http.post(
            page.url, data={**hidden, "email": email, "password": password}, timeout=SECONDS, allow_redirects=False
        )
        if reply.status_code != 303:
            raise RuntimeError(f"the sign-in was refused: {reply.status_code}")

    def read(self, path: str) -> str:
        """A page of the console, once one is signed in."""
        page = self._http.get(f"{self.base_url}{path}", timeout=SECONDS)
        if page.status_code != 200 or "/sign-in" in page.url:
            raise RuntimeError(f"{path} answered {page.status_code} at {page.url}")
        return page.text

    def press(self, path: str, ends_with: str, **typed: str) -> None:
        """Send the form of a page whose address ends so, as its button does."""
        forms = [(action, hidden) for action, hidden in Forms(self.read(path)).found if action.endswith(ends_with)]
        if not forms:
            raise LookupError(f"{path} offers no form that ends with {ends_with}")
        action, hidden = forms[0]
        reply = self._http.post(f"{self.base_url}{action}", data={**hidden, **typed}, timeout=SECONDS)
        if not reply.ok:
            raise RuntimeError(f"{action}: {reply.status_code}")

// What the server told this page, read anew each time because the page's middle is replaced as things go on.

export function page() {
  const main = document.getElementById("main");
  return {
    main,
    face: main.dataset.page,
    link: main.dataset.link,
    csrf: main.dataset.csrf,
    facts: JSON.parse(main.dataset.connect || "null"),
  };
}

/** Put the server's present page in place of this one without leaving it: Meta's window may still have a word to say. */
export async function swap() {
  const reply = await fetch(location.pathname, { headers: { Accept: "text/html" }, cache: "no-store" });
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  const main = fresh.getElementById("main");
  if (!reply.ok || !main) {
    location.reload();
    return;
  }
  document.getElementById("main").replaceWith(main);
  document.title = fresh.title;
  history.replaceState(null, "", location.pathname);
  main.querySelector("h1")?.focus({ preventScroll: true });
  window.scrollTo({ top: 0 });
}

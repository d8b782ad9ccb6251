/* What the drawing of all parts of the page shares. Texts come from strangers: they are set as text, never as markup. */

export function make(tag, className, ...inside) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  node.append(...inside.filter((part) => part !== null && part !== undefined));
  return node;
}

export function icon(name, label) {
  const drawn = document.getElementById("i-" + name).content.firstElementChild.cloneNode(true);
  if (label) {
    drawn.removeAttribute("aria-hidden");
    drawn.setAttribute("role", "img");
    drawn.setAttribute("aria-label", label);
  }
  return drawn;
}

export function pill(tone, iconName, words, bare) {
  return make("span", "pill " + tone + (bare ? " bare" : ""), icon(iconName), words);
}

/* The world's clock may be days ahead, but it is told in the reader's own time zone. */
export function timeOf(at, seconds) {
  const parts = { hour: "2-digit", minute: "2-digit", ...(seconds ? { second: "2-digit" } : {}) };
  return new Date(at * 1000).toLocaleTimeString("en-GB", parts);
}

export function dayOf(at) {
  return new Date(at * 1000).toLocaleDateString("en-GB", { day: "numeric", month: "short" });
}

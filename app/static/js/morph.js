// Make one piece of the page like a newer one, touching only what differs: focus, selection and what screen readers
// are reading stay where they are. Elements with data-keep are left alone.

/** Change `from` (in the page) until it equals `to` (fresh from the server). */
export function morph(from, to) {
  if (from.isEqualNode(to) || from.dataset?.keep !== undefined) return;
  if (from.nodeType !== to.nodeType || from.nodeName !== to.nodeName || from.id !== to.id) {
    from.replaceWith(to);
    return;
  }
  if (from.nodeType !== Node.ELEMENT_NODE) {
    from.nodeValue = to.nodeValue;
    return;
  }
  takeAttributes(from, to);
  takeChildren(from, to);
}

function takeAttributes(from, to) {
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
  for (const { name, value } of [...to.attributes]) {
    if (from.getAttribute(name) === value) continue;
    const laid = name === "class" && value === "pl-done" && !from.classList.contains("pl-done");
    from.setAttribute(name, laid ? "pl-done laid" : value);
  }
}

// Children are matched by their place; those with an id stay what they are when others come or go before them.
function takeChildren(from, to) {
  const wanted = [...to.childNodes];
  const names = new Set(wanted.map((child) => child.id).filter(Boolean));
  wanted.forEach((child, place) => {
    const known = child.id && [...from.children].find((one) => one.id === child.id);
    let present = from.childNodes[place];
    while (known && present && present !== known && !names.has(present.id)) {
      present.remove();
      present = from.childNodes[place];
    }
    if (!present) from.append(child);
    else if (present.id !== child.id && names.has(present.id)) present.before(child);
    else morph(present, child);
  });
  while (from.childNodes.length > wanted.length) from.lastChild.remove();
}

// Copy buttons: <button data-copy="text" data-copied="Copied">. Says so on the button for two seconds.

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    return; // Without permission nothing was copied, and nothing is said.
  }
  say(button, button.dataset.copied);
});

export function say(button, word) {
  if (button.dataset.was) return;
  const label = button.getAttribute("aria-label");
  button.dataset.was = "1";
  const bubble = document.createElement("span");
  bubble.className = "said";
  bubble.setAttribute("role", "status");
  bubble.textContent = word;
  button.append(bubble);
  setTimeout(() => {
    bubble.remove();
    delete button.dataset.was;
    if (label) button.setAttribute("aria-label", label);
  }, 2000);
}

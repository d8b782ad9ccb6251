// Hand the link on. Its address is not in this page: our own door gives it out when somebody presses the button.

import { say } from "../copy.js";
import { post } from "./doors.js";
import { page } from "./page.js";

const address = () => post(`/connect/c/${page().link}/share`, {}).then((reply) => reply.url);

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-share]");
  if (!button) return;
  try {
    await handOn[button.dataset.share](button.dataset);
    if (button.dataset.copied) say(button, button.dataset.copied);
  } catch (refused) {
    if (refused.name !== "AbortError") say(button, button.dataset.failed);
  }
});

const handOn = {
  // Browsers let a page copy only in the click itself, so the text is promised there and delivered later.
  copy: () => {
    const text = address().then((url) => new Blob([url], { type: "text/plain" }));
    return navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
  },
  send: async ({ subject, body }) => {
    const url = await address();
    if (navigator.share) await navigator.share({ title: subject, text: body, url });
    else mail("", subject, `${body}\n\n${url}`);
  },
  mail: async ({ to, subject, body }) => mail(to, subject, `${body}\n\n${await address()}`),
};

function mail(to, subject, body) {
  location.href = `mailto:${encodeURIComponent(to)}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

// Print buttons: <button data-print>. The browser's own dialog does the rest.

for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());

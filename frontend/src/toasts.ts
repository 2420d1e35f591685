/** Short messages at the edge of the page, read out politely. What matters stands in the page. */

const STAYS_MS = 6000;

/** Show a message; a sentence that must be seen stays until it is taken away. */
export function toast(page: Document, text: string, stays = false): HTMLElement {
  const shown = page.createElement("p");
  shown.className = "toast";
  shown.textContent = text;
  page.querySelector("[data-toasts]")?.append(shown);
  if (!stays) setTimeout(() => shown.remove(), STAYS_MS);
  return shown;
}

/** Buttons with `data-toast` show it. */
export function toastButtons(page: Document): void {
  page.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("button[data-toast]");
    if (button?.dataset["toast"]) toast(page, button.dataset["toast"]);
  });
}

/** Buttons that print the page: without scripts there is the browser's own way, and they stay hidden. */

export function printButtons(page: Document): void {
  for (const button of page.querySelectorAll<HTMLButtonElement>("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => page.defaultView?.print());
  }
}

/**
 * One key leads to a page or opens the list of keys. They can be turned off, since who speaks to
 * the computer or shakes would press them without wanting to (WCAG 2.1.4).
 */
export function shortcuts(page: Document): void {
  if (page.body.dataset["shortcuts"] === "off") return;
  page.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (page.querySelector("dialog[open]")) return;
    const key = pressed(event);
    if (key === "?") {
      const list = page.getElementById("shortcuts");
      if (list instanceof HTMLDialogElement) list.showModal();
      return;
    }
    const link = target(page, key);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
}

/**
 * What was pressed: its character, or where the keyboard writes another script the one that stands
 * at its place on a Latin keyboard.
 */
function pressed(event: KeyboardEvent): string {
  if (event.key.length !== 1 || /^[!-~]$/.test(event.key)) return event.key;
  if (event.key === "؟") return "?";
  if (event.code === "Slash") return event.shiftKey ? "?" : "/";
  const place = /^(?:Key|Digit)(.)$/.exec(event.code)?.[1];
  return place?.toLowerCase() ?? event.key;
}

function target(page: Document, key: string): HTMLElement | undefined {
  if (/^[1-9]$/.test(key)) {
    return [...page.querySelectorAll<HTMLElement>("[data-desk]")][Number(key) - 1];
  }
  return [...page.querySelectorAll<HTMLElement>("[data-key]")].find(
    (link) => link.dataset["key"] === key,
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

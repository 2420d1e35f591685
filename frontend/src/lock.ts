/** Blanks the page at once and signs out: the button in the header, or Esc three times. */

const PRESSES = 3;
const WITHIN_MS = 1500;

export function lockOnRepeatedEscape(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("form[data-lock]");
  if (!form) return;
  let pressed: number[] = [];
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      pressed = [];
      return;
    }
    pressed = [...pressed, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN_MS);
    if (pressed.length >= PRESSES) form.requestSubmit();
  });
  form.addEventListener("submit", () => blank(page));
  // The back button must not bring a page back that was open when somebody locked it.
  page.defaultView?.addEventListener("pageshow", (event) => {
    if (event.persisted) page.location.reload();
  });
}

function blank(page: Document): void {
  page.documentElement.classList.add("blank");
  page.title = "";
}

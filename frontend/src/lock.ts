/**
 * Blanks the page at once and signs out: the button in the header, or Esc three times.
 * Every tab of this installation goes blank, and stays so until the session has ended.
 */

import { keepDrafts, letGo } from "./drafts";

const PRESSES = 3;
const WITHIN_MS = 1500;
const RETRY_MS = 2000;
const KEEP_MS = 1500;

export function lockPage(page: Document): void {
  const form = page.querySelector<HTMLFormElement>("form[data-lock]");
  // The back button must not bring a page back that was open when somebody locked it.
  page.defaultView?.addEventListener("pageshow", (event) => {
    if (event.persisted) page.location.reload();
  });
  if (!form) return;
  const others = new BroadcastChannel("lock");
  const lock = (): void => {
    blank(page);
    void leave(page, form);
  };
  // Each tab ends the session itself: the one that was asked may be closed before it could.
  others.addEventListener("message", lock);
  onRepeatedEscape(page, () => form.requestSubmit());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    others.postMessage("lock");
    lock();
  });
}

function onRepeatedEscape(page: Document, act: () => void): void {
  let pressed: number[] = [];
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") {
      pressed = [];
      return;
    }
    pressed = [...pressed, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN_MS);
    if (pressed.length >= PRESSES) act();
  });
}

/** Ends the session; without a network the page stays blank and asks again until it can. */
async function leave(page: Document, form: HTMLFormElement): Promise<void> {
  for (;;) {
    await keepDrafts(KEEP_MS);
    try {
      const answer = await fetch(form.action, { method: "POST", keepalive: true });
      if (answer.ok) break;
    } catch {
      // No network: the next attempt may reach the server.
    }
    await new Promise((resume) => setTimeout(resume, RETRY_MS));
  }
  letGo();
  page.location.replace("/");
}

function blank(page: Document): void {
  page.documentElement.classList.add("blank");
  page.title = "";
}

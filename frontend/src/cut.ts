/**
 * A form with something typed in it does not leave the page while the server cannot be reached:
 * the browser would show its own error in its place, and the words would be gone. Before it is
 * sent, a small question goes to the server; without an answer the form says so and stays as it is.
 * While it is asked, and once the form was sent, a second press sends nothing twice.
 */

const PATIENCE_MS = 10_000;
const SENT_MS = 4_000;
const FIELDS = "input:not([type=hidden]), textarea, select";

const typed = new WeakSet<HTMLFormElement>();
const asking = new WeakSet<HTMLFormElement>();
const passing = new WeakSet<HTMLFormElement>();

/** Hold every form of the page that has something to lose. */
export function holdForms(page: Document): void {
  const view = page.defaultView;
  page.addEventListener("input", ({ target }) => {
    const form = target instanceof Element && target.closest<HTMLFormElement>("form");
    if (form) typed.add(form);
  });
  page.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || event.defaultPrevented) return;
    if (passing.has(form) || !losesSomething(form)) return;
    event.preventDefault();
    if (!asking.has(form)) void send(form, event.submitter);
  });
  page.addEventListener("click", ({ target }) => {
    // Who goes elsewhere meanwhile, as by Stop, is not brought back.
    if (target instanceof Element && target.closest("a[href]")) {
      for (const form of page.forms) free(form);
    }
  });
  page.addEventListener("htmx:error", ({ target }) => {
    // Sent without leaving the page: it stays all the same, and says why nothing came.
    const form = target instanceof Element && target.closest<HTMLFormElement>("form");
    if (form) say(form, page.body.dataset["saidCut"] ?? "");
  });
  view?.addEventListener("pageshow", () => {
    for (const form of page.forms) free(form);
  });
}

/** Whether it would lose something: what was typed now, or came back with the page. */
function losesSomething(form: HTMLFormElement): boolean {
  if (form.matches("[data-lock]") || form.method === "dialog") return false;
  return form.matches("[data-draft]") || typed.has(form) || holdsWords(form);
}

function holdsWords(form: HTMLFormElement): boolean {
  const fields = [...form.querySelectorAll<HTMLTextAreaElement>(FIELDS)];
  return fields.some((field) => field.localName === "textarea" && field.value.trim() !== "");
}

async function send(form: HTMLFormElement, button: HTMLElement | null): Promise<void> {
  asking.add(form);
  form.dataset["asking"] = "";
  say(form, "");
  const there = await reached(form.ownerDocument);
  if (!asking.has(form)) return;
  if (!there) {
    free(form);
    say(form, form.ownerDocument.body.dataset["saidCut"] ?? "");
    return;
  }
  passing.add(form);
  form.requestSubmit(button);
  passing.delete(form);
  // A page that is still here then was given a file, or asked whether to go.
  setTimeout(() => free(form), SENT_MS);
}

function free(form: HTMLFormElement): void {
  asking.delete(form);
  delete form.dataset["asking"];
}

/** Whether the server answers. */
async function reached(page: Document): Promise<boolean> {
  const at = page.body.dataset["answers"] ?? "/health/";
  const limit = AbortSignal.timeout(PATIENCE_MS);
  try {
    const asked = { method: "HEAD", cache: "no-store", signal: limit } as const;
    return (await fetch(at, asked)).status < 500; // a proxy answers so when the server is gone
  } catch {
    return false;
  }
}

function say(form: HTMLFormElement, text: string): void {
  const before = form.querySelector("[data-cut]");
  before?.remove();
  if (!text) return;
  const said = form.ownerDocument.createElement("p");
  said.className = "notice notice-warning";
  said.dataset["cut"] = "";
  said.setAttribute("role", "alert");
  said.textContent = text;
  form.append(said);
  said.scrollIntoView({ block: "nearest" });
}

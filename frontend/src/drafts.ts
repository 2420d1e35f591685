/**
 * Keeps what a person types: a second after the last key it is sent to the server, which seals it.
 * Where that cannot be done, for want of a network or because the session has ended, it stays on
 * the page, the page says so, and it is tried again. Nothing of it is put into the browser's own
 * storage, where the next person at this machine could read it.
 */

const PAUSE_MS = 1000;
const RETRY_MS = 3000;
const LEAVE_MS = 1500;

type Outcome = "kept" | "offline" | "session" | "failed" | "refused";

const open: Draft[] = [];

/** Keep drafts of all forms with `data-draft`. */
export function drafts(page: Document): void {
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-draft]")) {
    open.push(new Draft(form));
  }
  for (const link of page.querySelectorAll<HTMLAnchorElement>("[data-at-hand] a")) {
    link.addEventListener("click", (event) => void follow(link, event));
  }
  for (const form of page.querySelectorAll<HTMLFormElement>("[data-at-hand] form")) {
    form.addEventListener("submit", overtake);
  }
}

/** Stop comes first, also after a button that still waits; it throws away what was not sent. */
function overtake(): void {
  for (const draft of open) draft.overtaken = draft.leaving = true;
}

/** Keep what is typed and go: who says stop is not asked whether to leave the page. */
async function follow(link: HTMLAnchorElement, event: MouseEvent): Promise<void> {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  // Stop comes first, also after a button that still waits for what was typed to be kept.
  for (const draft of open) draft.overtaken = true;
  if (!open.some((one) => one.unkept)) return;
  event.preventDefault();
  await keepDrafts(LEAVE_MS);
  link.ownerDocument.defaultView?.location.assign(link.href);
}

/** Keep what is typed now, before the page goes; at most for `within` milliseconds. */
export async function keepDrafts(within: number): Promise<void> {
  const all = Promise.all(open.filter((draft) => draft.unkept).map((draft) => draft.keep()));
  await Promise.race([all, new Promise((resume) => setTimeout(resume, within))]);
}

/** Let the page go without asking: the screen was locked. */
export function letGo(): void {
  for (const draft of open) draft.leaving = true;
}

class Draft {
  unkept = false;
  leaving = false;
  overtaken = false;
  private running: Promise<Outcome> | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly form: HTMLFormElement) {
    const view = form.ownerDocument.defaultView;
    form.addEventListener("input", () => this.typed());
    form.addEventListener("submit", (event) => void this.send(event));
    form.addEventListener("draft:during", (event) => {
      if (event instanceof CustomEvent) this.during(event.detail as () => Promise<void>);
    });
    view?.addEventListener("online", () => this.unkept && void this.keep());
    view?.addEventListener("beforeunload", (event) => {
      if (this.unkept && !this.leaving) event.preventDefault();
    });
    form.ownerDocument.addEventListener("visibilitychange", () => {
      if (form.ownerDocument.hidden && this.unkept) void this.keep();
    });
  }

  private typed(): void {
    this.unkept = true;
    this.after(PAUSE_MS);
  }

  private after(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.keep(), wait);
  }

  /** One attempt at a time; what is typed during it is kept by the next. */
  async keep(): Promise<Outcome> {
    while (this.running) await this.running;
    clearTimeout(this.timer);
    this.unkept = false;
    this.running = this.attempt();
    const outcome = await this.running;
    this.running = undefined;
    if (outcome === "kept") return outcome;
    this.unkept = true;
    if (outcome !== "refused") this.after(RETRY_MS);
    return outcome;
  }

  /** Other work on the draft, such as sending a file: between two attempts, never during one. */
  private during(work: () => Promise<void>): void {
    const before = this.running;
    const mine = (async (): Promise<Outcome> => {
      await before;
      await work();
      return "kept";
    })();
    this.running = mine;
    void mine.then(() => {
      if (this.running === mine) this.running = undefined;
    });
  }

  private async attempt(again = true): Promise<Outcome> {
    let answer: Response;
    try {
      answer = await this.post();
      if (answer.status === 403 && again) {
        // After signing in again the page's token is old.
        return (await this.renew()) ? await this.attempt(false) : this.say("session");
      }
    } catch {
      return this.say("offline");
    }
    if (answer.type === "opaqueredirect") return this.say("session");
    if (answer.ok) return this.kept(await answer.json());
    if (answer.status >= 500 || answer.status === 403) return this.say("failed");
    this.show((await answer.json()).said);
    return "refused";
  }

  private post(): Promise<Response> {
    const body = new FormData(this.form);
    body.set("do", "draft");
    return fetch(this.address(), {
      method: "POST",
      body,
      redirect: "manual",
      keepalive: true,
      headers: { "X-Draft": "1" },
    });
  }

  private async renew(): Promise<boolean> {
    const page = await fetch(this.address(), { redirect: "manual" });
    const token = /name="csrfmiddlewaretoken" value="([^"]+)"/.exec(await page.text())?.[1];
    const input = this.form.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
    if (!page.ok || !token || !input) return false;
    input.value = token;
    return true;
  }

  /** Before the form is sent, what is in it is kept: if sending fails, nothing is lost. */
  private async send(event: SubmitEvent): Promise<void> {
    const button = event.submitter;
    const kept = button?.getAttribute("value") === "discard";
    if (this.leaving || kept) {
      this.leaving = true;
      return;
    }
    // Nothing was typed since it was kept: whether the server is there is asked in `cut.ts`.
    if (!this.unkept && !this.running) return;
    event.preventDefault();
    this.overtaken = false;
    const outcome = await this.keep();
    if (this.overtaken || (outcome !== "kept" && outcome !== "refused")) return;
    this.leaving = true;
    this.form.requestSubmit(button);
  }

  private kept(answer: { version: number; said: string }): Outcome {
    const seen = this.form.querySelector<HTMLInputElement>("[name=draft_version]");
    if (seen) seen.value = String(answer.version);
    this.show(answer.said);
    return "kept";
  }

  private say(outcome: "offline" | "session" | "failed"): Outcome {
    const key = { offline: "saidOffline", session: "saidSession", failed: "saidFailed" }[outcome];
    this.show(this.form.dataset[key] ?? "");
    return outcome;
  }

  private show(text: string): void {
    const status = this.form.querySelector("[data-draft-status]");
    if (status) status.textContent = text;
  }

  private address(): string {
    return this.form.getAttribute("action") ?? this.form.ownerDocument.location.href;
  }
}

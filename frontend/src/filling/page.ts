/**
 * A whole form on one page: one question at a time where the screen is narrow, all of it where it
 * is wide. What is answered goes into the page's draft as it is typed, and is sent as one document.
 */
import { arrange, make, say } from "./dom";
import { type Form, opened, submission } from "./engine";
import { Group, type Part, inOrder } from "./parts";
import type { Page } from "./question";
import { Steps } from "./steps";
import { learn, said } from "./words";
import { textsIn } from "./xml";

const FILES = /^[0-9a-f-]{36}(\.\w{1,8})?$/;

/** Draw the form into its place. Rejects where it cannot be shown; then nothing was changed. */
export async function open(form: HTMLFormElement, definition: Promise<string>): Promise<void> {
  learn(form);
  const answers = form.querySelector<HTMLTextAreaElement>("[name=xml]");
  if (!answers) throw new Error("no answers");
  const first = textsIn(answers.value);
  const files = [...first.values()].filter((text) => FILES.test(text));
  const root = await opened(await definition, answers.value, files);
  new Whole(form, root, first);
}

class Whole implements Page {
  private readonly top: Group;
  private readonly steps: Steps;
  private readonly summary = make("div", { class: "error-summary", role: "alert", tabindex: "-1" });
  private xml = "";
  private waiting = false;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly root: Form,
    first: ReadonlyMap<string, string>,
  ) {
    const area = this.at("[data-questions]");
    this.speak(form.querySelector<HTMLButtonElement>("[data-language][aria-pressed=true]"));
    this.top = new Group(root, { page: this, first, level: 2 });
    area.append(this.top.element);
    this.steps = new Steps(form, () => [...inOrder(this.top)]);
    this.listen();
    this.at("[data-ready]").hidden = false;
    form.dataset["state"] = "ready";
    document.querySelector("[data-preparing]")?.remove();
  }

  private at(selector: string): HTMLElement {
    const found = this.form.querySelector<HTMLElement>(selector);
    if (!found) throw new Error(selector);
    return found;
  }

  private listen(): void {
    // What was looked at is sent as it is, also when the server first has to be reached.
    this.form.addEventListener("input", () => (this.xml = ""));
    this.form.addEventListener("formdata", (event) => this.write(event.formData));
    this.form.addEventListener("submit", (event) => this.submitted(event), { capture: true });
    this.form.addEventListener("keydown", (event) => this.pressed(event));
    this.form.addEventListener("opened", (event) => this.steps.to(event.target as Element));
    this.at("[data-do=on]").addEventListener("click", () => this.on());
    this.at("[data-do=back]").addEventListener("click", () => this.steps.by(-1));
    for (const each of this.form.querySelectorAll<HTMLButtonElement>("[data-language]")) {
      each.addEventListener("click", () => {
        this.speak(each);
        this.changed();
      });
    }
  }

  /** Draw what follows from an answer, and have it kept; once for all that happens at a time. */
  changed(): void {
    this.form.dispatchEvent(new Event("input"));
    if (this.waiting) return;
    this.waiting = true;
    queueMicrotask(() => this.settle());
  }

  settle(): void {
    if (!this.waiting) return;
    this.waiting = false;
    this.top.sync();
    this.steps.show();
  }

  /** Put the answers into what is sent: as a draft all of them as they were typed, else the form. */
  private write(data: FormData): void {
    const kept: Record<string, string> = {};
    for (const { question } of inOrder(this.top)) {
      if (question) kept[question.place.currentState.reference] = question.control.given();
    }
    for (const name of [...data.keys()]) if (name.startsWith("f-")) data.delete(name);
    data.set("xml", this.xml || this.root.instanceState.instanceXML);
    data.set("kept", JSON.stringify(kept));
  }

  async send(file: File): Promise<string> {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", this.value("csrfmiddlewaretoken"));
    body.set("do", "file");
    body.set("file", file);
    let name = "";
    const work = async () => {
      const answer = await fetch(this.form.action, { method: "POST", body, redirect: "manual", headers: { "X-Draft": "1" } });
      const told = (await answer.json()) as { name?: string; version?: number; said?: string };
      if (!told.name) throw new Error(told.said ?? "");
      name = told.name;
      this.put("draft_version", String(told.version));
    };
    await new Promise<void>((done, failed) => {
      const detail = () => work().then(done, failed);
      this.form.dispatchEvent(new CustomEvent("draft:during", { detail }));
    });
    return name;
  }

  private value(name: string): string {
    return this.form.querySelector<HTMLInputElement>(`[name=${name}]`)?.value ?? "";
  }

  private put(name: string, value: string): void {
    const input = this.form.querySelector<HTMLInputElement>(`[name=${name}]`);
    if (input) input.value = value;
  }

  private speak(button: HTMLButtonElement | null): void {
    if (!button) return;
    const name = button.value;
    const language = this.root.languages.find((each) => each.language === name);
    if (!language) return;
    this.root.setLanguage(language);
    for (const each of this.form.querySelectorAll("[data-language]")) {
      each.setAttribute("aria-pressed", String(each === button));
    }
    const area = this.at("[data-questions]");
    area.lang = button.dataset["code"] ?? "";
    area.dir = button.dataset["dir"] ?? "auto";
    this.put("language", name);
  }

  /** On to the next question, once this one is answered rightly. */
  private on(): void {
    const question = this.steps.current?.question;
    const problem = question?.check();
    if (question && problem) this.tell([[question.title, problem, this.steps.current as Part]]);
    else {
      this.tell([]);
      this.steps.by(1);
    }
  }

  /** Enter in a field leads on where one question is shown, and sends nothing by mistake. */
  private pressed(event: KeyboardEvent): void {
    const field = event.target instanceof HTMLInputElement;
    if (event.key !== "Enter" || event.isComposing || !field) return;
    event.preventDefault();
    if (this.steps.narrow && this.steps.current) this.on();
  }

  private submitted(event: SubmitEvent): void {
    const later = event.submitter?.getAttribute("value") === "later";
    if (this.xml || later) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (this.steps.narrow && this.steps.current) this.on();
    else void this.finish(event.submitter);
  }

  /** Look at all answers; tell what is wrong, or send. */
  private async finish(button: HTMLElement | null): Promise<void> {
    const wrong: [string, string, Part][] = [];
    for (const each of inOrder(this.top)) {
      const problem = each.question?.check();
      if (each.question && problem) wrong.push([each.question.title, problem, each]);
    }
    this.tell(wrong);
    if (wrong.length > 0) return;
    this.xml = await submission(this.root);
    this.form.requestSubmit(button);
  }

  private tell(wrong: readonly [string, string, Part][]): void {
    const place = this.at("[data-problems]");
    if (wrong.length === 0) {
      arrange(place, []);
      return;
    }
    const items = wrong.map(([title, problem, part]) => {
      const link = make("a", { href: `#${part.question?.id}` });
      link.append(make("bdi", {}, title), ": ", make("bdi", {}, problem));
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.steps.to(part.element);
        part.question?.control.input.isConnected
          ? part.question.control.input.focus()
          : part.element.focus();
      });
      return make("li", {}, link);
    });
    this.summary.replaceChildren(
      make("h2", {}, said("problem")),
      make("p", {}, said("nothing")),
      make("ul", {}, ...items),
    );
    arrange(place, [this.summary]);
    this.summary.focus();
    say(this.at("[data-progress]"), this.steps.progress);
  }
}

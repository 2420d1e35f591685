/** One question: its words, what answers it, and what is wrong with the answer. */
import type { Place } from "./engine";
import { arrange, make, say } from "./dom";
import { said } from "./words";

/**
 * The page around a question. changed: something was answered; what follows from it is drawn soon.
 * settle: draw it now. send: have a file kept; gives its name, or rejects with a sentence.
 */
export interface Page {
  changed(): void;
  settle(): void;
  send(file: File): Promise<string>;
}

/**
 * How a question is answered. element: what stands below its words. grouped: whether it is several
 * inputs, which then get a legend. show: draw what is answered, once it was changed elsewhere.
 * given: the answer as it was typed, also where the engine does not take it. wrong: what is wrong
 * with it before the rules of the form are asked; empty where nothing is.
 */
export interface Control {
  readonly element: HTMLElement;
  readonly grouped: boolean;
  readonly input: HTMLElement;
  show(value: string): void;
  sync?(): void;
  given(): string;
  wrong?(): string;
}

let count = 0;

/** An identifier for elements of this page; it tells nothing of the question. */
export function fresh(): string {
  count += 1;
  return `f-${count}`;
}

export class Question {
  readonly element: HTMLElement;
  readonly id: string;
  private readonly label: HTMLElement;
  private readonly hint = make("p", { class: "hint" });
  private readonly error = make("p", { class: "error" });
  private known: string;
  private told = false;

  constructor(
    readonly place: Place,
    readonly control: Control,
    first: string | undefined,
  ) {
    this.id = control.input.id;
    this.hint.id = `${this.id}-hint`;
    this.error.id = `${this.id}-error`;
    this.element = make(control.grouped ? "fieldset" : "div", { class: "field", tabindex: "-1" });
    this.label = control.grouped
      ? make("legend", { class: "label" })
      : make("label", { class: "label", for: this.id });
    if (control.grouped) this.element.id = this.id;
    this.element.dataset["question"] = "";
    this.known = place.currentState.instanceValue ?? "";
    // What the engine would not take, such as half a date, is shown again as it was typed.
    control.show(first || this.known);
    this.sync();
  }

  /** Draw words, choices and the answer as they are now. */
  sync(): void {
    const state = this.place.currentState;
    say(this.label, state.label?.asString ?? "");
    say(this.hint, state.hint?.asString ?? "");
    const value = state.instanceValue ?? "";
    if (state.relevant && value !== this.known) {
      this.known = value;
      // Changed by a rule of the form, and not by what was typed just now.
      if (value !== this.control.given() && !this.control.wrong?.()) this.control.show(value);
    }
    this.control.sync?.();
    this.draw(this.told ? this.problem() : "");
  }

  /** What is wrong with the answer as it is; empty where nothing is. */
  problem(): string {
    const typed = this.control.wrong?.();
    if (typed) return typed;
    const violation = this.place.validationState.violation;
    if (!violation) return "";
    return violation.message?.asString || said(violation.condition);
  }

  /** Look at the answer, and tell from now on what is wrong with it. */
  check(): string {
    this.told = true;
    const problem = this.problem();
    this.draw(problem);
    return problem;
  }

  /** The question in one line, for the summary of what is wrong. */
  get title(): string {
    return (this.place.currentState.label?.asString ?? "").replace(/[\s.:?؟]+$/, "");
  }

  private draw(problem: string): void {
    const error = problem
      ? [make("span", { class: "visually-hidden" }, `${said("error")} `), problem]
      : [];
    if (this.error.textContent !== (problem && `${said("error")} ${problem}`)) {
      this.error.replaceChildren(...error);
    }
    const hint = this.hint.textContent !== "";
    this.element.classList.toggle("field-wrong", problem !== "");
    const described = [hint && this.hint.id, problem && this.error.id].filter(Boolean).join(" ");
    const bearer = this.control.grouped ? this.element : this.control.input;
    if (described) bearer.setAttribute("aria-describedby", described);
    else bearer.removeAttribute("aria-describedby");
    for (const input of this.element.querySelectorAll("input.input, textarea.input, select.input")) {
      if (problem) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    arrange(this.element, [
      this.label,
      ...(hint ? [this.hint] : []),
      ...(problem ? [this.error] : []),
      this.control.element,
    ]);
  }
}

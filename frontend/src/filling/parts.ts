/** What a form consists of: groups, what is there several times, notes and questions. */
import { choices } from "./choices";
import { arrange, make, say } from "./dom";
import type { Place } from "./engine";
import { type Page, Question } from "./question";
import { day, mark, text, time } from "./typed";
import { upload } from "./uploads";
import { said } from "./words";

/**
 * One thing that is drawn. block: what is shown alone on a phone, for all but those that hold
 * others. question: where it is one.
 */
export interface Part {
  readonly place: Place;
  readonly element: HTMLElement;
  readonly parts: readonly Part[];
  readonly block?: HTMLElement;
  readonly question?: Question;
  sync(): void;
}

/** first: the answers as they were left, by path. */
export interface Around {
  readonly page: Page;
  readonly first: ReadonlyMap<string, string>;
  readonly level: number;
}

const CONTROLS: Record<string, typeof text> = {
  input: text,
  select: choices,
  upload,
  trigger: mark,
};
const BY_TYPE: Record<string, typeof text> = { date: day, time, dateTime: time };

function part(place: Place, around: Around): Part | null {
  const type = place.nodeType;
  if (type === "group") return new Group(place, around);
  if (type.startsWith("repeat-range")) return new Several(place, around);
  if (type === "note") return new Note(place);
  const control = CONTROLS[type];
  if (!control) return null;
  if (place.currentState.readonly) return new Told(place);
  return new Asked(place, around, (type === "input" && BY_TYPE[place.valueType ?? ""]) || control);
}

/** The parts below a place that are asked now, made once each. */
class Children {
  private readonly made = new Map<string, Part | null>();

  constructor(private readonly around: Around) {}

  of(place: Place): Part[] {
    const found: Part[] = [];
    for (const child of place.currentState.children ?? []) {
      if (!child.currentState.relevant) continue;
      let made = this.made.get(child.nodeId);
      if (made === undefined) {
        made = part(child, this.around);
        this.made.set(child.nodeId, made);
      } else made?.sync();
      if (made && (made.block || made.parts.length > 0)) found.push(made);
    }
    return found;
  }
}

class Asked implements Part {
  readonly parts = [];
  readonly question: Question;
  readonly element: HTMLElement;
  readonly block: HTMLElement;

  constructor(
    readonly place: Place,
    around: Around,
    control: typeof text,
  ) {
    const first = around.first.get(place.currentState.reference);
    this.question = new Question(place, control(place, around.page), first);
    this.element = this.block = this.question.element;
  }

  sync(): void {
    this.question.sync();
  }
}

class Note implements Part {
  readonly parts = [];
  readonly element = make("div", { class: "form-note", tabindex: "-1" });
  readonly block = this.element;

  constructor(readonly place: Place) {
    this.sync();
  }

  sync(): void {
    const { noteText, label } = this.place.currentState;
    say(this.element, (noteText ?? label)?.asString ?? "");
  }
}

/** An answer that the form gives itself. */
class Told implements Part {
  readonly parts = [];
  readonly element = make("div", { class: "field", tabindex: "-1" });
  readonly block = this.element;
  private readonly label = make("p", { class: "label" });
  private readonly value = make("bdi");

  constructor(readonly place: Place) {
    this.element.append(this.label, make("p", {}, this.value));
    this.sync();
  }

  sync(): void {
    const state = this.place.currentState;
    say(this.label, state.label?.asString ?? "");
    const held = state.instanceValue ?? "";
    const chosen = state.valueOptions?.find((item) => item.value === held);
    say(this.value, chosen?.label.asString ?? held);
  }
}

function heading(level: number): HTMLElement {
  return make(`h${Math.min(level, 6)}` as "h2");
}

export class Group implements Part {
  readonly element = make("section", { class: "stack" });
  parts: readonly Part[] = [];
  private readonly head: HTMLElement;
  private readonly children: Children;

  constructor(
    readonly place: Place,
    around: Around,
  ) {
    this.head = heading(around.level);
    this.children = new Children({ ...around, level: around.level + (this.label ? 1 : 0) });
    this.sync();
  }

  private get label(): string {
    return this.place.currentState.label?.asString ?? "";
  }

  sync(): void {
    say(this.head, this.label);
    this.parts = this.children.of(this.place);
    const below = this.parts.map((each) => each.element);
    arrange(this.element, this.label ? [this.head, ...below] : below);
  }
}

/** One of several, with the button that takes it away. */
class Instance implements Part {
  readonly element = make("section", { class: "stack form-instance" });
  readonly away = make("button", { type: "button", class: "button button-quiet" });
  parts: readonly Part[] = [];
  private readonly head: HTMLElement;
  private readonly children: Children;

  constructor(
    readonly place: Place,
    around: Around,
    private readonly name: () => string,
    private readonly fixed: boolean,
  ) {
    this.head = heading(around.level);
    this.children = new Children({ ...around, level: around.level + 1 });
    this.sync();
  }

  sync(): void {
    say(this.head, this.name());
    say(this.away, said("remove", { name: this.name() }));
    this.parts = this.children.of(this.place);
    const below = this.parts.map((each) => each.element);
    arrange(this.element, [this.head, ...below, ...(this.fixed ? [] : [this.away])]);
  }
}

/** What is there several times: each with its questions, then the button for one more. */
class Several implements Part {
  readonly element = make("section", { class: "stack" });
  readonly block?: HTMLElement;
  parts: readonly Part[] = [];
  private readonly made = new Map<string, Instance>();
  private readonly head: HTMLElement;
  private readonly more = make("button", { type: "button", class: "button button-quiet" });
  private readonly there = make("p", { role: "status" });
  private readonly fixed: boolean;

  constructor(
    readonly place: Place,
    private readonly around: Around,
  ) {
    this.fixed = place.nodeType !== "repeat-range:uncontrolled";
    this.head = heading(around.level);
    if (!this.fixed) {
      this.block = make("div", { class: "stack", tabindex: "-1" }, this.there, this.more);
      this.more.addEventListener("click", () => this.add());
    }
    this.sync();
  }

  private get label(): string {
    return this.place.currentState.label?.asString ?? "";
  }

  sync(): void {
    say(this.head, this.label);
    say(this.more, said("add", { name: this.label }));
    const places = this.place.currentState.children ?? [];
    say(this.there, places.length ? said("there", { count: places.length }) : said("none"));
    const there = places.map((place) => this.instance(place));
    for (const [key] of this.made) if (!places.some((p) => p.nodeId === key)) this.made.delete(key);
    this.parts = there;
    const below = there.map((each) => each.element);
    arrange(this.element, [this.head, ...below, ...(this.block ? [this.block] : [])]);
  }

  private instance(place: Place): Instance {
    const known = this.made.get(place.nodeId);
    if (known) {
      known.sync();
      return known;
    }
    const around = { ...this.around, level: this.around.level + 1 };
    const name = () => {
      const at = (this.place.currentState.children ?? []).findIndex((p) => p.nodeId === place.nodeId);
      return `${place.currentState.label?.asString || this.label} ${at + 1}`.trim();
    };
    const made = new Instance(place, around, name, this.fixed);
    made.away.addEventListener("click", () => this.remove(place));
    this.made.set(place.nodeId, made);
    return made;
  }

  private add(): void {
    this.place.addInstances?.();
    this.around.page.changed();
    this.around.page.settle();
    this.parts.at(-1)?.element.dispatchEvent(new Event("opened", { bubbles: true }));
  }

  private remove(place: Place): void {
    const at = (this.place.currentState.children ?? []).findIndex((p) => p.nodeId === place.nodeId);
    this.place.removeInstances?.(at, 1);
    this.around.page.changed();
    this.around.page.settle();
    this.block?.dispatchEvent(new Event("opened", { bubbles: true }));
    this.more.focus();
  }
}

/** All parts in the order in which they are asked. */
export function* inOrder(top: Part): Iterable<Part> {
  for (const each of top.parts) yield* inOrder(each);
  if (top.block) yield top;
}

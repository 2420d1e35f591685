/** One of several, or several: as buttons that can all be seen, with a search where they are many. */
import type { Item, Place } from "./engine";
import { arrange, latin, make, say } from "./dom";
import { type Control, type Page, fresh } from "./question";
import { said } from "./words";

const MANY = 12;

export function choices(place: Place, page: Page): Control {
  return new Choices(place, page);
}

class Choices implements Control {
  readonly element = make("div", { class: "stack" });
  readonly grouped = true;
  readonly input = make("input", { id: fresh() });
  private readonly list = make("div", { class: "options" });
  private readonly options = new Map<string, HTMLLabelElement>();
  private readonly search = make("input", { class: "input", type: "search", autocomplete: "off" });
  private readonly found = make("p", { class: "hint", role: "status" });
  private readonly finding: HTMLElement;
  private readonly one: boolean;

  constructor(
    private readonly place: Place,
    private readonly page: Page,
  ) {
    this.one = place.selectType === "select1";
    this.search.id = `${this.input.id}-search`;
    const label = make("label", { class: "label-small", for: this.search.id }, said("search"));
    this.finding = make("div", {}, label, this.search, this.found);
    this.search.addEventListener("input", (event) => {
      event.stopPropagation();
      this.filter();
    });
    this.list.addEventListener("input", () => this.choose());
    this.sync();
  }

  given(): string {
    return this.chosen().join(" ");
  }

  show(value: string): void {
    const words = this.one ? [value] : value.split(/\s+/);
    for (const [name, option] of this.options) boxIn(option).checked = words.includes(name);
  }

  /** Draw the choices that there are now. */
  sync(): void {
    const items = this.place.currentState.valueOptions ?? [];
    const values = new Set(items.map((item) => item.value));
    for (const name of this.options.keys()) if (!values.has(name)) this.options.delete(name);
    const drawn = items.map((item) => this.option(item));
    arrange(this.list, drawn);
    const many = items.length > MANY;
    this.list.classList.toggle("form-list", many);
    arrange(this.element, many ? [this.finding, this.list] : [this.list]);
    if (many) this.filter();
  }

  private option(item: Item): HTMLLabelElement {
    let option = this.options.get(item.value);
    if (!option) {
      const id = `${this.input.id}-${this.options.size}-${fresh()}`;
      const name = this.one ? this.input.id : null;
      const box = make("input", { type: this.one ? "radio" : "checkbox", id, name });
      box.value = item.value;
      box.checked = this.held().includes(item.value);
      option = make("label", { class: "option", for: id }, box, " ", make("span"));
      this.options.set(item.value, option);
    }
    const words = option.lastElementChild;
    if (words) say(words, item.label.asString);
    return option;
  }

  private held(): readonly string[] {
    const value = this.place.currentState.value;
    return Array.isArray(value) ? (value as string[]) : [];
  }

  private chosen(): string[] {
    const boxes = [...this.options.values()].map(boxIn);
    return boxes.filter((box) => box.checked).map((box) => box.value);
  }

  private choose(): void {
    if (this.one) this.place.selectValue?.(this.chosen()[0] ?? null);
    else this.place.selectValues?.(this.chosen());
    this.page.changed();
  }

  /** Show the choices that have what is searched; one that is chosen stays. */
  private filter(): void {
    const wanted = plain(this.search.value);
    let shown = 0;
    for (const option of this.options.values()) {
      option.hidden = !plain(option.textContent ?? "").includes(wanted) && !boxIn(option).checked;
      if (!option.hidden) shown += 1;
    }
    say(this.found, wanted ? said("found", { shown, of: this.options.size }) : "");
  }
}

function boxIn(option: HTMLLabelElement): HTMLInputElement {
  return option.querySelector("input") as HTMLInputElement;
}

/** Letters as they are compared: without marks, case, and what Arabic writes in several ways. */
function plain(text: string): string {
  return latin(text)
    .normalize("NFKD")
    .replace(/[\p{M}\u0640]/gu, "")
    .replace(/[أإآٱ]/g, "ا")
    .replace(/ى/g, "ي")
    .replace(/ة/g, "ه")
    .toLowerCase()
    .trim();
}

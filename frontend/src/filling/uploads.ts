/** Pictures and files: sent to the server as soon as they are chosen, which checks and keeps them. */
import type { Place } from "./engine";
import { arrange, make, say } from "./dom";
import { type Control, type Page, fresh } from "./question";
import { said } from "./words";

export function upload(place: Place, page: Page): Control {
  return new Upload(place, page);
}

class Upload implements Control {
  readonly element = make("div", { class: "stack" });
  readonly grouped = false;
  readonly input: HTMLInputElement;
  private readonly state = make("p", { role: "status" });
  private readonly away = make("button", { type: "button", class: "button button-quiet" });
  private name = "";
  private refused = "";

  constructor(
    private readonly place: Place,
    private readonly page: Page,
  ) {
    const accept = place.nodeOptions?.media?.accept;
    this.input = make("input", { class: "input", type: "file", id: fresh(), accept });
    this.away.append(said("away"));
    this.away.addEventListener("click", () => this.set("", ""));
    this.input.addEventListener("input", (event) => event.stopPropagation());
    this.input.addEventListener("change", () => void this.take());
    this.draw();
  }

  given(): string {
    return this.name;
  }

  wrong(): string {
    return this.refused;
  }

  show(value: string): void {
    if (value === this.name) return;
    this.name = value;
    this.place.setValue?.(value ? new File([], value) : null);
    this.draw();
  }

  private async take(): Promise<void> {
    const file = this.input.files?.[0];
    if (!file) return;
    say(this.state, said("sending"));
    try {
      this.set(await this.page.send(file), "");
    } catch (error) {
      this.set(this.name, error instanceof Error && error.message ? error.message : said("unsent"));
    }
    this.input.value = "";
  }

  private set(name: string, refused: string): void {
    this.refused = refused;
    this.name = name;
    this.place.setValue?.(name ? new File([], name) : null);
    this.draw();
    this.page.changed();
    if (!name) this.input.focus();
  }

  private draw(): void {
    say(this.state, this.refused || (this.name ? said("file") : said("size")));
    arrange(this.element, [this.state, this.input, ...(this.name ? [this.away] : [])]);
  }
}

/** One question at a time on a narrow screen; on a wide one all of them stand below each other. */
import { say } from "./dom";
import type { Part } from "./parts";
import { said } from "./words";

const NARROW = "(max-width: 48rem)";

export class Steps {
  private at: Element | null = null;
  private place = 0;
  private readonly media = matchMedia(NARROW);

  constructor(
    private readonly form: HTMLFormElement,
    private readonly all: () => Part[],
  ) {
    this.media.addEventListener("change", () => this.show());
    this.at = this.all()[0]?.block ?? null;
    this.show();
  }

  get narrow(): boolean {
    return this.media.matches;
  }

  /** What is asked now; nothing after the last. */
  get current(): Part | undefined {
    return this.all().find((each) => each.block === this.at);
  }

  get progress(): string {
    const parts = this.all();
    const place = parts.findIndex((each) => each.block === this.at);
    return place < 0 ? said("last") : said("progress", { place: place + 1, of: parts.length });
  }

  /** Go forwards or back, and put the focus there. */
  by(distance: number): void {
    const parts = this.all();
    const here = parts.findIndex((each) => each.block === this.at);
    const next = (here < 0 ? parts.length : here) + distance;
    this.at = parts[Math.max(next, 0)]?.block ?? null;
    this.show();
    this.focus();
  }

  /** Go to what stands in an element: its first question. */
  to(element: Element): void {
    const inside = this.all().find(({ block }) => block && (block === element || element.contains(block)));
    if (!inside?.block) return;
    this.at = inside.block;
    this.show();
    this.focus();
  }

  private focus(): void {
    const target = this.at ?? this.form.querySelector("[data-last]");
    if (target instanceof HTMLElement) {
      target.focus({ preventScroll: true });
      (this.narrow ? this.form : target).scrollIntoView({ block: this.narrow ? "start" : "nearest" });
    }
  }

  /** Show what belongs on the screen now. What was asked and is asked no more gives way. */
  show(): void {
    const parts = this.all();
    const place = parts.findIndex((each) => each.block === this.at);
    if (this.at && place < 0) this.at = parts[Math.min(this.place, parts.length - 1)]?.block ?? null;
    else if (this.at) this.place = place;
    const alone = this.narrow;
    for (const { block } of parts) if (block) block.hidden = alone && block !== this.at;
    for (const section of this.form.querySelectorAll<HTMLElement>("[data-questions] section")) {
      section.hidden = alone && !(this.at && section.contains(this.at));
    }
    const last = !alone || this.at === null;
    this.set("[data-last]", last);
    this.set("[data-do=on]", !last);
    this.set("[data-do=back]", alone && this.at !== parts[0]?.block);
    this.set("[data-progress]", alone);
    const progress = this.form.querySelector("[data-progress]");
    if (progress) say(progress, this.progress);
  }

  private set(selector: string, shown: boolean): void {
    for (const each of this.form.querySelectorAll<HTMLElement>(selector)) each.hidden = !shown;
  }
}

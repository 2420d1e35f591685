/** Answers that are typed: texts, numbers, days, times, and a mark that something was read. */
import type { Place } from "./engine";
import { latin, make } from "./dom";
import { type Control, type Page, fresh } from "./question";
import { said } from "./words";

const WHOLE = /^[+-]?\d{1,10}$/;
const DECIMAL = /^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/;
const MOST = 2_147_483_647;

/** One line or several; numbers in any digits. */
export function text(place: Place, page: Page): Control {
  const many = place.appearances?.["multiline"] ?? false;
  const number = place.valueType === "int" || place.valueType === "decimal";
  const input = many
    ? make("textarea", { class: "input", id: fresh(), rows: "5" })
    : make("input", { class: "input", id: fresh(), autocomplete: "off" });
  if (number) input.inputMode = place.valueType === "int" ? "numeric" : "decimal";
  const given = () => (number ? numeral(input.value) : input.value.trim());
  const wrong = () => (number ? wrongNumber(given(), place.valueType) : "");
  input.addEventListener("input", () => {
    place.setValue?.(wrong() ? "" : given());
    page.changed();
  });
  const show = (value: string) => void (input.value = value);
  return { element: input, grouped: false, input, show, given, wrong };
}

function numeral(typed: string): string {
  return latin(typed).replace(/[\u200e\u200f\u061c\s]/g, "").replace("٫", ".");
}

function wrongNumber(given: string, type: string | undefined): string {
  if (given === "") return "";
  if (type === "decimal") return DECIMAL.test(given) ? "" : said("number");
  return WHOLE.test(given) && Math.abs(Number(given)) <= MOST ? "" : said("whole");
}

const PARTS = ["day", "month", "year"] as const;

/** A day in three parts; only month and year, or the year, where the form asks for no more. */
export function day(place: Place, page: Page): Control {
  const id = fresh();
  const looks = place.appearances ?? {};
  const asked = PARTS.filter((part) =>
    looks["year"] ? part === "year" : looks["month-year"] ? part !== "day" : true,
  );
  const inputs = new Map(asked.map((part) => [part, partOf(`${id}-${part}`, part)]));
  const element = make("div", { class: "date" });
  for (const [part, input] of inputs) {
    const label = make("label", { class: "label-small", for: input.id }, said(part));
    element.append(make("div", { class: `date-${part}` }, label, input));
  }
  const read = (part: (typeof PARTS)[number]) => latin(inputs.get(part)?.value.trim() ?? "01");
  const given = () => {
    if ([...inputs.values()].every((input) => input.value.trim() === "")) return "";
    const [d, m, y] = PARTS.map(read) as [string, string, string];
    return `${y}-${m && m.padStart(2, "0")}-${d && d.padStart(2, "0")}`;
  };
  const wrong = () => (given() === "" || isDay(given()) ? "" : said("date"));
  element.addEventListener("input", () => {
    place.setValue?.(wrong() ? "" : given());
    page.changed();
  });
  const show = (value: string) => {
    const [y = "", m = "", d = ""] = value.slice(0, 10).split("-");
    const parts = { year: y, month: m.replace(/^0/, ""), day: d.replace(/^0/, "") };
    for (const [part, input] of inputs) input.value = parts[part];
  };
  const input = make("input", { id });
  return { element, grouped: true, input, show, given, wrong };
}

function partOf(id: string, part: string): HTMLInputElement {
  return make("input", {
    class: "input",
    id,
    inputmode: "numeric",
    autocomplete: "off",
    maxlength: part === "year" ? "4" : "2",
  });
}

function isDay(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  const read = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(read.getTime()) && read.toISOString().startsWith(value);
}

/** A time of the day, or a day with its time: as forms write them, with the offset of here. */
export function time(place: Place, page: Page): Control {
  const whole = place.valueType === "dateTime";
  const type = whole ? "datetime-local" : "time";
  const input = make("input", { class: "input", id: fresh(), type });
  const given = () => input.value && withOffset(input.value, whole);
  input.addEventListener("input", () => {
    place.setValue?.(given());
    page.changed();
  });
  const show = (value: string) => void (input.value = value.slice(0, whole ? 16 : 5));
  return { element: input, grouped: false, input, show, given };
}

function withOffset(typed: string, whole: boolean): string {
  const minutes = -(whole ? new Date(typed) : new Date()).getTimezoneOffset();
  const two = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  return `${typed.slice(0, whole ? 16 : 5)}:00.000${minutes < 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** A mark that something was read or agreed. */
export function mark(place: Place, page: Page): Control {
  const input = make("input", { type: "checkbox", id: fresh() });
  const words = make("span", {}, said("read"));
  const element = make("label", { class: "option", for: input.id }, input, " ", words);
  input.addEventListener("input", () => {
    place.setValue?.(input.checked);
    page.changed();
  });
  const show = (value: string) => void (input.checked = value === "OK");
  return { element, grouped: true, input, show, given: () => (input.checked ? "OK" : "") };
}

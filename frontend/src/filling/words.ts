/** Sentences of the page, which the server has put at the form in the reader's language. */

let told: DOMStringMap = {};

export function learn(form: HTMLElement): void {
  told = form.dataset;
}

/** A sentence by its key, with numbers and words put in: `said("place", { place: 2 })`. */
export function said(key: string, values: Record<string, string | number> = {}): string {
  const sentence = told[`said${key[0]?.toUpperCase()}${key.slice(1)}`] ?? "";
  return sentence.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ""));
}

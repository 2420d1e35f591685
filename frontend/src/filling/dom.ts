/** Elements, made without writing HTML. */

type Settings = Record<string, string | boolean | null | undefined>;

export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  settings: Settings = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const element = document.createElement(name);
  for (const [attribute, value] of Object.entries(settings)) {
    if (value === true) element.setAttribute(attribute, "");
    else if (typeof value === "string") element.setAttribute(attribute, value);
  }
  element.append(...inside);
  return element;
}

/** Put elements into a parent in this order, moving only those that stand elsewhere: what has the
 * focus keeps it. */
export function arrange(parent: Element, wanted: readonly Element[]): void {
  for (const child of [...parent.children]) if (!wanted.includes(child)) child.remove();
  wanted.forEach((element, place) => {
    if (parent.children[place] !== element) parent.insertBefore(element, parent.children[place] ?? null);
  });
}

export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

const ZEROS = [0x0660, 0x06f0];

/** Arabic and Persian digits as those that forms compute with. */
export function latin(text: string): string {
  return text.replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => {
    const code = digit.charCodeAt(0);
    const zero = ZEROS.find((each) => code >= each && code < each + 10) ?? code;
    return String(code - zero);
  });
}

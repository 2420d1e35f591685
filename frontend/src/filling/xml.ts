/**
 * The one way in which the page of a form reads XML. What is read is a tree of data: it is never
 * put into the page, and nothing in it runs.
 */

interface Policy {
  createHTML(text: string): string;
}
type Policies = { createPolicy(name: string, rules: Policy): Policy };

const policies = (globalThis as { trustedTypes?: Policies }).trustedTypes;
const policy = policies?.createPolicy("forms", { createHTML: (text) => text });

/** In the place of the browser's own, for the engine too: XML and nothing else. */
export class DOMParser {
  parseFromString(text: string, type: DOMParserSupportedType): Document {
    if (type !== "text/xml" && type !== "application/xml") throw new TypeError(type);
    return new globalThis.DOMParser().parseFromString(policy?.createHTML(text) ?? text, type);
  }
}

/** The texts of all places without places of their own, by path: `/data/child[2]/age`. */
export function textsIn(xml: string): Map<string, string> {
  const found = new Map<string, string>();
  const root = new DOMParser().parseFromString(xml, "text/xml").documentElement;
  collect(root, `/${root.localName}`, found);
  return found;
}

function collect(element: Element, path: string, found: Map<string, string>): void {
  if (element.children.length === 0) found.set(path, element.textContent ?? "");
  const places = new Map<string, number>();
  for (const child of element.children) {
    const place = (places.get(child.localName) ?? 0) + 1;
    places.set(child.localName, place);
    const below = `${path}/${child.localName}`;
    collect(child, place === 1 ? below : `${below}[${place}]`, found);
    if (place === 1) collect(child, `${below}[1]`, found);
  }
}

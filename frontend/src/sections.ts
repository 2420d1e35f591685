/** The sections of a record's page. On a phone they are folded, but for those in which something
    waits or is wrong; a link to a section opens it everywhere. */
const WAITS = ".notice-urgent, .notice-warning, .error-summary, [aria-invalid='true']";

export function foldSections(page: Document): void {
  const sections = [...page.querySelectorAll<HTMLDetailsElement>("details[data-section]")];
  if (sections.length === 0) return;
  if (page.defaultView?.matchMedia("(width < 60rem)").matches) {
    for (const each of sections) {
      if (!("keep" in each.dataset) && each.querySelector(WAITS) === null) each.open = false;
    }
  }
  const open = (): void => {
    const name = decodeURIComponent(page.location.hash.slice(1));
    const named = sections.find((each) => each.id === name);
    if (named === undefined) return;
    named.open = true;
    named.scrollIntoView();
  };
  open();
  page.defaultView?.addEventListener("hashchange", open);
}

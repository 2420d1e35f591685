/** After a mistake the error summary has the focus, so that it is read out first. */
export function focusOnProblems(page: Document): void {
  page.querySelector<HTMLElement>("[data-focus]")?.focus();
}

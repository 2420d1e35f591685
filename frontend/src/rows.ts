/**
 * Forms of several rows, by keyboard: Enter leads from one row to the next and adds one where there
 * is none; Enter in an empty row behind the last one sends the form. Without it there is a button
 * for more rows.
 */

const ROW = "[data-row]";

/** Let all forms with `data-rows` grow by Enter. */
export function rowForms(page: Document): void {
  for (const form of page.querySelectorAll<HTMLFormElement>("form[data-rows]")) {
    form.addEventListener("keydown", (event) => pressed(form, event));
  }
}

function pressed(form: HTMLFormElement, event: KeyboardEvent): void {
  const row = (event.target as Element).closest<HTMLElement>(ROW);
  if (event.key !== "Enter" || event.isComposing || !row) return;
  event.preventDefault();
  const rows = [...form.querySelectorAll<HTMLElement>(ROW)];
  const place = rows.indexOf(row);
  if (place > 0 && empty(row)) {
    form.requestSubmit(form.querySelector<HTMLButtonElement>("button[value=save]"));
    return;
  }
  focus(rows[place + 1] ?? added(row, rows.length));
}

function inputs(row: HTMLElement): (HTMLInputElement | HTMLSelectElement)[] {
  return [...row.querySelectorAll<HTMLInputElement | HTMLSelectElement>("input, select")];
}

function empty(row: HTMLElement): boolean {
  return inputs(row).every((input) => input.value.trim() === "");
}

function focus(row: HTMLElement | undefined): void {
  const first = row && inputs(row)[0];
  first?.focus();
  first?.scrollIntoView({ block: "nearest" });
}

/** A copy of the last row, empty, with the next number in every name. */
function added(last: HTMLElement, count: number): HTMLElement | undefined {
  const most = Number(last.closest("form")?.dataset.rows || "40");
  if (count >= most) return undefined;
  const row = last.cloneNode(true) as HTMLElement;
  const was = String(count - 1);
  for (const element of row.querySelectorAll<HTMLElement>("[id], [name], [for]")) {
    for (const name of ["id", "name", "for", "aria-describedby"]) {
      const value = element.getAttribute(name);
      if (value) element.setAttribute(name, value.replace(`-${was}`, `-${count}`));
    }
  }
  for (const input of inputs(row)) {
    input.value = "";
    input.removeAttribute("aria-invalid");
  }
  for (const wrong of row.querySelectorAll(".error")) wrong.remove();
  const legend = row.querySelector("legend");
  if (legend?.textContent) legend.textContent = renumbered(legend.textContent, count);
  last.after(row);
  return row;
}

/** The next number in the same digits, such as Person 5 or الشخص ٥. */
function renumbered(text: string, count: number): string {
  const zero = /[\u0660-\u0669]/.test(text) ? 0x660 : 0x30;
  const digits = [...String(count + 1)].map((d) => String.fromCharCode(zero + Number(d))).join("");
  return text.replace(/[0-9\u0660-\u0669]+/, digits);
}

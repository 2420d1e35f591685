/**
 * Forms that are filled in on one page. Their program is loaded only there; where it cannot be
 * loaded or cannot show the form, the plain pages are opened in its place.
 */

type Opened = { open(form: HTMLFormElement, definition: Promise<string>): Promise<void> };

/** Open the form of this page, and tell forms that lead to one that there is a program for it. */
export function wholeForms(page: Document): void {
  for (const input of page.querySelectorAll<HTMLInputElement>("input[data-script]")) {
    input.value = "yes";
  }
  const form = page.querySelector<HTMLFormElement>("form[data-whole]");
  if (form) void open(form);
}

async function open(form: HTMLFormElement): Promise<void> {
  const { bundle = "", definition = "", plain = "" } = form.dataset;
  try {
    const text = fetch(definition).then((answer) => {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.text();
    });
    const program = (await import(bundle)) as Opened;
    await program.open(form, text);
  } catch (reason) {
    console.warn("The form is shown page by page.", reason);
    form.ownerDocument.location.replace(plain);
  }
}

/** Opens dialogs in browsers that do not know `commandfor` yet. */
export function dialogs(page: Document): void {
  if ("commandForElement" in HTMLButtonElement.prototype) return;
  page.addEventListener("click", (event) => {
    const button = (event.target as Element).closest("button[commandfor]");
    const dialog = button && page.getElementById(button.getAttribute("commandfor") ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  });
}

/**
 * A page that is turned to the person goes blank when another window or tab is shown, and asks
 * the server anew when it comes back.
 */

export function blankOnLeave(page: Document): void {
  if (!page.querySelector("[data-blank-on-leave]")) return;
  page.addEventListener("visibilitychange", () => {
    if (page.visibilityState === "hidden") page.documentElement.classList.add("blank");
    else page.location.reload();
  });
}

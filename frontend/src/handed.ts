/**
 * A device that was handed to somebody shows one page. Every other tab of this installation goes
 * blank and is led there.
 */

import { keepDrafts, letGo } from "./drafts";

const KEEP_MS = 1500;

export function handedOver(page: Document): void {
  const others = new BroadcastChannel("handed");
  const only = page.body.dataset.handed;
  if (only) {
    others.postMessage(only);
    return;
  }
  others.addEventListener("message", (event: MessageEvent<string>) => {
    page.documentElement.classList.add("blank");
    page.title = "";
    void keepDrafts(KEEP_MS).then(() => {
      letGo();
      page.location.replace(event.data);
    });
  });
}

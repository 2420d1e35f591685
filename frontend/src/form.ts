/**
 * The page on which a whole form is filled in. Loaded by `whole.ts` where there is such a page, and
 * nowhere else: it brings the engine of forms with it.
 */
export { open } from "./filling/page";

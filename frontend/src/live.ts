/**
 * Parts of a page that are drawn anew without leaving it. An element acts only if it carries the
 * page's nonce; the one Trusted Types policy, "htmx", is made by hx-csp.
 */
import "htmx.org";
import "htmx.org/dist/ext/hx-csp.js";

import { lockOnRepeatedEscape } from "./lock";

lockOnRepeatedEscape(document);

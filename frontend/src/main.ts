import { lockPage } from "./lock";

lockPage(document);

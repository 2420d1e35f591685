import { dialogs } from "./dialogs";
import { focusOnProblems } from "./problems";
import { lockPage } from "./lock";
import { toastButtons } from "./toasts";

lockPage(document);
focusOnProblems(document);
dialogs(document);
toastButtons(document);

import { dialogs } from "./dialogs";
import { focusOnProblems } from "./problems";
import { lockPage } from "./lock";
import { shortcuts } from "./shortcuts";
import { passkeyForms } from "./passkeys";
import { toastButtons } from "./toasts";

lockPage(document);
focusOnProblems(document);
dialogs(document);
shortcuts(document);
toastButtons(document);
passkeyForms(document);

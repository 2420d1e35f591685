import { dialogs } from "./dialogs";
import { drafts } from "./drafts";
import { focusOnProblems } from "./problems";
import { lockPage } from "./lock";
import { shortcuts } from "./shortcuts";
import { passkeyForms } from "./passkeys";
import { toastButtons } from "./toasts";

lockPage(document);
focusOnProblems(document);
dialogs(document);
drafts(document);
shortcuts(document);
toastButtons(document);
passkeyForms(document);

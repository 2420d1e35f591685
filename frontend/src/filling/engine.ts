/**
 * The engine of forms (ODK XForms), as far as our pages use it: a tree of nodes, each of which
 * tells whether it is asked, what its words are, what it holds and what is wrong.
 */
import { loadForm } from "@getodk/xforms-engine";
import { DOMParser } from "./xml";

export interface Text {
  readonly asString: string;
}

export interface Violation {
  readonly condition: "required" | "constraint";
  readonly message: Text | null;
}

export interface Item {
  readonly label: Text;
  readonly value: string;
}

/** A place of the form. `setValue` and its like stand at those kinds that have them. */
export interface Place {
  readonly nodeType: string;
  readonly nodeId: string;
  readonly valueType?: string;
  readonly selectType?: "select" | "select1";
  readonly appearances: Record<string, boolean> | null;
  readonly nodeOptions: { readonly media?: { readonly accept: string } } | null;
  readonly currentState: {
    readonly reference: string;
    readonly relevant: boolean;
    readonly readonly: boolean;
    readonly label: Text | null;
    readonly hint: Text | null;
    readonly noteText?: Text;
    readonly children: readonly Place[] | null;
    readonly valueOptions: readonly Item[] | null;
    readonly value: unknown;
    readonly instanceValue?: string;
  };
  readonly validationState: { readonly violation?: Violation | null };
  setValue?(value: unknown): unknown;
  selectValue?(value: string | null): unknown;
  selectValues?(values: readonly string[]): unknown;
  addInstances?(): unknown;
  removeInstances?(from: number, count: number): unknown;
}

export interface Form extends Place {
  readonly instanceState: { readonly instanceXML: string };
  readonly languages: readonly { readonly language: string }[];
  setLanguage(language: { readonly language: string }): unknown;
  prepareInstancePayload(): Promise<{ readonly data: readonly FormData[] }>;
}

interface Loaded {
  readonly status: string;
  readonly error: unknown;
  restoreInstance(input: object, config: object): Promise<{ readonly root: unknown }>;
}
interface Named {
  readonly basename: string;
  readonly extension: string | null;
}

const SUBMISSION = "xml_submission_file";

/**
 * A form as it was left: its definition, its answers, and the names of the files that are kept on
 * the server. Files are not brought back; in the engine an empty one stands for each.
 */
export async function opened(definition: string, draft: string, files: string[]): Promise<Form> {
  const loaded = (await loadForm(definition)) as unknown as Loaded;
  if (loaded.status === "failure") throw loaded.error;
  const data = new FormData();
  const xml = withoutFiles(draft, files);
  data.set(SUBMISSION, new File([xml], SUBMISSION, { type: "text/xml" }));
  const config = {
    instanceAttachments: {
      fileNameFactory: (named: Named) => `${named.basename}${named.extension ?? ""}`,
    },
    preloadProperties: { deviceID: "", email: "", username: "", phoneNumber: "" },
  };
  return (await loaded.restoreInstance({ data: [data] }, config)).root as Form;
}

/** The engine keeps the name of a file that was there from the beginning, also when it is taken
 * away; so none is, and they are put in as if they were chosen now. */
function withoutFiles(draft: string, files: string[]): string {
  const read = new DOMParser().parseFromString(draft, "text/xml");
  for (const place of read.querySelectorAll("*")) {
    if (place.children.length === 0 && files.includes(place.textContent ?? "")) {
      place.textContent = "";
    }
  }
  return new XMLSerializer().serializeToString(read);
}

/** What is sent, as the engine writes it. */
export async function submission(form: Form): Promise<string> {
  const payload = await form.prepareInstancePayload();
  const file = payload.data[0]?.get(SUBMISSION);
  if (!(file instanceof Blob)) throw new Error("no submission");
  return file.text();
}

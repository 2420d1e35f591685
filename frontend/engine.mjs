// The engine of forms is one file that is made for pages with any policy. Ours is strict: XML is
// read through one Trusted Types policy, and nothing is evaluated or written as HTML. Each place is
// changed by name; a version of the engine that has others does not build.
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const reader = join(dirname(fileURLToPath(import.meta.url)), "src", "filling", "xml.ts");
const CHANGES = [
  // Code within a WebAssembly module, of which the grammar of expressions has none.
  ["moduleExports[name] = eval(func);", 'throw new Error("no code");', 1],
  ["eval(func);", 'throw new Error("no code");', 1],
  // Lists in files of their own: the server refuses forms that have them.
  ["instanceElement.innerHTML = this.resource.data;", 'throw new Error("no lists of their own");', 1],
  // Where the engine computes otherwise than the server (docs/methods/forms.md, "Where it differs"):
  // what was not answered adds nothing to a sum, and is neither the largest nor the smallest,
  ["return result ?? NaN;", "return result ?? 0;", 1],
  [
    "const numberValue = item.toNumber();\n        if (Number.isNaN(numberValue)) {\n          result = NaN;",
    'if (item.toString() === "") continue;\n        const numberValue = item.toNumber();\n        if (Number.isNaN(numberValue)) {\n          result = NaN;',
    1,
  ],
  ["shortCircuitOnNaN: true", "shortCircuitOnNaN: false", 1],
  [
    "return Math[method](...args);",
    "const there = args.filter((number) => !Number.isNaN(number));\n    return there.length === 0 ? NaN : Math[method](...there);",
    1,
  ],
  // halves are rounded upwards, below zero too, and a place is true where it has text.
  [
    "return rounded / decimalMultiplier * sign;",
    "return Math.round(value * decimalMultiplier) / decimalMultiplier;",
    1,
  ],
  ["return !this.isEmpty();", 'return this.toString() !== "";', 1],
  // Names of characters in labels: those of XML; any other stays as it is written.
  [
    "element.innerHTML = characterReference;",
    'element.textContent = { amp: "&", lt: "<", gt: ">", quot: \'"\', apos: "\'", nbsp: "\\u00a0" }[value] ?? characterReference;',
    1,
  ],
];

export const engine = {
  name: "engine",
  setup(build) {
    build.onLoad({ filter: /xforms-engine[\\/]dist[\\/]index\.js$/ }, async ({ path }) => {
      let contents = await readFile(path, "utf8");
      for (const [was, becomes, times] of CHANGES) {
        const parts = contents.split(was);
        if (parts.length !== times + 1) throw new Error(`${path}: ${parts.length - 1} times ${was}`);
        contents = parts.join(becomes);
      }
      if (/(?<![.\w])eval\(|new Function\b|\.innerHTML\b/.test(contents)) throw new Error(`${path}: more`);
      return { contents: `import { DOMParser } from ${JSON.stringify(reader)};\n${contents}` };
    });
  },
};

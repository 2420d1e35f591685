// Subsets the fonts for the pages: the scripts that are written in them, and the weights from 400
// to 700 that the styles use. The Arabic face has no Latin letters and digits, so two stand
// beside each other under one name.
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import subsetFont from "subset-font";

const require = createRequire(import.meta.url);
const AXES = { wght: { min: 400, max: 700 } };
const SOURCES = {
  "noto-latin": {
    file: "@fontsource-variable/noto-sans/files/noto-sans-latin-wght-normal.woff2",
    ranges: [[0x20, 0x7e], [0xa0, 0xff], [0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6], [0x2da],
      [0x2dc], [0x2002, 0x206f], [0x20ac], [0x2122], [0x2190, 0x2193], [0x2212], [0x2215]],
  },
  // Arabic with the letters of Persian, Kurdish, Urdu, Pashto and Uyghur; presentation forms are
  // left out, since shaping does not need them.
  "noto-arabic": {
    file: "@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2",
    ranges: [[0x600, 0x6ff], [0x750, 0x77f], [0x200c, 0x200f], [0x25cc], [0xfdf2], [0xfdfa, 0xfdfc]],
  },
};

/** Write the subsets into `folder`. */
export async function subsetFonts(folder) {
  await mkdir(folder, { recursive: true });
  for (const [name, { file, ranges }] of Object.entries(SOURCES)) {
    const whole = await readFile(require.resolve(file));
    const text = ranges
      .flatMap(([first, last = first]) => Array.from({ length: last - first + 1 }, (_, i) => first + i))
      .map((code) => String.fromCodePoint(code))
      .join("");
    const subset = await subsetFont(whole, text, { targetFormat: "woff2", variationAxes: AXES });
    await writeFile(join(folder, `${name}.woff2`), subset);
  }
}

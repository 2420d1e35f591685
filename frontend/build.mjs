// Bundles scripts and styles with their fonts into the package, each name with a digest of its
// content, and writes which name is which into manifest.json.
import { build } from "esbuild";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { engine } from "./engine.mjs";
import { subsetFonts } from "./fonts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, "..", "src", "marfa", "web", "static", "built");
const fresh = `${target}.new`;

await rm(fresh, { recursive: true, force: true });
await mkdir(fresh, { recursive: true });
await subsetFonts(join(here, ".fonts"));
const result = await build({
  absWorkingDir: here,
  entryPoints: ["src/main.ts", "src/live.ts", "src/form.ts", "styles/main.css"],
  outdir: fresh,
  outbase: here,
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  target: ["es2022"],
  loader: { ".woff2": "file" },
  plugins: [engine],
  logLevel: "warning",
});

const manifest = {};
for (const [file, output] of Object.entries(result.metafile.outputs)) {
  if (output.entryPoint) manifest[basename(output.entryPoint)] = relative(fresh, join(here, file));
}
const sorted = Object.fromEntries(Object.entries(manifest).sort());
await writeFile(join(fresh, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);
// Served as they are to browsers that take them: scripts and styles at a quarter of their size.
for (const name of await readdir(fresh)) {
  if (!/\.(js|css)$/.test(name)) continue;
  const content = await readFile(join(fresh, name));
  await writeFile(join(fresh, `${name}.gz`), gzipSync(content, { level: 9 }));
  await writeFile(join(fresh, `${name}.br`), brotliCompressSync(content));
}
await rm(target, { recursive: true, force: true });
await rename(fresh, target);

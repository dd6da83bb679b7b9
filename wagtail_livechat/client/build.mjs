// Bundles every client/*/main.ts(x) into one file each under static/, or (with --test) bundles and runs client/test.
//
// One file per entry point, because manifest static storage does not rewrite relative imports. The output depends on
// nothing but the sources and the versions in package-lock.json: no time, no absolute path, no hash.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = join(here, "..", "static", "wagtail_livechat");

// Bytes after gzip that an entry point may have; the build fails above. What has no ceiling here is only measured.
const CEILINGS = { loader: 4_000, widget: 25_000 };

/** Style sheets are imported as minified text; the code makes constructed style sheets of them (strict CSP). */
const cssAsText = {
  name: "css-as-text",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(readFileSync(path, "utf8"), {
        loader: "css",
        minify: true,
        target: "chrome111",
        charset: "utf8",
      });
      return { contents: code.trim(), loader: "text" };
    });
  },
};

const common = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
  plugins: [cssAsText],
};

function entryPoints() {
  return readdirSync(here, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
    .flatMap(({ name }) => ["main.ts", "main.tsx"].map((file) => ({ name, path: join(here, name, file) })))
    .filter(({ path }) => existsSync(path))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function bundle() {
  const only = process.argv.slice(2).filter((arg) => !arg.startsWith("-"));
  const chosen = entryPoints().filter(({ name }) => !only.length || only.includes(name));
  await esbuild.build({
    ...common,
    entryPoints: chosen.map(({ name, path }) => ({ in: path, out: name })),
    outdir: out,
    format: "iife",
    target: "es2020",
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
  });
  let failed = false;
  console.log("bundle            raw     gzip   brotli");
  for (const { name } of chosen) {
    const bytes = readFileSync(join(out, `${name}.js`));
    const gzip = gzipSync(bytes, { level: 9 }).length;
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    const ceiling = CEILINGS[name];
    const verdict = ceiling === undefined ? "" : gzip <= ceiling ? `  (at most ${ceiling})` : `  OVER ${ceiling}`;
    failed ||= ceiling !== undefined && gzip > ceiling;
    console.log(name.padEnd(12) + [bytes.length, gzip, brotli].map((n) => String(n).padStart(9)).join("") + verdict);
  }
  if (failed) {
    console.error("A bundle is over its ceiling.");
    process.exit(1);
  }
}

async function test() {
  // The bundled tests live outside the tree, so that a run leaves nothing behind.
  const folder = mkdtempSync(join(tmpdir(), "livechat-ts-"));
  try {
    const files = readdirSync(join(here, "test")).filter((file) => /\.test\.tsx?$/.test(file)).sort();
    await esbuild.build({
      ...common,
      entryPoints: files.map((file) => join(here, "test", file)),
      outdir: folder,
      outExtension: { ".js": ".mjs" },
      format: "esm",
      platform: "node",
      target: "node20",
      sourcemap: "inline",
      define: { __ROOT__: JSON.stringify(join(here, "..", "..")) },
    });
    const bundled = readdirSync(folder).map((file) => relative(folder, join(folder, file)));
    const run = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...bundled], { cwd: folder, stdio: "inherit" });
    process.exitCode = run.status ?? 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

await (process.argv.includes("--test") ? test() : bundle());

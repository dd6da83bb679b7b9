// Bundles every client/*/main.ts(x) into one file each under static/, or (with --test) bundles and runs client/test,
// or (with --check) has the compiler look at the sources and at the protocol's examples.
//
// One file per entry point, because manifest static storage does not rewrite relative imports. The output depends on
// nothing but the sources and the versions in package-lock.json: no time, no absolute path, no hash.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
// Elsewhere with --out=FOLDER: that is how CI finds out whether the committed bundles are stale.
const elsewhere = process.argv.find((arg) => arg.startsWith("--out="))?.slice("--out=".length);
const out = elsewhere ?? join(here, "..", "static", "wagtail_livechat");

// Bytes after gzip that an entry point may have; the build fails above. What has no ceiling here is only measured.
const CEILINGS = { loader: 4_000, widget: 25_000 };
// And all that a visitor may come to fetch, together.
const VISITORS = ["loader", "widget", "forms", "help"];
const VISITORS_CEILING = 45_000;

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

/** What a lazy part of the widget does not bring along, since the widget has it: it is taken from the widget at run time. */
const OF_THE_WIDGET = /^(preact(\/hooks|\/jsx-runtime)?|\.\.\/widget\/(context|icons|Lazy)|\.\.\/shared\/uuid)$/;
const fromTheWidget = {
  name: "from-the-widget",
  setup(build) {
    build.onResolve({ filter: OF_THE_WIDGET }, () => ({ path: "runtime", namespace: "widget" }));
    build.onLoad({ filter: /.*/, namespace: "widget" }, () => ({ contents: "module.exports = window.wagtailLivechat.runtime;" }));
  },
};
const LAZY_PARTS = ["forms", "help"];

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
  for (const isLazy of [false, true]) {
    const entries = chosen.filter(({ name }) => LAZY_PARTS.includes(name) === isLazy);
    if (!entries.length) continue;
    await esbuild.build({
      ...common,
      plugins: isLazy ? [...common.plugins, fromTheWidget] : common.plugins,
      entryPoints: entries.map(({ name, path }) => ({ in: path, out: name })),
      outdir: out,
      format: "iife",
      target: "es2022",
      minify: true,
      define: { "process.env.NODE_ENV": '"production"' },
    });
  }
  let failed = false;
  let ofVisitors = 0;
  console.log("bundle            raw     gzip   brotli");
  for (const { name } of chosen) {
    const bytes = readFileSync(join(out, `${name}.js`));
    const gzip = gzipSync(bytes, { level: 9 }).length;
    const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
    const ceiling = CEILINGS[name];
    const verdict = ceiling === undefined ? "" : gzip <= ceiling ? `  (at most ${ceiling})` : `  OVER ${ceiling}`;
    failed ||= ceiling !== undefined && gzip > ceiling;
    if (VISITORS.includes(name)) ofVisitors += gzip;
    console.log(name.padEnd(12) + [bytes.length, gzip, brotli].map((n) => String(n).padStart(9)).join("") + verdict);
  }
  if (ofVisitors > VISITORS_CEILING) {
    console.error(`A visitor may come to fetch ${ofVisitors} bytes, of at most ${VISITORS_CEILING}.`);
    failed = true;
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

/** The compiler's own answer to the protocol's examples: it takes the valid ones, and refuses faults of shape. */
function typedExamples() {
  const { commands, events } = JSON.parse(readFileSync(join(here, "..", "..", "tests", "protocol", "examples.json"), "utf8"));
  const types = { visitor: ["Visitor"], operator: ["Operator"], both: ["Visitor", "Operator"] };
  const lines = [`import type * as p from ${JSON.stringify(join(here, "shared", "protocol"))};`];
  for (const [kind, examples] of Object.entries({ Command: commands, Event: events })) {
    for (const { name, side, valid, shape, value } of examples) {
      if (!valid && !shape) continue;
      for (const type of types[side]) {
        lines.push(`// ${name}`);
        if (!valid) lines.push("// @ts-expect-error");
        lines.push(`((_: p.${type}${kind}) => {})(${JSON.stringify(value)});`);
      }
    }
  }
  return lines.join("\n") + "\n";
}

function check() {
  const tsc = join(here, "node_modules", "typescript", "bin", "tsc");
  const run = (...args) => spawnSync(process.execPath, [tsc, "--noEmit", ...args], { cwd: here, stdio: "inherit" }).status ?? 1;
  process.exitCode = run();
  const folder = mkdtempSync(join(tmpdir(), "livechat-ts-"));
  try {
    writeFileSync(join(folder, "examples.ts"), typedExamples());
    const extend = { extends: join(here, "tsconfig.json"), include: [], files: [join(folder, "examples.ts")] };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...extend, compilerOptions: { types: [] } }));
    process.exitCode ||= run("--project", folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv.includes("--check")) check();
else if (process.argv.includes("--test")) await test();
else await bundle();

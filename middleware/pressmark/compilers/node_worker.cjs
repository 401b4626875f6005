"use strict";
// Compiles with the npm packages of a project: a request is a line of JSON, and so is its answer.
//
// Each file that a compiler looks for is noted, found or not: a file that comes later may be found before another.

const fs = require("node:fs");
const path = require("node:path");
const readline = require("node:readline");
const { createRequire } = require("node:module");
const { fileURLToPath } = require("node:url");

const say = process.stdout.write.bind(process.stdout);
process.stdout.write = process.stderr.write.bind(process.stderr); // what packages print is no answer

const PACKAGES = `${path.sep}node_modules${path.sep}`;
const PACKAGE_CODE = /\.(?:[cm]?js|json|node)$/;
const READING = "readFile open stat lstat access readdir opendir createReadStream exists".split(" ");

let looked = new Map(); // path -> whether the names in that folder were read

function note(file, isListed) {
  const text = file instanceof URL ? fileURLToPath(file) : Buffer.isBuffer(file) ? file.toString() : file;
  if (typeof text !== "string") return;
  const whole = path.resolve(text);
  if (!(whole.includes(PACKAGES) && PACKAGE_CODE.test(whole))) looked.set(whole, looked.get(whole) || isListed);
}

function watch(api) {
  for (const name of READING.flatMap((each) => [each, `${each}Sync`])) {
    const original = api[name];
    if (typeof original !== "function") continue;
    const noting = function (file, ...others) {
      note(file, /dir/.test(name));
      return original.call(this, file, ...others);
    };
    api[name] = Object.defineProperties(noting, Object.getOwnPropertyDescriptors(original));
  }
}
watch(fs);
watch(fs.promises);

const isFolder = (file) => fs.statSync(file, { throwIfNoEntry: false })?.isDirectory();

function lookedFor() {
  const found = [...looked];
  return found.filter(([file, isListed]) => isListed || !isFolder(file)).map(([file]) => file);
}

// Code of the project itself, such as a configuration, is loaded once in a process.

const ownCode = new Map(); // path -> signature
const usedBy = new Map(); // compiler -> the paths of own code that it has used

function signature(file) {
  const status = fs.statSync(file, { throwIfNoEntry: false });
  return status ? `${status.mtimeMs} ${status.size}` : "";
}

const CODE = /\.(?:[cm]?[jt]s|json)$/;

function noteOwnCode(compiler, ...files) {
  const loaded = [...Object.keys(require.cache), ...looked.keys()].filter((file) => CODE.test(file));
  const own = loaded.filter((file) => !file.includes(PACKAGES) && file !== __filename);
  for (const file of [...own, ...files]) {
    if (!ownCode.has(file)) ownCode.set(file, signature(file));
    else if (!looked.has(file) && !files.includes(file)) continue; // loaded before, and perhaps for another compiler
    if (!usedBy.has(compiler)) usedBy.set(compiler, new Set());
    usedBy.get(compiler).add(file);
  }
}

// The folders below one, but for those that hold no sources, and the files that a glob such as "**/*.{html,py}" means.

function tree(folder, glob) {
  const endings = /\*\.(?:\{([\w,]+)\}|(\w+))$/.exec(glob || "");
  const wanted = endings && new Set((endings[1] || endings[2]).split(","));
  const found = [folder];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const whole = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== "node_modules" && !entry.name.startsWith(".")) found.push(...tree(whole, glob));
    } else if (!wanted || wanted.has(path.extname(entry.name).slice(1))) found.push(whole);
  }
  return found;
}

function told(message) {
  if (message.type === "dir-dependency" || message.type === "context-dependency") {
    const folder = message.dir || message.file;
    return isFolder(folder) ? tree(folder, message.glob) : [folder];
  }
  return message.type === "dependency" || message.type === "missing-dependency" ? [message.file] : [];
}

const COMPILERS = {
  async less(less, { text, file, paths, options }) {
    const sourceMap = { outputSourceFiles: true, disableSourcemapAnnotation: true };
    const made = await less.render(text, { filename: file || undefined, paths, sourceMap, ...options });
    return { text: made.css, map: made.map, base: file ? path.dirname(file) : process.cwd() };
  },

  async stylus(stylus, { text, file, paths, options }) {
    const name = file || "inline.styl";
    const style = stylus(text, { filename: name, paths, sourcemap: { comment: false }, ...options });
    return { text: style.render(), map: style.sourcemap, base: process.cwd() };
  },

  async terser(terser, { text, file, options }) {
    const name = file || "inline.js";
    const made = await terser.minify({ [name]: text }, { sourceMap: true, ...options });
    return { text: made.code, map: made.map, base: process.cwd() };
  },

  async coffeescript(coffee, { text, file, options }) {
    const name = file || "inline.coffee";
    const made = coffee.compile(text, { filename: name, sourceFiles: [name], sourceMap: true, ...options });
    return { text: made.js, map: made.v3SourceMap, base: process.cwd() };
  },

  async postcss(postcss, { text, file, folder }, load) {
    const from = file || path.join(folder, "inline.css");
    const config = await load("postcss-load-config")({ cwd: folder, env: process.env.NODE_ENV }, path.dirname(from));
    noteOwnCode("postcss", config.file);
    const map = { inline: false, annotation: false, sourcesContent: true };
    const made = await postcss(config.plugins).process(text, { ...config.options, from, to: from, map });
    const complaints = made.warnings().map(String);
    return { text: made.css, map: String(made.map), base: path.dirname(from), complaints, files: made.messages.flatMap(told) };
  },
};

function withSources(map, base, file, text) {
  if (!map) return null;
  const found = typeof map === "string" ? JSON.parse(map) : map;
  const root = path.resolve(base, found.sourceRoot || "");
  const whole = (source) => (source.startsWith("file:") ? fileURLToPath(source) : path.resolve(root, source));
  const sources = found.sources.map(whole);
  const contentOf = (source) => (source === file ? text : fs.existsSync(source) ? fs.readFileSync(source, "utf8") : null);
  const sourcesContent = found.sourcesContent || sources.map(contentOf);
  return JSON.stringify({ ...found, sourceRoot: "", sources, sourcesContent });
}

async function compiled(request) {
  looked = new Map();
  const load = (name) => createRequire(path.join(request.folder, "_.js"))(name);
  try {
    const { map, base, files = [], complaints = [], ...made } = await COMPILERS[request.compiler](load(request.compiler), request, load);
    const whole = withSources(map, base, request.file, request.text);
    return { ...made, map: whole, complaints, dependencies: [...lookedFor(), ...files] };
  } catch (error) {
    return { error: String(error), dependencies: lookedFor() };
  }
}

async function answer(line) {
  const isStale = [...ownCode].some(([file, before]) => signature(file) !== before);
  if (isStale) process.exit(0); // another process is started, which loads it anew
  const request = JSON.parse(line);
  const made = await compiled(request);
  noteOwnCode(request.compiler);
  const own = usedBy.get(request.compiler) || [];
  say(`${JSON.stringify({ ...made, dependencies: [...made.dependencies, ...own] })}\n`);
}

const lines = readline.createInterface({ input: process.stdin });
lines.on("line", answer);
lines.on("close", () => process.exit(0));

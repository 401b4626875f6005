// Compile with real compilers, which give source maps.
// node compile.cjs PACKAGES <<< '{"tool": "sass" | "terser", "path": ..., "text": ...}'  ->  {"text": ..., "map": ...}
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");

const { tool, path, text } = JSON.parse(readFileSync(0, "utf8"));
const made = require(join(process.argv[2], tool));
if (tool === "sass") {
  const found = made.compileString(text, {
    url: pathToFileURL(path), importer: new made.NodePackageImporter(), loadPaths: [join(path, "..")],
    sourceMap: true, sourceMapIncludeSources: true,
  });
  console.log(JSON.stringify({ text: found.css, map: JSON.stringify(found.sourceMap) }));
} else {
  made.minify({ [path]: text }, { sourceMap: true }).then(found =>
    console.log(JSON.stringify({ text: found.code, map: found.map })));
}

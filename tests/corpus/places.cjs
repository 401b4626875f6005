// Look places up in a source map, with a map reader by other people.
// node places.cjs PACKAGES <<< '["path", [[line, column], ...]]'  ->  [["source", line from 1, column], ...]
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { TraceMap, originalPositionFor } = require(join(process.argv[2], "@jridgewell/trace-mapping"));

const [path, places] = JSON.parse(readFileSync(0, "utf8"));
const map = new TraceMap(readFileSync(path, "utf8"));
console.log(JSON.stringify(places.map(([line, column]) => {
  const found = originalPositionFor(map, { line: line + 1, column });
  return [found.source, found.line, found.column];
})));

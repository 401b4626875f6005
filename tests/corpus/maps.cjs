// Follow every token of bundles through their source maps, with tokenizers and a map reader by other people.
// node maps.cjs PACKAGES <<< '["path", ...]', with a map in path + ".map"  ->  [{"tokens": 12, ...}, ...]
"use strict";
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const acorn = require(join(process.argv[2], "acorn"));
const csstree = require(join(process.argv[2], "css-tree"));
const { TraceMap, traceSegment } = require(join(process.argv[2], "@jridgewell/trace-mapping"));

const lineStarts = (text, ends) => [0, ...Array.from(text.matchAll(ends), each => each.index + each[0].length)];
const SOURCE_ENDS = /\r\n|[\n\r]/g;
const SPACE = 13, COMMENT = 25;

const scriptTokens = text => {
  const tokens = [];
  acorn.parse(text, { ecmaVersion: "latest", allowHashBang: true, onToken: each => tokens.push([each.start, each.end]) });
  return tokens.filter(([start, end]) => end > start);
};
const sheetTokens = text => {
  const tokens = [];
  csstree.tokenize(text, (type, start, end) => { if (type !== SPACE && type !== COMMENT) tokens.push([start, end]); });
  return tokens;
};

const follow = path => {
  const text = readFileSync(path, "utf8"), map = new TraceMap(readFileSync(path + ".map", "utf8"));
  const isScript = path.endsWith(".js");
  const read = isScript ? scriptTokens : sheetTokens;
  const starts = lineStarts(text, isScript ? /\r\n|[\n\r\u2028\u2029]/g : /\n/g);
  const sources = map.sourcesContent.map(each => ({ starts: lineStarts(each, SOURCE_ENDS), seen: new Map() }));
  const found = { tokens: 0, unmapped: [], changed: [], wrong: [], twice: [], missing: [], sources: map.sources };
  let line = 0;
  for (const [start, end] of read(text)) {
    found.tokens += 1;
    while (line + 1 < starts.length && starts[line + 1] <= start) line += 1;
    const token = text.slice(start, end);
    const segment = traceSegment(map, line, start - starts[line]);
    if (!segment || segment.length === 1) {
      found.unmapped.push(token);
      continue;
    }
    const [column, number, sourceLine, sourceColumn] = segment;
    const origin = sources[number].starts[sourceLine] + sourceColumn;
    const here = starts[line] + column;
    // From where the segment begins, which for a part of a template is before it.
    if (map.sourcesContent[number].startsWith(text.slice(here, end), origin)) {
      const place = origin + start - here;
      if (sources[number].seen.has(place)) found.twice.push(token);
      sources[number].seen.set(place, true);
    } else if (/^url\(|^["']/.test(map.sourcesContent[number].slice(origin))) {
      found.changed.push([token, map.sourcesContent[number].slice(origin, origin + 60)]);
    } else {
      found.wrong.push([token, map.sourcesContent[number].slice(origin, origin + 60)]);
    }
  }
  map.sourcesContent.forEach((content, number) => {
    const tokens = read(content).filter(([start]) => !sources[number].seen.has(start));
    found.missing.push(tokens.map(([start, end]) => content.slice(start, end)));
  });
  return found;
};

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(follow)));

// Judge scripts with acorn: a parser written in another language by other people.
// node acorn.cjs PACKAGES <<< '["path", ...]'  ->  [{"parses": true, ...}, ...]
"use strict";
const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const acorn = require(join(process.argv[2], "acorn"));

const OPTIONS = { ecmaVersion: "latest", sourceType: "script", allowHashBang: true };
const FUNCTIONS = ["FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"];

const bound = pattern => {
  if (!pattern) return [];
  switch (pattern.type) {
    case "Identifier": return [pattern.name];
    case "ObjectPattern": return pattern.properties.flatMap(each => bound(each.value || each.argument));
    case "ArrayPattern": return pattern.elements.flatMap(bound);
    case "AssignmentPattern": return bound(pattern.left);
    case "RestElement": return bound(pattern.argument);
    default: throw new Error(pattern.type);
  }
};
const declared = declaration => declaration.declarations.flatMap(each => bound(each.id));
const isLexical = node =>
  node.type === "ClassDeclaration" || (node.type === "VariableDeclaration" && node.kind !== "var");

// The names of "var", and of functions in blocks (ECMAScript, B.3.2), below a statement but not below a function.
const variables = (node, isNested) => {
  if (!node || typeof node.type !== "string" || FUNCTIONS.includes(node.type) || node.type.startsWith("Class"))
    return isNested && node && node.type === "FunctionDeclaration" && !node.async ? [node.id.name] : [];
  if (node.type === "VariableDeclaration") return node.kind === "var" ? declared(node) : [];
  if (node.type.endsWith("Expression")) return [];
  return Object.values(node).flatMap(value => [value].flat()).flatMap(value => variables(value, true));
};

// The tree without its positions; "raw" keeps how strings and numbers are written.
const digest = root => createHash("sha1").update(JSON.stringify(root, (key, value) => {
  if (key === "start" || key === "end") return undefined;
  if (value instanceof RegExp) return String(value);
  return typeof value === "bigint" ? `${value}n` : value;
})).digest("hex");

const judge = text => {
  let root;
  try {
    root = acorn.parse(text, OPTIONS);
  } catch (error) {
    return { parses: false, error: error.message };
  }
  return {
    parses: true,
    is_strict: root.body.some(node => node.directive === "use strict"),
    functions: root.body.filter(node => node.type === "FunctionDeclaration").map(node => node.id.name),
    variables: root.body.flatMap(node => variables(node, false)),
    lexical: root.body.filter(isLexical).flatMap(node => (node.id ? [node.id.name] : declared(node))),
    tree: digest(root),
  };
};

const paths = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(paths.map(path => judge(readFileSync(path, "utf8").replace(/^\uFEFF/, "")))));

// Prints how long expressions and decisions take in the Wasm, in nanoseconds per round: one line of JSON.
// What is called from here crosses the boundary, variables and results included; what says "inside" is one item of a loop
// that the Wasm goes through by itself, the loop included. The condition sees 20 names there, in a context around it.
// Run by `cargo xtask bench`: node feel.mjs <file with condition, variables, table and what is given to it> <rounds> <count>
import { readFile } from "node:fs/promises";

import { Decisions, Feel } from "../dist/node.js";

const [, , file, rounds, count] = process.argv;
const { condition, variables, table, given } = JSON.parse(await readFile(file, "utf8"));
const times = Number(count);
const fuel = 1_000_000_000;

const measure = (parts, work) => {
  const round = () => {
    const began = performance.now();
    work();
    return ((performance.now() - began) * 1e6) / parts;
  };
  round();
  return Array.from({ length: Number(rounds) }, round);
};
const hold = (what, value, expected) => {
  if (value !== expected) {
    throw new Error(`${what}: expected ${expected}, found ${value}`);
  }
};
const called = (name, work) => measure(times, () => {
  for (let time = 0; time < times; time += 1) {
    work(name);
  }
});
const figures = { node: process.versions.node };

figures.parse = called("parse", () => Feel.parse(condition).close());

const asked = Feel.parse(condition);
figures.condition = called("condition", (name) => hold(name, asked.evaluate(variables).value, true));

const names = Object.entries(variables).map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
const looped = Feel.parse(`{${names.join(", ")}, all: every i in 1..${times} satisfies ${condition}}.all`);
figures.conditionInside = measure(times, () => hold("loop", looped.evaluate({}, { fuel }).value, true));

const model = Decisions.open([{ name: "fee.dmn", content: table }]);
figures.table = called("table", (name) => hold(name, model.evaluate("fee", given).value, 10));
figures.tableInside = measure(times, () => {
  hold("loop", model.evaluate("all", { ...given, times }, { fuel }).value, times);
});
console.log(JSON.stringify(figures));

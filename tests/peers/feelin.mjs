// FEEL in JavaScript: reads cases, a condition and how often to measure from standard input, prints values and times.
import { readFileSync } from "node:fs";
import { evaluate } from "feelin";

const { cases, condition, scope, rounds, count } = JSON.parse(readFileSync(0, "utf8"));

const values = cases.map(({ source, variables }) => {
  try {
    return { value: evaluate(source, variables).value ?? null };
  } catch (error) {
    return { error: String(error.message) };
  }
});

// What an expression costs is that of all together: of those without an error, which take as long as the message.
const valid = cases.filter((_, place) => !("error" in values[place]));
const measure = (times, work) => {
  work();
  return Array.from({ length: rounds }, () => {
    const begin = process.hrtime.bigint();
    work();
    return Number(process.hrtime.bigint() - begin) / times;
  });
};
const conditions = measure(count, () => {
  for (let time = 0; time < count; time += 1) {
    if (evaluate(condition, scope).value !== true) {
      throw new Error("expected the condition to hold");
    }
  }
});
const all = measure(valid.length, () => valid.forEach(({ source, variables }) => evaluate(source, variables)));
console.log(JSON.stringify({ node: process.versions.node, values, conditions, all, measured: valid.length }));

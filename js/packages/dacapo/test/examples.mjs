// The examples of the README: what runs, and what it promises to print.
import { readFileSync } from "node:fs";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** The examples that run, with the headings they stand under. */
export const examples = [];
let title = "";
for (const [, heading, code] of readme.matchAll(/^## (.*)$|^```js run\n([\s\S]*?)^```$/gm)) {
  title = heading ?? title;
  if (code !== undefined) examples.push({ title, code, number: examples.length + 1 });
}

/** What an example prints: what stands behind the last `//` of the lines that print. */
export const promised = (code) =>
  code.split("\n").filter((line) => line.includes("console.log(")).map((line) => line.slice(line.lastIndexOf(" // ") + 4).replace(/^"(.*)"$/, "$1"));

// The golden logs that the native engine wrote, and what it said about them.
import { readFileSync, readdirSync } from "node:fs";

const folder = new URL("../../../../tests/golden/", import.meta.url);

const read = (path) => readFileSync(new URL(path, folder));

const stems = (path) =>
  readdirSync(new URL(path, folder))
    .filter((name) => name.endsWith(".dacapo"))
    .map((name) => name.slice(0, -".dacapo".length));

const releases = readdirSync(folder, { withFileTypes: true })
  .filter((it) => it.isDirectory() && /^\d/.test(it.name))
  .map((it) => it.name);

// A line of records begins with its position; after each frame stands its digest, and its time.
function parse(text) {
  const frames = [];
  let lines = [];
  for (const line of text.trimEnd().split("\n")) {
    const [, digest, timestamp] = /^ {2}= ([0-9a-f]{64}) at (-?\d+)$/.exec(line) ?? [];
    if (digest === undefined) {
      lines.push(line);
      continue;
    }
    const [first, last] = [lines[0], lines.at(-1)].map((it) => Number.parseInt(it, 10));
    frames.push({ first, last, lines, digest, timestamp: Number(timestamp) });
    lines = [];
  }
  return frames;
}

// All golden logs: `frames` is what the native engine said.
export const logs = releases.flatMap((release) =>
  stems(`${release}/`).map((name) => ({
    name: `${release}/${name}`,
    bytes: read(`${release}/${name}.dacapo`),
    frames: parse(read(`${release}/${name}.txt`).toString()),
  })),
);

// Logs that no reader may take: `problem` is what the native reader said.
export const malformed = read("malformed/problems.txt").toString().trimEnd().split("\n").map((line) => {
  const [, name, code, position, message] = /^(\S+) (\S+) (\S+) (.*)$/.exec(line);
  return { name, bytes: read(`malformed/${name}.dacapo`), problem: { code, position, message } };
});

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

// The command of a frame as it stands in its JSON text: JavaScript would round its numbers.
export const commandOf = (frame) => frame.slice(frame.indexOf('"command":') + 10, frame.indexOf(',"records":[{"position"'));

// What the machine asks for itself has no actor.
export const isAsked = (frame) => JSON.parse(frame).command.actor !== undefined;

// Takes a rejection for an outcome like others.
export function orRejected(step) {
  try {
    step();
  } catch (error) {
    if (error.name !== "DacapoRejection") {
      throw error;
    }
  }
}

/** Writes a log of many records: instances of a process with one task. */
export function longLog(Engine, bpmn, records) {
  const engine = new Engine({ now: 1_790_000_000_000 });
  engine.deploy([{ name: "one.bpmn", content: bpmn("one", "start -> work:service(work) -> done:end") }]);
  while (engine.place.position < records) {
    for (let count = 0; count < 50; count += 1) engine.createInstance({ processId: "one", variables: { order: `o-${count}`, total: count } });
    for (const { jobKey } of engine.activateJobs({ jobType: "work", jobsMax: 50 })) engine.completeJob({ jobKey, variables: { paid: true } });
    engine.advance(1_000);
  }
  const log = engine.log();
  engine.free();
  return log;
}

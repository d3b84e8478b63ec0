// A log is opened from wherever it is, bit by bit, and what is damaged is said with its place.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";
import { Replay, load } from "dacapo";
import { logs, malformed } from "./golden.mjs";

const { bytes, frames } = logs[0];
const end = frames.at(-1).digest;
const folder = mkdtempSync(join(tmpdir(), "dacapo-open-"));
const file = join(folder, "a.dacapo");
writeFileSync(file, bytes);
const server = createServer((request, response) => {
  if (request.url === "/slow") {
    response.write(bytes.subarray(0, 100));
  } else if (request.url === "/log") {
    response.setHeader("content-length", bytes.length).end(bytes);
  } else {
    response.writeHead(404).end("nothing here");
  }
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const at = `http://127.0.0.1:${server.address().port}`;
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

function* chunks(of, size) {
  for (let from = 0; from < of.length; from += size) {
    yield of.subarray(from, from + size);
  }
}

const sources = {
  bytes: () => bytes,
  "a buffer": () => new Uint8Array(bytes).buffer,
  "a blob": () => new Blob([bytes]),
  "a stream": () => new Blob([bytes]).stream(),
  "odd chunks": () => ReadableStream.from(chunks(new Uint8Array(bytes), 7)),
  "an async iterable": async function* () { yield* chunks(bytes, 1000); },
  "a path": () => file,
  "a file URL": () => pathToFileURL(file),
  "a URL": () => new URL(`${at}/log`),
  "a text of a URL": () => `${at}/log`,
  "a request": () => new Request(`${at}/log`),
  "a response": () => fetch(`${at}/log`),
};

for (const [name, source] of Object.entries(sources)) {
  test(`from ${name}`, async () => {
    const told = [];
    const replay = await Replay.open(name === "an async iterable" ? source() : await source(), { onProgress: (it) => told.push(it) });
    assert.equal(replay.place.position, 0);
    assert.equal(replay.seekEnd().digest, end);
    assert.equal(replay.frameCount, frames.length);
    assert.equal(replay.lastPosition, frames.at(-1).last);
    assert.equal(told.at(-1).bytes, bytes.length);
    assert.equal(told.at(-1).frames, frames.length);
    assert.ok([null, bytes.length].includes(told.at(-1).bytesTotal));
    replay.close();
    assert.throws(() => replay.place);
  });
}

test("without comparing digests", async () => {
  const [replay, compared] = [await Replay.open(bytes, { digests: false }), await Replay.open(bytes)];
  for (let isLeft = true; isLeft; isLeft = replay.step()) {
    assert.deepEqual(replay.place, compared.place);
    compared.step();
  }
  assert.equal(replay.seekEnd().digest, end);
  assert.equal(replay.fork().place.digest, end);
});

test("a digest that differs is found only where digests are compared", async () => {
  const { bytes: other, problem } = malformed.find(({ name }) => name === "other_event");
  const position = Number(problem.position);
  const played = async (options) => (await Replay.open(other, options)).seek(position);
  await assert.rejects(played(), { code: "digest_differs", position });
  assert.ok((await played({ digests: false })).position >= position);
});

for (const { name, bytes: damaged, problem: { code, position, message } } of malformed) {
  test(`${name} ends as when it is opened at once`, async () => {
    const play = async () => {
      const replay = await Replay.open(ReadableStream.from(chunks(new Uint8Array(damaged), 50)));
      while (replay.step());
    };
    // What is in a part that came later is told by its place in the file all the same.
    await assert.rejects(play, { name: "DacapoError", code, position: Number(position), message });
  });
}

test("what claims to be endless ends", async () => {
  const head = new Uint8Array(bytes.subarray(0, 58));
  const bomb = Uint8Array.of(1, 0xff, 0xff, 0xff, 0xff);
  async function* endless() {
    yield head;
    yield bomb;
    for (;;) yield new Uint8Array(1 << 16);
  }
  await assert.rejects(Replay.open(endless()), { name: "DacapoError", position: 0 });
  async function* names() {
    yield new Uint8Array(bytes.subarray(0, 54));
    yield Uint8Array.of(0xff, 0xff, 0xff, 0xff);
    for (;;) yield new Uint8Array(1 << 16);
  }
  await assert.rejects(Replay.open(names()), { name: "DacapoError", position: 0 });
});

test("what is not there is said, and opening can be stopped", async () => {
  await assert.rejects(Replay.open(join(folder, "none")), { name: "DacapoError", code: "log_not_found", message: /none/ });
  await assert.rejects(Replay.open(`${at}/none`), { name: "DacapoError", code: "log_not_found", message: /status 404/ });
  await assert.rejects(Replay.open("http://127.0.0.1:1/"), { name: "DacapoError", code: "log_not_found" });
  const stop = new AbortController();
  const opening = Replay.open(`${at}/slow`, { signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await assert.rejects(opening, { name: "AbortError" });
});

test("loading again is nothing", async () => {
  await load();
  assert.equal(new Replay(bytes).seekEnd().digest, end);
});

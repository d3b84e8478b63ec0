// Opens a log bit by bit, so that a page stays alive and can show how far it is.
import { Opening, Replay } from "./dacapo.js";
import { problem } from "./problem.js";

const CHUNK_BYTES = 1 << 20;
const FRAMES_AT_ONCE = 2_000;
const PAUSE_AFTER_MS = 40;

/** Opens what only this host knows: a file by its path. */
export const host = { file: null };

Replay.open = async function open(source, { onProgress, signal, digests } = {}) {
  const { stream, bytesTotal } = await streamOf(source, signal);
  const opening = new Opening(bytesTotal ?? 0);
  try {
    let bytes = 0;
    let since = performance.now();
    for await (const chunk of stream) {
      bytes += chunk.byteLength;
      opening.push(chunk);
      for (let isMore = true; isMore; ) {
        isMore = opening.read(FRAMES_AT_ONCE);
        if (performance.now() - since > PAUSE_AFTER_MS) {
          onProgress?.({ bytes, bytesTotal, frames: opening.frames });
          await new Promise((resume) => setTimeout(resume));
          signal?.throwIfAborted();
          since = performance.now();
        }
      }
    }
    onProgress?.({ bytes, bytesTotal, frames: opening.frames });
    return opening.finish(digests);
  } finally {
    opening.free();
  }
};

async function streamOf(source, signal) {
  if (source instanceof ArrayBuffer) {
    return { stream: parts(new Uint8Array(source)), bytesTotal: source.byteLength };
  }
  if (ArrayBuffer.isView(source)) {
    return { stream: parts(new Uint8Array(source.buffer, source.byteOffset, source.byteLength)), bytesTotal: source.byteLength };
  }
  if (typeof Blob === "function" && source instanceof Blob) {
    return { stream: reads(source.stream()), bytesTotal: source.size };
  }
  if (source?.getReader) {
    return { stream: reads(source), bytesTotal: null };
  }
  if (source?.[Symbol.asyncIterator]) {
    return { stream: source, bytesTotal: null };
  }
  const file = host.file?.(source);
  if (file) {
    return { stream: await file, bytesTotal: null };
  }
  return responded(source?.body !== undefined && source.url !== undefined && source.ok !== undefined ? source : await fetched(source, signal));
}

async function fetched(address, signal) {
  try {
    return await fetch(address, { signal });
  } catch (cause) {
    signal?.throwIfAborted();
    throw problem("log_not_found", `expected a log at ${address?.url ?? address}, found nothing`, cause);
  }
}

function responded(response) {
  if (!response.ok || !response.body) {
    throw problem("log_not_found", `expected a log at ${response.url}, found status ${response.status}`);
  }
  // What is compressed on the way is longer than it says.
  const length = response.headers.get("content-encoding") ? null : response.headers.get("content-length");
  return { stream: reads(response.body), bytesTotal: length === null ? null : Number(length) };
}

function* parts(bytes) {
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    yield bytes.subarray(at, at + CHUNK_BYTES);
  }
}

// Not every browser lets a stream be iterated.
async function* reads(stream) {
  const reader = stream.getReader();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

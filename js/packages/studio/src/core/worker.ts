// The core, in a worker: what the page asks is handed to it, what it answers goes back. Nothing is decided here.
import { Replay, Verifying, load } from "dacapo/slim";
import type { Fork } from "dacapo/slim";
import wasmUrl from "dacapo/dacapo.wasm?url";
import { ForkView } from "./fork.js";
import { outline } from "./outline.js";
import type { Wanted } from "./outline.js";
import type { Progress, Reply, Request, View } from "./protocol.js";

const loaded = load(new URL(wasmUrl, import.meta.url));
let replay: Replay | null = null;
/** Whether all frames were read for what they tell of their instances. */
let isIndexed = false;
const forks = new Map<number, ForkView>();
let forkNumber = 0;
/** Requests that the page no longer waits for. */
const cancelled = new Set<number>();

function log(): Replay {
  if (!replay) throw new Error("expected an open log, found none");
  return replay;
}

function forkOf(id: number): ForkView {
  const fork = forks.get(id);
  if (!fork) throw new Error("expected an open fork, found none");
  return fork;
}

/** A place as it is shown at once, before the log is played up to there. */
function glance(asked: number): View {
  const it = log();
  const at = it.slice ? it.nearest(asked) : asked;
  const record = at > 0 ? (it.describe(Float64Array.of(at), true)[0] ?? null) : null;
  return {
    place: { position: at, timestamp: record?.timestamp ?? null, digest: "" }, isBrief: true, record,
    changes: [], tokens: [], why: null, variables: new Map(), visits: new Map(), model: null,
    frame: at > 0 ? (it.frames(at, at)[0] ?? null) : null, parent: null, children: [], causes: [], effects: [],
  };
}

/** Everything that the debugger shows of one place. A far one is played up to bit by bit; whoever asks for another place by then
 * gets that one. */
async function view(asked: number, instance: string | null, id: number): Promise<View> {
  const it = log();
  // A slice does not show every record.
  const at = it.slice ? it.nearest(asked) : asked;
  while (!isIndexed || it.seekPart(at, FRAMES_AT_ONCE) > 0) {
    await breathe();
    if (cancelled.has(id)) return glance(asked);
    if (it !== replay) throw new Error("the log was closed");
  }
  const place = it.seek(at);
  const info = instance === null ? null : it.instance(instance);
  const [causes, children] = at > 0 ? [it.causes(at), it.children(at)] : [[], []];
  const effects = children.slice(0, EFFECTS_SHOWN);
  // Records of one step are read together.
  const wanted = [...new Set([...causes, ...effects])].sort((one, other) => one - other);
  const told = new Map(it.describe(Float64Array.from(wanted)).map((record) => [record.position, record]));
  const records = (positions: readonly number[]) => positions.flatMap((position) => told.get(position) ?? []);
  return {
    place,
    isBrief: false,
    record: told.get(at) ?? null,
    changes: it.changes(),
    tokens: instance === null ? [] : it.tokens(instance),
    why: instance === null ? null : it.why(instance),
    variables: instance === null ? new Map() : it.variables(instance),
    visits: instance === null ? new Map() : it.visits(instance, place.position),
    model: info === null ? null : it.model(info.definitionKey),
    frame: at > 0 ? (it.frames(at, at)[0] ?? null) : null,
    parent: causes[1] ?? null,
    children,
    causes: records([...causes].reverse()),
    effects: records(effects),
  };
}

/** Tells where the log ends, without playing it. The end of a slice may not be shown: its last position is the log's all the same. */
function endOf(it: Replay) {
  const position = it.lastPosition;
  const [last] = it.describe(Float64Array.of(it.nearest(position)), true);
  return { end: { position, timestamp: last?.timestamp ?? null, digest: "" }, slice: it.slice };
}

/** Lets the page's next message in: a search goes on between them, and stops when it is cancelled. A timer would wait longer. */
const channel = new MessageChannel();
const waiting: (() => void)[] = [];
channel.port1.onmessage = () => waiting.shift()?.();
const breathe = (): Promise<void> => new Promise((resolve) => {
  waiting.push(resolve);
  channel.port2.postMessage(null);
});

const api = {
  async open(file: Blob, id: number) {
    const onProgress = (it: { bytes: number }) => progress(id, { done: it.bytes / Math.max(file.size, 1) });
    // A long log is never whole in this memory beside that of the core.
    const source = file.size <= READ_AT_ONCE_BYTES ? await file.arrayBuffer() : file;
    const opened = await Replay.open(source, { onProgress });
    replay?.free();
    replay = opened;
    for (const fork of forks.values()) fork.free();
    forks.clear();
    isIndexed = opened.frameCount <= INDEXED_AT_ONCE;
    if (isIndexed) opened.index(INDEXED_AT_ONCE);
    return { frames: opened.frameCount, ...endOf(opened), isIndexed };
  },
  /** Learns what the frames tell of their instances, bit by bit. */
  async index(_: null, id: number) {
    const it = log();
    while (!isIndexed) {
      const done = it.index(FRAMES_AT_ONCE);
      isIndexed = done >= it.frameCount;
      progress(id, { done: done / it.frameCount });
      await breathe();
      if (it !== replay) throw new Error("the log was closed");
    }
    return it.instances();
  },
  extend(bytes: Uint8Array) {
    const frames = log().extend(bytes);
    return { frames, ...endOf(log()) };
  },
  async verify(file: Blob) {
    // Bit by bit: the log is in memory already, where it is played.
    const verifying = new Verifying();
    const reader = file.stream().getReader();
    for (let part = await reader.read(); !part.done && verifying.push(part.value); part = await reader.read());
    await reader.cancel();
    return verifying.finish();
  },
  instances: () => log().instances(),
  records: (instance: string | null, element: string | null) =>
    log().records(instance ?? undefined, element ?? undefined),
  describe: (positions: Float64Array) => log().describe(positions, !isIndexed),
  view,
  glance,
  state: (at: number) => {
    log().seek(at);
    return log().state();
  },
  outline(at: number, wanted: Wanted) {
    const it = log();
    it.seek(it.slice ? it.nearest(at) : at);
    return outline(it, wanted);
  },
  diff: (from: number, to: number) => log().diff(from, to),
  writes: (instance: string) => log().writes(instance),
  seekTime: (ms: number) => log().seekTime(ms),
  async find(words: string, instance: string | null, id: number) {
    const hits: number[] = [];
    let next: number | null = 0;
    while (next !== null && !cancelled.has(id)) {
      const part = log().find(words, instance ?? undefined, next, 2_000);
      hits.push(...part.hits);
      next = part.next;
      if (next !== null) {
        progress(id, { hits: part.hits });
        await breathe();
      }
    }
    return hits;
  },
  async bisect(expression: string, instance: string, id: number) {
    const flips: { position: number; holds: boolean }[] = [];
    let [next, holds]: [number | null, boolean] = [0, false];
    while (next !== null && !cancelled.has(id)) {
      const part = log().bisect(expression, instance, next, 200, holds);
      flips.push(...part.flips);
      ({ next, holds } = part);
      if (next !== null) await breathe();
    }
    return flips;
  },
  evaluate(at: number, expression: string, scope: string) {
    log().seek(log().nearest(at));
    return log().evaluate(expression, scope);
  },
  sliceOf: (instance: string) => log().sliceOf(instance) as Uint8Array<ArrayBuffer>,
  redact: (salt: Uint8Array, keep: string[]) => log().redacted(salt, keep) as Uint8Array<ArrayBuffer>,
  /** The slice about an instance, with other values if there is a salt: all of the log is decided again with them. */
  async share(instance: string, salt: Uint8Array | null, keep: string[]) {
    if (salt === null) return log().sliceOf(instance) as Uint8Array<ArrayBuffer>;
    const other = await Replay.open(log().redacted(salt, keep));
    try {
      return other.sliceOf(instance) as Uint8Array<ArrayBuffer>;
    } finally {
      other.free();
    }
  },
  fork(at: number, instance: string) {
    log().seek(at);
    forkNumber += 1;
    const fork: Fork = log().fork();
    forks.set(forkNumber, new ForkView(fork, instance));
    return { id: forkNumber, ...forkOf(forkNumber).show() };
  },
  forkSubmit: (id: number, command: string) => forkOf(id).submit(command),
  forkAdvance: (id: number, ms: number) => forkOf(id).advance(ms),
  forkShow: (id: number) => forkOf(id).show(),
  forkClose: (id: number) => {
    forkOf(id).free();
    forks.delete(id);
  },
};

export type Api = typeof api;

/** What goes on bit by bit, and can be cancelled or tells how far it is. */
const LONG = new Set<keyof Api>(["open", "index", "view", "find", "bisect"]);
const READ_AT_ONCE_BYTES = 1 << 24;
/** Of what came of a record only the beginning is shown. */
const EFFECTS_SHOWN = 8;
const FRAMES_AT_ONCE = 2_000;
/** A log of so many frames is indexed before the page shows anything: nobody notices. */
const INDEXED_AT_ONCE = 3_000;

function progress(id: number, it: Progress): void {
  postMessage({ id, progress: it } satisfies Reply);
}

addEventListener("message", async ({ data }: MessageEvent<Request>) => {
  if (data.name === "cancel") {
    cancelled.add(data.id);
    return;
  }
  try {
    await loaded;
    const call = api[data.name] as (...args: unknown[]) => unknown;
    const args = LONG.has(data.name) ? [...data.args, data.id] : data.args;
    postMessage({ id: data.id, value: await call(...args) } satisfies Reply);
  } catch (error) {
    const { name, message, code, position } = error as Error & { code?: string; position?: number };
    postMessage({ id: data.id, error: { name, message, code, position } } satisfies Reply);
  } finally {
    cancelled.delete(data.id);
  }
});

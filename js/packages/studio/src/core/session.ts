// One open log: asks the worker, and keeps what the whole page wants to know of it.
import type { Api } from "./worker.js";
import type { InstanceInfo, Place, Problem, Progress, Reply, Report, Slice } from "./protocol.js";

type Asked = { [Name in keyof Api]: Api[Name] };
type Answer<Name extends keyof Api> = Awaited<ReturnType<Asked[Name]>>;
/** What goes on bit by bit also gets the number of the request, which the page does not know. */
type Arguments<Name extends keyof Api> = Parameters<Asked[Name]> extends [...infer Own, id: number]
  ? Name extends "open" | "index" | "view" | "find" | "bisect" ? Own : Parameters<Asked[Name]>
  : Parameters<Asked[Name]>;

/** What went wrong in the core, with its code and position. */
export class CoreError extends Error {
  code: string | undefined;
  position: number | undefined;

  constructor(problem: Problem) {
    super(problem.message);
    this.name = problem.name;
    this.code = problem.code;
    this.position = problem.position;
  }
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: Error): void;
  progress: ((it: Progress) => void) | undefined;
}

/** A worker with a core. */
export class Core {
  #worker: Worker;
  #waiting = new Map<number, Waiting>();
  #next = 1;
  static #spare: Core | null = null;

  constructor() {
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
    this.#worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => this.#hear(data));
    this.#worker.addEventListener("error", (event) => {
      this.#fail(event.message || "the core could not be loaded");
    });
  }

  ask<Name extends keyof Api>(
    name: Name,
    args: Arguments<Name>,
    options: { transfer?: Transferable[]; signal?: AbortSignal; progress?: (it: Progress) => void } = {},
  ): Promise<Answer<Name>> {
    const id = this.#next++;
    const { transfer = [], signal, progress } = options;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject, progress });
      signal?.addEventListener("abort", () => this.#worker.postMessage({ id, name: "cancel", args: [] }));
      this.#worker.postMessage({ id, name, args }, transfer);
    });
  }

  /** Returns one that is loaded already, or else a new one. */
  static take(): Core {
    const taken = Core.#spare ?? new Core();
    Core.#spare = null;
    return taken;
  }

  /** Loads one before it is needed. */
  static prepare(): void {
    Core.#spare ??= new Core();
  }

  close(): void {
    this.#worker.terminate();
    this.#fail("the log was closed");
  }

  #hear(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) return;
    if ("progress" in reply) {
      waiting.progress?.(reply.progress);
      return;
    }
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting.reject(new CoreError(reply.error));
    else waiting.resolve(reply.value);
  }

  #fail(message: string): void {
    for (const it of this.#waiting.values()) it.reject(new Error(message));
    this.#waiting.clear();
  }
}

/** Where a log comes from. */
export type Origin =
  /** All of a server's log, or of an instance alone. */
  | { kind: "server"; instance: string | null }
  | { kind: "file"; name: string };

/** An open log. Tells its listeners (`change`) when it grew or was verified. */
export class Session extends EventTarget {
  readonly core = Core.take();
  readonly origin: Origin;
  frames = 0;
  end: Place = { position: 0, timestamp: null, digest: "" };
  instances: InstanceInfo[] = [];
  /** What a slice is about, and how many steps it does not show; null for a whole log. */
  slice: Slice | null = null;
  /** How much of the log was read for what its instances are, from 0 to 1. */
  indexed = 0;
  report: Report | null = null;
  /** Why the log could not be verified at all. */
  doubt: Error | null = null;
  /** The file that was opened; what was appended later is not in it. The browser keeps it, not the memory of the page. */
  file = new Blob();

  private constructor(origin: Origin) {
    super();
    this.origin = origin;
  }

  static async open(
    origin: Origin,
    file: Blob,
    told: (done: number) => void = () => {},
  ): Promise<Session> {
    const session = new Session(origin);
    try {
      const progress = ({ done = 0 }: Progress) => told(done);
      const { frames, end, slice, isIndexed } = await session.core.ask("open", [file], { progress });
      Object.assign(session, { frames, end, slice, file });
      if (isIndexed) await session.#index();
    } catch (error) {
      session.core.close();
      throw error;
    }
    void session.#finish();
    return session;
  }

  /** Does what a long log can be shown without: what its instances are, and whether it is true. */
  async #finish(): Promise<void> {
    try {
      if (this.indexed < 1) await this.#index();
      await this.verify();
    } catch {
      // The log was closed meanwhile.
    }
  }

  async #index(): Promise<void> {
    const progress = ({ done = 0 }: Progress) => {
      this.indexed = Math.min(done, 0.99);
      this.dispatchEvent(new Event("indexing"));
    };
    this.instances = await this.core.ask("index", [null], { progress });
    this.indexed = 1;
    this.dispatchEvent(new Event("change"));
  }

  /** Decides everything again, in a worker of its own so that the page goes on. */
  async verify(): Promise<void> {
    const core = new Core();
    try {
      this.report = await core.ask("verify", [this.file]);
    } catch (error) {
      this.doubt = error as Error;
    } finally {
      core.close();
      this.dispatchEvent(new Event("change"));
    }
  }

  /** Takes what was appended to the log since. */
  async extend(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const { frames, end, slice } = await this.core.ask("extend", [bytes]);
    this.frames += frames;
    Object.assign(this, { end, slice });
    this.instances = await this.core.ask("instances", []);
    this.dispatchEvent(new Event("change"));
  }

  close(): void {
    this.core.close();
  }
}

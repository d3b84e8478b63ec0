// Following the log of a server. While it is paused nothing is kept and nothing is lost: the log is read from where it was left.
import { download, follow } from "./server.js";
import type { Session } from "./session.js";

export class Live {
  #session: Session;
  #told: (it: { isOn: boolean; waiting: number }) => void;
  #failed: (error: Error) => void;
  #stop: () => void;
  #isOn = false;
  #head: number;
  #reading: Promise<void> | null = null;

  constructor(session: Session, told: (it: { isOn: boolean; waiting: number }) => void, failed: (error: Error) => void) {
    this.#session = session;
    this.#told = told;
    this.#failed = failed;
    this.#head = session.end.position;
    this.#stop = follow((position) => {
      this.#head = Math.max(this.#head, position);
      if (this.#isOn) void this.catchUp().catch(this.#failed);
      else this.#tell();
    }, () => {});
    this.#tell();
  }

  toggle(): void {
    this.#isOn = !this.#isOn;
    this.#tell();
    if (this.#isOn) void this.catchUp().catch(this.#failed);
  }

  /** Reads what was appended since; one reading at a time, and another one if there is more by then. */
  async catchUp(): Promise<void> {
    this.#reading ??= this.#read().finally(() => (this.#reading = null));
    await this.#reading;
    if (this.#isOn && this.#head > this.#session.end.position) await this.catchUp();
  }

  close(): void {
    this.#stop();
  }

  async #read(): Promise<void> {
    const { origin, end } = this.#session;
    const instance = origin.kind === "server" ? origin.instance : null;
    const appended = await download(end.position + 1, instance);
    await this.#session.extend(new Uint8Array(await appended.arrayBuffer()));
    this.#head = Math.max(this.#head, this.#session.end.position);
    this.#tell();
  }

  #tell(): void {
    this.#told({ isOn: this.#isOn, waiting: Math.max(0, this.#head - this.#session.end.position) });
  }
}

// A fork with the instance that is looked at.
import type { Fork } from "dacapo/slim";
import type { ForkState, Problem } from "./protocol.js";

export class ForkView {
  #fork: Fork;
  #instance: string;

  constructor(fork: Fork, instance: string) {
    this.#fork = fork;
    this.#instance = instance;
  }

  submit(command: string): ForkState {
    let rejection: Problem | null = null;
    try {
      this.#fork.submit(command);
    } catch (error) {
      // A rejection is a step of the fork like any other.
      if ((error as Error).name !== "DacapoRejection") throw error;
      const { name, message, code, position } = error as Problem;
      rejection = { name, message, code, position };
    }
    this.#fork.runDue();
    return { ...this.show(), rejection };
  }

  advance(ms: number): ForkState {
    this.#fork.advanceTo(ms);
    return this.show();
  }

  show(): ForkState {
    const it = this.#fork;
    return {
      leftAt: it.leftAt,
      place: it.place,
      now: it.now,
      tokens: it.tokens(this.#instance),
      why: it.why(this.#instance),
      variables: it.variables(this.#instance),
      frames: it.frames(),
      changes: it.changes(),
      rejection: null,
    };
  }

  free(): void {
    this.#fork.free();
  }
}

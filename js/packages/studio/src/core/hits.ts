// What a search found so far. Another search ends the one before it.
import type { Session } from "./session.js";

/** How often the page is told of new hits while a search goes on. */
const TOLD_EVERY_MS = 100;

export class Hits {
  #search = new AbortController();
  #words: string | null = null;

  /** Looks for words in the log or an instance of it. Tells the hits so far now and then, and all of them at the end. */
  async find(session: Session, words: string | null, instance: string | null, told: (hits: ReadonlySet<number>, isAll: boolean) => void): Promise<void> {
    this.stop();
    this.#words = words;
    if (!words) {
      told(new Set(), true);
      return;
    }
    const { signal } = (this.#search = new AbortController());
    const found = new Set<number>();
    let last = -Infinity;
    const progress = ({ hits = [] }: { hits?: number[] }) => {
      for (const it of hits) found.add(it);
      if (signal.aborted || hits.length === 0 || performance.now() - last < TOLD_EVERY_MS) return;
      last = performance.now();
      told(new Set(found), false);
    };
    const hits = await session.core.ask("find", [words, instance], { signal, progress });
    if (!signal.aborted) told(new Set(hits), true);
  }

  /** Tells whether these words were looked for last. */
  isFor(words: string): boolean {
    return this.#words === words;
  }

  stop(): void {
    this.#search.abort();
  }
}

// Where running stops: at incidents and refusals, and at what happens at the elements that were chosen.
import { lowerBound } from "../parts/log.js";
import type { Rows } from "../parts/log.js";
import type { Session } from "./session.js";

const STOPPING_KINDS = new Set([2, 4]);

/** Returns the next record, or the one before, at which running stops; the last or first one if there is none. */
export async function stop(session: Session, instance: string | null, elements: readonly string[], all: Rows, at: number, by: 1 | -1): Promise<number | null> {
  const places = [...all.positions].filter((_, index) => STOPPING_KINDS.has(all.kinds[index] ?? 1));
  for (const element of elements) places.push(...(await session.core.ask("records", [instance, element])).positions);
  const sorted = Float64Array.from(places).sort();
  const here = lowerBound(sorted, at);
  const found = by > 0 ? sorted[sorted[here] === at ? lowerBound(sorted, at + 1) : here] : sorted[here - 1];
  return found ?? all.positions[by > 0 ? all.positions.length - 1 : 0] ?? null;
}

/** Reads the elements that the URL names as breakpoints. */
export const breakpoints = (text: string | null): string[] => (text ? text.split(" ").map(decodeURIComponent) : []);

/** Puts an element among them, or takes it out; null if none is left. */
export function toggled(text: string | null, element: string): string | null {
  const old = breakpoints(text);
  const next = old.includes(element) ? old.filter((it) => it !== element) : [...old, element];
  return next.length > 0 ? next.map(encodeURIComponent).join(" ") : null;
}

/** Returns the command of the step before or after a record. */
export function nextStep(all: Rows, at: number, by: number): number | undefined {
  const isBegin = (index: number) => all.kinds[index] === 0 || all.kinds[index] === 3;
  let index = lowerBound(all.positions, at);
  do index += by;
  while (index >= 0 && index < all.kinds.length && !isBegin(index));
  return all.positions[index];
}

// Which records a list shows, by their kinds.
import type { Rows } from "../parts/log.js";

export const LENSES = { all: [0, 1, 2, 3, 4], commands: [0, 2, 3], events: [1, 4], rejections: [2] } as const;
export type Lens = keyof typeof LENSES;

/** Leaves the records of some kinds. */
export function taken(all: Rows, lens: Lens): Rows {
  const kinds: readonly number[] = LENSES[lens];
  if (lens === "all") return all;
  const chosen: number[] = [];
  for (let index = 0; index < all.kinds.length; index += 1) {
    if (kinds.includes(all.kinds[index]!)) chosen.push(index);
  }
  return {
    positions: Float64Array.from(chosen, (index) => all.positions[index]!),
    times: Float64Array.from(chosen, (index) => all.times[index]!),
    kinds: Uint8Array.from(chosen, (index) => all.kinds[index]!),
  };
}

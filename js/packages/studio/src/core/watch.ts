// Variables that are watched: their paths in the URL, what a path leads to, and which record wrote that.
import type { Data, VariableWrite } from "./protocol.js";

/** The name of a variable, and the names or numbers of the parts that lead into its value. */
export type Path = readonly string[];

/** Writes a path as the URL has it, as `order.total`. */
export const written = (path: Path): string => path.map((it) => encodeURIComponent(it).replaceAll(".", "%2E")).join(".");

/** Reads the paths that the URL names. */
export const watches = (text: string | null): Path[] => (text ? text.split(" ").map((it) => it.split(".").map(decoded)) : []);

/** Puts a path among them, or takes it out; null if none is left. */
export function toggled(text: string | null, path: Path): string | null {
  const [old, one] = [watches(text).map(written), written(path)];
  const next = old.includes(one) ? old.filter((it) => it !== one) : [...old, one];
  return next.length > 0 ? next.join(" ") : null;
}

/** Returns what a path leads to; undefined if it leads nowhere. */
export function part(value: Data | undefined, path: Path): Data | undefined {
  let it = value;
  for (const name of path) it = it instanceof Map ? it.get(name) : Array.isArray(it) && /^\d+$/.test(name) ? it[Number(name)] : undefined;
  return it;
}

/** What was last written where a path leads. */
export interface Written { position: number; now: Data | undefined; before: Data | undefined }

/** Finds the last record up to a position that changed what a path leads to, in the variables of an instance. */
export function lastWrite(writes: readonly VariableWrite[], instance: string, [name, ...path]: Path, until: number, same: (one: Data | undefined, other: Data | undefined) => boolean): Written | null {
  let found: Written | null = null;
  let now: Data | undefined;
  for (const it of writes) {
    if (it.position > until || it.name !== name || it.scopeKey !== instance) continue;
    const next = part(it.value, path);
    if (!same(now, next)) found = { position: it.position, now: next, before: now };
    now = next;
  }
  return found;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

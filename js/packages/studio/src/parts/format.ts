// How values are written for people. Everything here is a text: nothing is ever read as markup.
import type { Data, Plain } from "../core/protocol.js";

/** Writes a time to the millisecond, in the time zone of the reader. */
export function time(ms: number | null): string {
  if (ms === null) return "before the first record";
  const it = new Date(ms);
  const two = (number: number, width = 2) => String(number).padStart(width, "0");
  const day = `${it.getFullYear()}-${two(it.getMonth() + 1)}-${two(it.getDate())}`;
  return `${day} ${two(it.getHours())}:${two(it.getMinutes())}:${two(it.getSeconds())}.${two(it.getMilliseconds(), 3)}`;
}

/** Writes how long something took. */
export function span(ms: number): string {
  const steps: [number, string][] = [[86_400_000, "d"], [3_600_000, "h"], [60_000, "min"], [1_000, "s"]];
  for (const [size, unit] of steps) {
    if (Math.abs(ms) >= size) return `${(ms / size).toFixed(ms / size < 10 ? 1 : 0)} ${unit}`;
  }
  return `${Math.round(ms)} ms`;
}

export const count = (it: number): string => it.toLocaleString("en-GB");

export function bytes(it: number): string {
  if (it < 1024) return `${it} B`;
  if (it < 1024 * 1024) return `${(it / 1024).toFixed(1)} KB`;
  return `${(it / 1024 / 1024).toFixed(1)} MB`;
}

/** Writes a value as JSON on one line, shortened. */
export function brief(value: Data | Plain | undefined, most = 120): string {
  const text = json(value);
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Writes a value as JSON on one line: maps as objects, bytes as hexadecimal digits. */
export function json(value: Data | Plain | undefined): string {
  if (value === undefined) return "";
  if (value instanceof Uint8Array) return JSON.stringify(hex(value));
  if (Array.isArray(value)) return `[${value.map((it) => json(it)).join(", ")}]`;
  if (value instanceof Map) {
    return `{${[...value].map(([name, it]) => `${JSON.stringify(name)}: ${json(it)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}

export function hex(it: Uint8Array): string {
  const digits = Array.from(it.subarray(0, 64), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return it.length > 64 ? `${digits}… ${count(it.length)} bytes` : digits;
}

/** The sign of a kind of record, and what it means. */
export const KINDS: readonly { sign: string; name: string; css: string }[] = [
  { sign: "▶", name: "command", css: "command" },
  { sign: "●", name: "event", css: "event" },
  { sign: "✕", name: "rejection", css: "rejection" },
  { sign: "◆", name: "control record", css: "control" },
  { sign: "▲", name: "incident", css: "incident" },
];

// What is written at the elements of a diagram.
export type Mode = "tokens" | "counts" | "heat" | "time" | "path";
export const MODES: readonly Mode[] = ["tokens", "counts", "heat", "time", "path"];

// Whether somebody was here before. Who was not is led to what is worth seeing, once.

const KNOWN = "dacapo-visit";

/** What the browser keeps of earlier visits: nothing, the instance that a first visit was led to, or that its hint was closed. */
function kept(): string | null {
  try {
    return localStorage.getItem(KNOWN);
  } catch {
    return null;
  }
}

/** Keeps it. Where the browser keeps nothing, every visit is the first. */
function keep(text: string): void {
  try {
    localStorage.setItem(KNOWN, text);
  } catch {
    // Then it is not kept.
  }
}

/** Tells whether this is the first visit, and remembers that it was. */
export function isFirst(): boolean {
  const isIt = kept() === null;
  if (isIt) keep("closed");
  return isIt;
}

/** Remembers which instance a first visit is led to. */
export const lead = (instance: string): void => keep(instance);

/** Tells whether this is the instance that a first visit was led to, and its hint was not closed since. */
export const isLedTo = (instance: string | null): boolean => instance !== null && kept() === instance;

/** Closes the hint for ever. */
export const closeHint = (): void => keep("closed");

// The keyboard: which key does what. Silent while somebody types.

export type Action =
  | "next" | "previous" | "nextOfInstance" | "previousOfInstance" | "nextStep" | "previousStep" | "parent" | "child" | "nextSibling"
  | "previousSibling" | "first" | "last" | "goto" | "search" | "nextHit" | "previousHit" | "bisect" | "fork" | "leave" | "due" | "why" | "state"
  | "pin" | "variables" | "overlay" | "feel" | "breakpoint" | "run" | "runBack" | "follow" | "clock" | "export" | "copy" | "help" | "palette"
  | "close" | "commands" | "events" | "rejections" | "message" | "instances" | "incidents" | "log" | "theme";

/** What a key does, and where: on every page, where a log is open, or where an instance is. */
export interface Key { keys: string[]; action: Action; what: string; on: "all" | "log" | "instance" }

const key = (keys: string, action: Action, what: string, on: Key["on"] = "log"): Key => ({ keys: keys.split(" "), action, what, on });

/** All actions with their keys, in the order of the sheet and of the palette. */
export const KEYS: readonly Key[] = [
  key("j ArrowDown", "next", "next record"),
  key("k ArrowUp", "previous", "previous record"),
  key("J", "nextOfInstance", "next record of the same instance"),
  key("K", "previousOfInstance", "previous record of the same instance"),
  key("l ArrowRight", "nextStep", "next step"),
  key("h ArrowLeft", "previousStep", "previous step"),
  key("[", "parent", "to the record that caused this one"),
  key("]", "child", "to the first record that this one caused"),
  key("}", "nextSibling", "next record of the same cause"),
  key("{", "previousSibling", "previous record of the same cause"),
  key("g Home", "first", "first record; 123g goes to record 123"),
  key("G End", "last", "last record"),
  key("/", "search", "search"),
  key("n", "nextHit", "next hit"),
  key("N", "previousHit", "previous hit"),
  key("c r", "run", "run to the next breakpoint, incident or refusal"),
  key("C R", "runBack", "run back to the one before"),
  key("B", "breakpoint", "breakpoint at the element of this record, on or off"),
  key("b", "bisect", "find where an expression turns true", "instance"),
  key("f", "fork", "fork here", "instance"),
  key(">", "due", "in a fork: let time pass until something is due", "instance"),
  key("u", "leave", "from a fork back to what happened", "instance"),
  key("w", "why", "why is it waiting", "instance"),
  key("s", "state", "the state as a tree: all of it, or only what changed"),
  key("d", "pin", "compare with this record from here on"),
  key("v", "variables", "variables; on one of them: watch it, or no longer", "instance"),
  key("e", "feel", "evaluate FEEL here", "instance"),
  key("m", "message", "message lab", "instance"),
  key("o", "overlay", "on the diagram: tokens, counts, heat by count or by time, or the path only", "instance"),
  key("t", "clock", "scrubber by time or by position"),
  key("1", "commands", "commands on or off"),
  key("2", "events", "events on or off"),
  key("3", "rejections", "only what was refused"),
  key("F", "follow", "follow the log live"),
  key("x", "export", "export or share"),
  key("y", "copy", "copy the link to this view"),
  key("i", "instances", "all instances", "all"),
  key("I", "incidents", "all incidents", "all"),
  key("L", "log", "the whole log", "all"),
  key("T", "theme", "dark, light, or as the system has it", "all"),
  key("?", "help", "the keys", "all"),
  key("Ctrl-K", "palette", "find an action by its name", "all"),
  key("Escape", "close", "close", "all"),
];

const BY_KEY = new Map(KEYS.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)));

const PERFORM = "perform";

/** Does what a key does, for whoever listens to keys. */
export function perform(action: Action, number: number | null = null): void {
  dispatchEvent(new CustomEvent(PERFORM, { detail: { action, number } }));
}

/** Calls for each key that means something; returns how to stop that. A number before it goes with it. */
export function listen(act: (action: Action, number: number | null) => void): () => void {
  let digits = "";
  const heard = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      act("palette", null);
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.composedPath()[0] as HTMLElement;
    const isTyping = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
    if (isTyping && event.key !== "Escape") return;
    // Buttons, tabs and trees have the arrows for themselves.
    const isOwn = event.key.startsWith("Arrow") && target.closest("[role=tablist], details");
    if (isOwn) return;
    // A number is for `g` alone; where no `g` follows, 1 to 3 mean themselves.
    if (/^\d$/.test(event.key) && (digits !== "" || !BY_KEY.has(event.key))) {
      digits += event.key;
      return;
    }
    if (/^\d$/.test(event.key)) {
      digits = event.key;
      setTimeout(() => {
        const [only, action] = [digits, BY_KEY.get(digits)];
        digits = digits === only && only.length === 1 ? "" : digits;
        if (only.length === 1 && action) act(action, null);
      }, 450);
      return;
    }
    const action = BY_KEY.get(event.key);
    const number = digits === "" ? null : Number(digits);
    digits = "";
    if (!action) return;
    event.preventDefault();
    act(action === "first" && number !== null ? "goto" : action, number);
  };
  const asked = (event: Event) => {
    const { action, number } = (event as CustomEvent<{ action: Action; number: number | null }>).detail;
    act(action, number);
  };
  addEventListener("keydown", heard);
  addEventListener(PERFORM, asked);
  return () => {
    removeEventListener("keydown", heard);
    removeEventListener(PERFORM, asked);
  };
}

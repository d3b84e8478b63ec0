// The keyboard: which key does what. Silent while somebody types.

export type Action =
  | "next" | "previous" | "nextStep" | "previousStep" | "parent" | "child" | "nextSibling" | "previousSibling"
  | "first" | "last" | "goto" | "search" | "nextHit" | "previousHit" | "bisect" | "fork" | "why" | "state" | "pin"
  | "overlay" | "feel" | "breakpoint" | "run" | "runBack" | "follow" | "clock" | "export" | "copy" | "help" | "close" | "commands" | "events" | "rejections" | "message";

/** The keys, in the order of the sheet. */
export const KEYS: readonly { keys: string[]; action: Action; what: string }[] = [
  { keys: ["j", "ArrowDown"], action: "next", what: "next record" },
  { keys: ["k", "ArrowUp"], action: "previous", what: "previous record" },
  { keys: ["l", "ArrowRight"], action: "nextStep", what: "next step" },
  { keys: ["h", "ArrowLeft"], action: "previousStep", what: "previous step" },
  { keys: ["["], action: "parent", what: "to the record that caused this one" },
  { keys: ["]"], action: "child", what: "to the first record that this one caused" },
  { keys: ["}"], action: "nextSibling", what: "next record of the same cause" },
  { keys: ["{"], action: "previousSibling", what: "previous record of the same cause" },
  { keys: ["g", "Home"], action: "first", what: "first record; 123g goes to record 123" },
  { keys: ["G", "End"], action: "last", what: "last record" },
  { keys: ["/"], action: "search", what: "search" },
  { keys: ["n"], action: "nextHit", what: "next hit" },
  { keys: ["N"], action: "previousHit", what: "previous hit" },
  { keys: ["r"], action: "run", what: "run to the next breakpoint, incident or refusal" },
  { keys: ["R"], action: "runBack", what: "run back to the one before" },
  { keys: ["B"], action: "breakpoint", what: "breakpoint at the element of this record, on or off" },
  { keys: ["b"], action: "bisect", what: "find where an expression turns true" },
  { keys: ["f"], action: "fork", what: "fork here" },
  { keys: ["w"], action: "why", what: "why is it waiting" },
  { keys: ["s"], action: "state", what: "what the step changed, or the whole state" },
  { keys: ["d"], action: "pin", what: "compare with this record from here on" },
  { keys: ["e"], action: "feel", what: "evaluate FEEL here" },
  { keys: ["m"], action: "message", what: "message lab" },
  { keys: ["o"], action: "overlay", what: "tokens, counts, or the path only" },
  { keys: ["t"], action: "clock", what: "scrubber by time or by position" },
  { keys: ["1"], action: "commands", what: "commands on or off" },
  { keys: ["2"], action: "events", what: "events on or off" },
  { keys: ["3"], action: "rejections", what: "only what was refused" },
  { keys: ["F"], action: "follow", what: "follow the log live" },
  { keys: ["x"], action: "export", what: "export" },
  { keys: ["y"], action: "copy", what: "copy the link to this view" },
  { keys: ["?"], action: "help", what: "this sheet" },
  { keys: ["Escape"], action: "close", what: "close" },
];

const BY_KEY = new Map(KEYS.flatMap(({ keys, action }) => keys.map((key) => [key, action] as const)));

/** Calls for each key that means something; returns how to stop that. A number before it goes with it. */
export function listen(act: (action: Action, number: number | null) => void): () => void {
  let digits = "";
  const heard = (event: KeyboardEvent) => {
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
  addEventListener("keydown", heard);
  return () => removeEventListener("keydown", heard);
}

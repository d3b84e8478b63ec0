// The whole state of the view, as it stands in the fragment of the URL: it is never sent to a server.

/** What is looked at. */
export interface Where {
  page: "instances" | "incidents" | "instance" | "log";
  /** The instance, on its page. */
  key: string | null;
  /** Everything else, by name. */
  with: URLSearchParams;
}

const SETTLED_AFTER_MS = 100;
/** What is looked at; the address bar follows. */
let current = location.hash;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Reads what is looked at from the fragment of a URL. */
export function read(hash: string): Where {
  // A link that holds a log and nothing else.
  if (hash.startsWith("#z=")) return { page: "instances", key: null, with: new URLSearchParams(hash.slice(1)) };
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [page, key] = path.split("/");
  const rest = new URLSearchParams(query);
  switch (page) {
    case "incidents":
    case "log":
      return { page, key: null, with: rest };
    case "instance":
      if (key && /^\d{1,19}$/.test(key)) return { page, key, with: rest };
      return { page: "instances", key: null, with: new URLSearchParams() };
    default:
      return { page: "instances", key: null, with: rest };
  }
}

/** Writes what is looked at as the fragment of a URL. */
export function write(where: Where): string {
  const query = where.with.toString();
  const path = where.key ? `${where.page}/${where.key}` : where.page;
  return `#/${path}${query ? `?${query}` : ""}`;
}

/** Changes parts of the view; null takes one away. Steps are not entries of the history, pages are, unless one takes the place of
 * another. */
export function change(parts: Record<string, string | number | null>, page: Partial<Where> = {}): void {
  const where = { ...read(current), ...page };
  for (const [name, value] of Object.entries(parts)) {
    if (value === null || value === "") where.with.delete(name);
    else where.with.set(name, String(value));
  }
  const hash = write(where);
  if (hash === current) return;
  current = hash;
  timer ??= setTimeout(settle, SETTLED_AFTER_MS);
  dispatchEvent(new Event("placechange"));
}

/** Writes what is looked at into the address bar. Browsers refuse that if it is done with every move of a pointer. */
export function settle(): void {
  clearTimeout(timer);
  timer = undefined;
  if (current !== location.hash) history.replaceState(null, "", current);
}

/** The log that the link holds goes with every place. */
function held(): { z?: string } {
  const z = read(current).with.get("z");
  return z ? { z } : {};
}

/** Goes to a page. */
export function go(page: Where["page"], key: string | null = null, parts: Record<string, string> = {}): void {
  settle();
  location.hash = write({ page, key, with: new URLSearchParams({ ...held(), ...parts }) });
}

/** Calls when something else is to be looked at; returns how to stop that. */
export function watch(told: (where: Where) => void): () => void {
  const tell = () => told(read(current));
  const gone = () => {
    clearTimeout(timer);
    timer = undefined;
    const kept = held();
    current = location.hash;
    if (kept.z && !held().z) change(kept);
    else tell();
  };
  addEventListener("hashchange", gone);
  addEventListener("placechange", tell);
  return () => {
    removeEventListener("hashchange", gone);
    removeEventListener("placechange", tell);
  };
}

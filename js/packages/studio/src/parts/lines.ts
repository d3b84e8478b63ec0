// The lines of the state's tree that can be seen, and what each says.
import { NODES_SHOWN } from "../core/outline.js";
import type { Outlined } from "../core/outline.js";
import type { Change, Plain, StateNode } from "../core/protocol.js";
import { brief, count, time } from "./format.js";

/** A line: a node, or what is not shown of a branch. */
export interface Line {
  id: string;
  owner: string;
  node: StateNode | null;
  change: Change | null;
  level: number;
  /** Its place among those beside it, from 1, and how many these are. */
  index: number;
  size: number;
  /** Whether it is open; null for what cannot be. */
  isOpen: boolean | null;
  /** How many changes are inside. */
  inside: number;
  /** How many nodes of the branch are not shown. */
  rest: number;
}

interface Options { choices: ReadonlyMap<string, number>; isWhole: boolean; first: string }

/** Lists the lines from the top to the bottom. */
export function lines(part: Outlined & { changes: readonly Change[] }, { choices, isWhole, first }: Options): Line[] {
  const byId = new Map(part.changes.map((it) => [it.id, it]));
  const known = new Map(part.nodes);
  // What is gone is known from the change alone.
  for (const it of part.changes) if (!known.has(it.id)) known.set(it.id, gone(it));
  for (const [id, it] of branches(known.values())) known.set(id, it);
  const below = new Map<string, StateNode[]>();
  for (const it of known.values()) below.get(it.owner)?.push(it) ?? below.set(it.owner, [it]);
  const inside = counted(part.changes, known);
  const out: Line[] = [];
  const isOpen = (id: string) => (choices.get(id) ?? (part.open.has(id) || (byId.has(id) && inside.has(id)) ? NODES_SHOWN : 0)) > 0;
  const walk = (owner: string, level: number) => {
    const branch = isWhole ? part.branches.get(owner) : undefined;
    // An empty table is there for what is gone from it.
    const isShown = (it: StateNode) => byId.has(it.id) || inside.has(it.id) || (isWhole && (it.count > 0 || !isGroup(it)));
    const nodes = merged(branch?.nodes ?? [], (below.get(owner) ?? []).filter(isShown), first);
    if (owner === "") nodes.sort((one, other) => ORDER.indexOf(one.id) - ORDER.indexOf(other.id));
    const there = nodes.filter((it) => byId.get(it.id)?.after !== null).length;
    const rest = Math.max(0, (branch?.total ?? 0) - there);
    const size = nodes.length + (rest > 0 ? 1 : 0);
    nodes.forEach((node, index) => {
      const canOpen = isWhole ? !node.isLeaf || inside.has(node.id) : inside.has(node.id);
      const line: Line = {
        id: node.id, owner, node, change: byId.get(node.id) ?? null, level, index: index + 1, size,
        isOpen: canOpen ? isOpen(node.id) : null, inside: inside.get(node.id) ?? 0, rest: 0,
      };
      out.push(line);
      if (line.isOpen) walk(node.id, level + 1);
    });
    if (rest > 0) out.push({ id: `${owner} …`, owner, node: null, change: null, level, index: size, size, isOpen: null, inside: 0, rest });
  };
  walk("", 1);
  return out;
}

/** Whether it is a branch or a table. */
export const isGroup = (it: StateNode): boolean => it.key === null && it.row === null;

/** What tables stand under: names only. */
function branches(nodes: Iterable<StateNode>): Map<string, StateNode> {
  const found = new Map<string, StateNode>();
  for (const node of nodes) {
    const { owner, count } = node;
    if (!isGroup(node) || owner === "") continue;
    const rows = (found.get(owner)?.count ?? 0) + count;
    found.set(owner, { id: owner, owner: "", table: owner, key: null, row: null, count: rows, isLeaf: false });
  }
  return found;
}

function gone(it: Change): StateNode {
  return { id: it.id, owner: it.owner, table: it.table, key: it.key, row: it.after ?? it.before, count: 0, isLeaf: true };
}

/** Counts the changes that are inside each node, at any depth. */
function counted(changes: readonly Change[], known: ReadonlyMap<string, StateNode>): Map<string, number> {
  const inside = new Map<string, number>();
  for (const it of changes) {
    for (let id: string | undefined = it.owner; id; id = known.get(id)?.owner) inside.set(id, (inside.get(id) ?? 0) + 1);
  }
  return inside;
}

/** In which order the core lists what stands under a row. */
const INSIDE = ["variables", "taken_flows", "incidents", "jobs", "timers", "subscriptions", "elements"];

/** Puts nodes among those of a branch, each beside the others of its table. */
function merged(listed: readonly StateNode[], others: readonly StateNode[], first: string): StateNode[] {
  const ids = new Set(listed.map((it) => it.id));
  const rank = (it: StateNode) => INSIDE.indexOf(it.table);
  const isAfter = (one: StateNode, other: StateNode) =>
    rank(one) === rank(other) ? one.id.localeCompare(other.id, "en", { numeric: true }) > 0 : rank(one) > rank(other);
  const nodes = [...listed];
  for (const it of others.filter((it) => !ids.has(it.id)).sort((one, other) => (isAfter(one, other) ? 1 : -1))) {
    const after = nodes.findIndex((other) => isAfter(other, it));
    nodes.splice(after >= 0 ? after : nodes.length, 0, it);
  }
  const own = nodes.findIndex((it) => it.id === first);
  if (own > 0) nodes.unshift(...nodes.splice(own, 1));
  return nodes;
}

/** What stands at the top, in its order, and what is called otherwise than by its name. */
const ORDER = ["instances", "messages", "parked", "deployments", "log", "index"];
const TITLES: Record<string, string> = { parked: "work that was put off", log: "the log itself", symbol_name: "names", index: "rows that find or count others" };

/** The part of a row that it is called by, and those that say most of it. */
const TOLD: Record<string, readonly [name: string, ...more: string[]]> = {
  instances: ["process_id", "business_id"], elements: ["element", "element_type", "state"], jobs: ["job_type", "state", "retries"],
  timers: ["element", "due"], subscriptions: ["element", "correlation"], incidents: ["kind", "message"], messages: ["correlation"],
  definitions: ["process_id", "version"], resources: ["name"], decision_requirements: ["id", "version"], decisions: ["decision_id", "version"],
  start_subscriptions: ["message_name", "element"], parked: ["work"], thrown_errors: ["code", "message"],
};

/** Says what a line is about: the kind of thing, its name, and what matters most of it. */
export function said({ node, rest, change }: Line): { what: string; name: string; more: string } {
  if (!node) return { what: "", name: "", more: `and ${count(rest)} more` };
  const { table: name, key, count: rows } = node;
  const row = change?.after ?? change?.before ?? node.row;
  if (isGroup(node)) return { what: "", name: TITLES[node.id] ?? name.replaceAll("_", " "), more: count(rows) };
  const what = name === "symbol_name" ? "name" : name.replace(/(?<!requirement)s$/, "").replaceAll("_", " ");
  const parts = Array.isArray(key) ? key : [];
  if (name === "variables") return { what, name: String(parts[1]), more: `= ${brief(part(row, "value"))}` };
  if (name === "taken_flows") return { what: "tokens before", name: String(parts[1]), more: `${brief(row)} by ${String(parts[2])}` };
  const [title, ...others] = TOLD[name] ?? [];
  if (!title) {
    const text = typeof key === "string" ? key : key === null ? "" : brief(key, 60);
    return { what, name: text, more: row instanceof Map || row === key || row === true ? "" : brief(row, 60) };
  }
  const more = others.map((it) => shown(it, part(row, it))).filter(Boolean);
  if (name === "instances") more.push(String(key));
  return { what, name: shown(title, part(row, title)), more: more.join(" · ") };
}

const part = (row: Plain, name: string): Plain => (row instanceof Map ? (row.get(name) ?? null) : null);

function shown(name: string, value: Plain): string {
  if (name === "due" && typeof value === "number") return time(value);
  if (name === "version") return `v${String(value)}`;
  if (name === "retries") return `${String(value)} retries left`;
  if (name === "state" && value instanceof Map) return String(value.get("name"));
  if (name === "correlation" && value instanceof Map) return [value.get("name"), value.get("correlation_key")].filter(Boolean).join(" ");
  if (name === "element_type") return String(value).toLowerCase().replaceAll("_", " ");
  return value === null ? "" : typeof value === "string" ? value : brief(value, 80);
}

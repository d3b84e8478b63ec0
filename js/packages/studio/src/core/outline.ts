// A part of the state, which is one tree: what is open of it, and the way to what changed. What stands where, the core knows.
import type { Replay } from "dacapo/slim";
import type { StateNode } from "./protocol.js";

/** What of the state is wanted. */
export interface Wanted {
  /** Nodes to which the way is to be open, if they are there. */
  ways: readonly string[];
  /** Nodes of which only is to be known where they stand. */
  nodes: readonly string[];
  /** What somebody opened, with how many nodes are shown of it; 0 of what somebody closed. */
  choices: ReadonlyMap<string, number>;
  /** Whether the branches are wanted too, not only the ways. */
  isWhole: boolean;
}

/** A part of the state. */
export interface Outlined {
  /** All tables, and the nodes that were asked for with all that they stand under. */
  nodes: Map<string, StateNode>;
  /** What is open unless somebody closed it. */
  open: Set<string>;
  branches: Map<string, { nodes: StateNode[]; total: number }>;
}

/** How many nodes of a branch are shown at once. */
export const NODES_SHOWN = 200;
/** What only finds or counts other rows is closed at first. */
const CLOSED = "index";

/** Takes the part out of the state where the log stands. */
export function outline(it: Replay, { ways, nodes: known, choices, isWhole }: Wanted): Outlined {
  const open = new Set<string>();
  const nodes = new Map(it.stateBranch("", 0).nodes.map((node) => [node.id, node]));
  const way = (id: string): string[] => {
    const ids: string[] = [];
    for (let next = id; next; ) {
      ids.push(next);
      const node = nodes.get(next) ?? it.stateBranch(next, 0).node;
      if (!node) break;
      nodes.set(next, node);
      next = node.owner;
    }
    return ids;
  };
  for (const id of ways) {
    const ids = way(id);
    if (!ids.includes(CLOSED)) ids.forEach((it) => open.add(it));
  }
  known.forEach(way);
  const branches = new Map<string, { nodes: StateNode[]; total: number }>();
  if (isWhole) {
    const chosen = [...choices].filter(([, count]) => count > 0).map(([id]) => id);
    for (const id of new Set([...open, ...chosen])) {
      const count = choices.get(id) ?? NODES_SHOWN;
      if (count > 0) branches.set(id, it.stateBranch(id, count));
    }
  }
  return { nodes, open, branches };
}

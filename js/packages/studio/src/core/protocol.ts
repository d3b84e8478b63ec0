// What the page and its worker say to each other.
import type {
  Change, Data, Place, RecordInfo, Token, Visits, Why,
} from "dacapo/slim";
import type { Api } from "./worker.js";

export type {
  Change, Data, InstanceInfo, NearMiss, Place, Plain, RecordInfo, Report, StateNode, Token, VariableWrite, Visits, Wait, Why,
} from "dacapo/slim";

/** Everything that the debugger shows of one place in a log. */
export interface View {
  place: Place;
  /** Whether only the record is known: the log is still being indexed or played up to here. */
  isBrief: boolean;
  record: RecordInfo | null;
  changes: Change[];
  tokens: Token[];
  why: Why | null;
  variables: Map<string, Data>;
  visits: Map<string, Visits>;
  model: string | null;
  frame: string | null;
  parent: number | null;
  children: number[];
  /** The way from the root cause to this record. */
  causes: RecordInfo[];
  /** The first of the records that come from this one. */
  effects: RecordInfo[];
}

/** What a slice is about, and how many steps it does not show. */
export interface Slice { instanceKey: string | null; framesHidden: number }

/** A fork as it stands. */
export interface ForkState {
  leftAt: number;
  place: Place;
  now: number | null;
  tokens: Token[];
  why: Why | null;
  variables: Map<string, Data>;
  frames: string[];
  changes: { position: number; changes: Change[] }[];
  /** What refused the last command, if it was refused. */
  rejection: Problem | null;
}

export interface Progress {
  hits?: number[];
  /** How much of what is being read or played is done, from 0 to 1. */
  done?: number;
}
export interface Problem { name: string; message: string; code?: string; position?: number }
export type Request =
  | { id: number; name: keyof Api; args: unknown[] }
  | { id: number; name: "cancel"; args: [] };
export type Reply =
  | { id: number; value: unknown }
  | { id: number; error: Problem }
  | { id: number; progress: Progress };

/** Data of the user. Going in: plain objects and `bigint`s too. Coming out: decimals of more than 15 digits, dates, times and durations are strings. */
export type Data = null | boolean | number | string | Data[] | Map<string, Data>;
export type DataIn = undefined | null | boolean | number | bigint | string | DataIn[] | Map<string, DataIn> | { [name: string]: DataIn };
export type Variables = Map<string, DataIn> | { [name: string]: DataIn };

/** A row, or a part of one. Keys are decimal strings. A row that is all in its key is `true`; where there is none it is null. */
export type Plain = null | boolean | number | string | Uint8Array | Plain[] | Map<string, Plain>;

/** A place in a log. Before the first record the position is 0 and there is no time. */
export interface Place { position: number; timestamp: number | null; digest: string }

/** A row that a step changed. `id`, `owner`: its node in the state, and the one that it stands under. */
export interface Change { table: string; key: Plain; before: Plain; after: Plain; id: string; owner: string }

/** A node of the state, which is one tree: a table (`count`: how many rows it has), or a row, at exactly one place. `owner`: the node
 * that it stands under; of a table a branch, `deployments`, `log` or `index` (what only finds or counts other rows), or `""`. */
export interface StateNode { id: string; owner: string; table: string; key: Plain; row: Plain; count: number; isLeaf: boolean }

/** What became of a command. `isDuplicate`: the request id was used before, at this position. */
export interface Step { position: number; isDuplicate: boolean; events: { position: number; intent: string; key: string }[] }

/** Thrown by everything here. The codes are stable. */
export interface DacapoError extends Error { name: "DacapoError"; code: string; position?: number }
/** Thrown where a command is rejected. The code is that of the rejection, the message its reason. */
export interface DacapoRejection extends Error { name: "DacapoRejection"; code: string; class: string; position: number; field?: string }

/** A command with the names that `Replay.frames` shows. */
export interface Command {
  intent: string; version?: number; key?: string; tenant?: string; request_id?: string; actor?: string; correlation_id?: string; trace?: string;
  body: Variables;
}

export type Verdict = "re-derived" | "chained only" | "not verifiable";
export interface Report {
  verdict: Verdict;
  ranges: { verdict: Verdict; doubt: "semantics" | "imposed" | "state_unknown" | "not_shown" | "failed" | null; from: number; to: number; frames: number }[];
  reDerived: number; imposed: number; otherSemantics: Map<number, number>; notShown: number;
  failure: DacapoError | null;
}

export interface Token {
  elementId: string; elementInstanceKey: string | null; elementType: string | null; scopeKey: string | null; flowId: string | null;
  count: number; hasIncident: boolean;
}
export interface Why { elementId: string; elementType: string; elementInstanceKey: string; waits: Wait[]; children: Why[] }
/** `position`: of the record that raised the incident. `dead`: flows of `absent` by which nothing can come any more. */
export type Wait =
  | { kind: "job"; key: string; jobType: string; state: string; until: number | null; worker: string | null; retries: number; nearMisses: NearMiss[]; remedies: Remedy[] }
  | { kind: "timer"; key: string; eventId: string; due: number; remedies: Remedy[] }
  | { kind: "message"; key: string; eventId: string; name: string; correlationKey: string; nearMisses: NearMiss[]; remedies: Remedy[] }
  | { kind: "incident"; key: string; incidentKind: string; message: string; jobKey: string | null; position: number; remedies: Remedy[] }
  | { kind: "join"; elementId: string; present: string[]; absent: string[]; dead: string[] }
  | { kind: "parked_work" }
  | { kind: "ending" };

/** What ends a wait, one after the other. `key`: the job or incident that it is about. `let_pass`: to let time pass until it is due. */
export interface Remedy { kind: "complete_job" | "publish_message" | "give_retry" | "resolve_incident" | "let_pass"; key: string | null }

/**
 * What nearly ended a wait, and the record that tells of it. `other_key`: a message of this name is there, with the key `found`;
 * `other_name`: one with this key, of the name `found`; `taken`: another instance of the process had it already. Of a replay only,
 * once all of the log was gone through: `lost`: a message of this name with the key `found` came when nobody waited, and did not stay;
 * `expired`: one of this name and key was over, at `until`, before the wait began; `never_taken`: no worker has taken a job of the
 * type `found` so far, and the record is the first one that does.
 */
export interface NearMiss { kind: "other_key" | "other_name" | "taken" | "lost" | "expired" | "never_taken"; position: number | null; found: string; until: number | null }

/** A process instance of a log. `incidents`: the records that raised what is open at the end of the log. */
export interface InstanceInfo {
  key: string; processId: string; version: number; definitionKey: string; businessId: string | null; tenant: string;
  created: number; state: "active" | "completed" | "terminated"; incidents: number[]; from: number; to: number | null; steps: number;
}
/** A record, told in a few words. `kind`: 0 command, 1 event, 2 rejection, 3 control record, 4 event that raised an incident. */
export interface RecordInfo {
  position: number; kind: number; intent: string; text: string; cause: number | null; timestamp: number;
  key: string | null; elementId: string | null; instanceKey: string | null; isLast: boolean;
}
/** What happened at an element. `taken`: how often a flow was taken. */
export interface Visits { active: number; completed: number; terminated: number; incidents: number; taken: number; timeMs: number }
/** A value that a variable got. */
export interface VariableWrite { position: number; scopeKey: string; elementId: string | null; name: string; value: Data }

/** A command that was refused. Its command stands at the position before. */
export interface RejectionInfo {
  position: number; intent: string; timestamp: number; tenant: string; actor: string | null;
  code: string; class: string; field: string | null; reason: string; isImposed: boolean;
}
/** The value of an expression, and why parts of it are null. */
export interface Evaluation { value: Data; warnings: FeelWarning[] }
/** What waits for a message. A start event has no instance, and takes any correlation key. */
export interface MessageWait {
  subscriptionKey: string; elementId: string; processId: string; processInstanceKey: string | null; processDefinitionKey: string;
  messageName: string; correlationKey: string | null;
}

/** Where a log is. A string is a URL; in Node also the path of a file. */
export type LogSource = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | AsyncIterable<Uint8Array> | Response | Request | URL | string;
export interface OpenOptions {
  /** Called now and then. `bytesTotal` is null if the source does not say it. */
  onProgress?: (progress: { bytes: number; bytesTotal: number | null; frames: number }) => void;
  signal?: AbortSignal;
  /** Whether the state's digest after every step is compared with the one in the log; `true` unless given. Without it a log plays
   * faster, its chain checked all the same, and a digest is computed when it is asked for. */
  digests?: boolean;
}
export namespace Replay {
  /** Opens a log bit by bit: a page stays alive and can show how far it is. Throws what `new Replay` throws, and `log_not_found`. */
  function open(source: LogSource, options?: OpenOptions): Promise<Replay>;
}

export interface EngineOptions {
  /** At most 32 hexadecimal digits; 0 unless given. */
  seed?: string;
  /** The time of the first record, in milliseconds since 1970; 0 unless given. */
  now?: number;
  partition?: number; engineVersion?: string; limits?: Partial<Limits>;
}
export interface Limits {
  commandBytes: number; stepEvents: number; stepBytes: number; stepFuel: number; instanceElements: number; scopeDepth: number;
  requestRetentionMs: number; clockJumpMs: number;
}
export interface File { name: string; content: string | Uint8Array }
export interface Definition { processDefinitionKey: string; processId: string; version: number }
export interface DecisionDefinition { decisionKey: string; decisionId: string; decisionRequirementsKey: string; version: number; versionTag: string | null }
/** What every command may say. */
export interface Asking { tenant?: string; requestId?: string; actor?: string; correlationId?: string }
export interface CreateInstance extends Asking {
  processId?: string; version?: number; processDefinitionKey?: string; variables?: Variables; tags?: string[]; businessId?: string;
}
export interface SetVariables extends Asking { scopeKey: string; variables: Variables; isLocal?: boolean }
export interface ActivateJobs extends Asking { jobType: string; worker?: string; timeoutMs?: number; jobsMax?: number; fetchVariables?: string[] }
export interface CompleteJob extends Asking { jobKey: string; variables?: Variables }
export interface FailJob extends Asking { jobKey: string; retries: number; errorMessage?: string; backoffMs?: number; variables?: Variables }
export interface ThrowError extends Asking { jobKey: string; errorCode: string; errorMessage?: string; variables?: Variables }
export interface UpdateJob extends Asking { jobKey: string; retries?: number; timeoutMs?: number }
export interface PublishMessage extends Asking { messageName: string; correlationKey?: string; timeToLiveMs?: number; messageId?: string; variables?: Variables }
export interface CorrelateMessage extends Asking { messageName: string; correlationKey?: string; variables?: Variables }
export interface EvaluateDecision extends Asking { decisionId?: string; decisionKey?: string; variables?: Variables }
/** An input or output of a decision table. */
export interface ClauseValue { id: string; name: string; value: Data }
/** A decision that was evaluated. `decisionType`: as `DECISION_TABLE` or `LITERAL_EXPRESSION`. `warnings`: why parts of it are null. */
export interface EvaluatedDecision {
  key: string; decisionKey: string; decisionId: string; name: string; version: number; decisionType: string; output: Data;
  inputs: ClauseValue[]; rules: { id: string; index: number; outputs: ClauseValue[] }[]; warnings: string[]; errorMessage: string | null;
}
/** What came of an evaluation; `decisions`: in the order of their evaluation, the one that was asked for last. */
export interface DecisionEvaluation {
  evaluationKey: string; output: Data; failedDecisionId: string | null; errorMessage: string | null; decisions: EvaluatedDecision[];
}
export interface Job {
  jobKey: string; jobType: string; retries: number; worker: string | null; deadline: number | null; elementId: string;
  elementInstanceKey: string; processInstanceKey: string; processDefinitionKey: string; processId: string; version: number;
  headers: Map<string, string>; variables: Map<string, Data>; tags: string[]; businessId: string | null; tenant: string;
}

/** Whose FEEL it is where the two differ: that of Camunda 8, which is meant unless something is said, or that of DMN 1.5. */
export type FeelDialect = "camunda" | "dmn";
export interface FeelOptions {
  dialect?: FeelDialect;
  /** Whether it is a cell of a decision table, as `> 5` or `"a", "b"`. */
  unaryTests?: boolean;
  /** Variables whose names are not plain words, as `Applicant Age`. */
  names?: string[];
}
export interface EvaluateOptions {
  /** The time that `now()` and `today()` tell, in milliseconds since 1970; 0 unless given. */
  now?: number;
  /** How much it may take, about one unit per step, item and byte; 1,000,000 unless given. */
  fuel?: number;
  /** Whether the values of all parts of the expressions are kept. */
  trace?: boolean;
}
export interface FeelEvaluateOptions extends EvaluateOptions {
  /** What unary tests are about. */
  input?: DataIn;
}
/** Why the part from byte `start` to byte `end` of an expression is null. */
export interface FeelWarning { code: string; start: number; end: number; part: string | null; reason: string }
/** A part of an expression; without a value the evaluation ended inside it. */
export interface TraceStep { text: string; value?: Data; parts: TraceStep[] }
/** What came of an evaluation; `fuel` is what it took. */
export interface FeelEvaluation { value: Data; warnings: FeelWarning[]; fuel: number; trace?: TraceStep[] }
/** Thrown where an expression does not parse: the place in bytes, and as line and column in characters, counted from 1. */
export interface FeelError extends DacapoError {
  code: "expression_malformed"; start: number; end: number; line: number; column: number; expected: string; found: string;
  /** The line, and a caret below the place. */
  excerpt: string;
}

/** Thrown where an evaluation ends without a value; `part` was under way. */
export interface FeelFailure extends DacapoError { code: "evaluation_failed"; part: string | null; trace?: TraceStep[] }

export interface DecisionsOptions { dialect?: FeelDialect }
/** A decision of a model. `requires`: the ids of the decisions that it requires directly. */
export interface DecisionInfo { decisionId: string; name: string; versionTag: string | null; requires: string[] }
/** Why something is null: the expression or cell, or else the element; and the part, if there is one. */
export interface DecisionWarning {
  code: string | null; elementId: string | null; expression: string | null; start: number | null; end: number | null;
  part: string | null; reason: string;
}
/** An input or output of a decision table as its model has it. */
export interface TracedClause { id: string | null; name: string; value: Data }
/** A decision that was evaluated. `file`: one of another file may have the same id; `logic`: as `decisionTable` or `literalExpression`; `violation`: how the rules break the hit policy. */
export interface TracedDecision {
  decisionId: string; file: string; name: string; logic: string; output: Data;
  inputs: TracedClause[]; rules: { id: string | null; index: number; outputs: TracedClause[] }[];
  violation: { reason: string; rules: number[] } | null; warnings: DecisionWarning[]; trace?: TraceStep[];
}
/** What came of an evaluation; `decisions`: in the order of their evaluation, the one that was asked for last. */
export interface DecisionsEvaluation { value: Data; decisions: TracedDecision[]; warnings: DecisionWarning[]; fuel: number }
/** Thrown where files are no model. */
export interface DecisionsError extends DacapoError {
  code: "model_malformed";
  problems: { file: string; line: number; column: number; elementId: string | null; code: string; message: string }[];
}
/** Thrown where an evaluation ends without a value: the decision, the expression or cell, and the part that were under way. */
export interface DecisionsFailure extends DacapoError {
  code: "evaluation_failed"; decisionId: string | null; elementId: string | null; expression: string | null; part: string | null;
  decisions: TracedDecision[];
}

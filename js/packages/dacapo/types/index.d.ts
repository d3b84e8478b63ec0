// The public surface of the package, for who builds on it before it is built: `cargo xtask wasm` generates the declarations
// that are shipped (dist/dacapo.d.ts) from host-wasm/src, and they say the same.
//
// Everything that is returned can be cloned by structuredClone (so it goes through postMessage as it is), except the objects of
// the classes. Keys are decimal strings; positions and timestamps are numbers; user data is `Map`s, arrays and scalars.

// ---- loading ----------------------------------------------------------------------------------------------------------------

export type WasmSource = URL | string | Request | Response | Promise<Response> | ArrayBuffer | Uint8Array | WebAssembly.Module;
/** Loads the Wasm; again and again is once. In Node it has been loaded by the import. `dacapo` takes the file beside it unless a source is given, `dacapo/inline` has it inside, `dacapo/slim` must be given a source. */
export function load(source?: WasmSource): Promise<void>;
/** Loads the Wasm at once, from bytes or a compiled module. */
export function loadSync(source: ArrayBuffer | Uint8Array | WebAssembly.Module): void;

export type LogSource = Uint8Array | ArrayBuffer | Blob | ReadableStream<Uint8Array> | Response | URL | string | Request;
export interface OpenOptions {
  /** Called now and then with what was read so far; `bytesTotal` is null if the source does not say. */
  onProgress?: (progress: { bytes: number; bytesTotal: number | null; frames: number }) => void;
  signal?: AbortSignal;
}

// ---- data -------------------------------------------------------------------------------------------------------------------

/** Data of the user. Coming out: decimals of more than 15 digits, dates, times and durations are strings. */
export type Data = null | boolean | number | string | Data[] | Map<string, Data>;
export type DataIn = undefined | null | boolean | number | bigint | string | DataIn[] | Map<string, DataIn> | { [name: string]: DataIn };
export type Variables = Map<string, DataIn> | { [name: string]: DataIn };
/** A row, or a part of one. Keys are decimal strings. */
export type Plain = null | boolean | number | string | Uint8Array | Plain[] | Map<string, Plain>;
/** Table name → rows. Only tables that have rows. */
export type State = Map<string, { key: Plain; row: Plain }[]>;
/** A place in a log: the last record played. Before the first record the position is 0 and there is no time. */
export interface Place { position: number; timestamp: number | null; digest: string }
/** A row that differs. */
export interface Change { table: string; key: Plain; before: Plain; after: Plain }
/** What became of a command. `isDuplicate`: the request id was used before, at this position. */
export interface Step { position: number; isDuplicate: boolean; events: { position: number; intent: string; key: string }[] }

export interface DacapoError extends Error { name: "DacapoError"; code: string; position?: number }
export interface DacapoRejection extends Error { name: "DacapoRejection"; code: string; class: string; position: number; field?: string }

// ---- records ----------------------------------------------------------------------------------------------------------------

export type RecordKind = "control" | "command" | "event" | "rejection";
export interface LogRecord {
  position: number; kind: RecordKind; intent: string;
  /** The position of the command whose outcome this is; null for commands and control records. */
  cause: number | null;
  timestamp: number; tenant: string;
  /** The entity: of an event, what it is about; of a command, what it is addressed to. */
  key: string | null;
  /** The process instance it is about, as far as the record says. */
  processInstanceKey: string | null;
  /** Who asked; null for what the engine asked for itself and for outcomes. */
  actor: string | null;
  /** Whether a client asked for the command; false for the engine's own commands (due timers, time-outs) and for outcomes. */
  isAsked: boolean;
  /** The record in a few words. A key is shown by a short name: what it is and the position of its birth, as `#job·12`. */
  text: string;
}
export interface RecordFilter {
  /** The first position that is looked at (or the last, backwards). The first (last) of the log unless given. */
  from?: number;
  /** The last position that is looked at (or the first, backwards). */
  to?: number;
  isBackward?: boolean;
  kinds?: RecordKind[];
  /** The intents begin with this, as `job.` */
  intent?: string;
  processInstanceKey?: string;
  /** At most so many records; 100 unless given. */
  limit?: number;
}
/** `next` is where to go on (`from` of the next call); null if the range is done. */
export interface RecordPage { records: LogRecord[]; next: number | null }

export interface SearchOptions {
  from?: number; to?: number;
  processInstanceKey?: string;
  kinds?: RecordKind[];
  /** At most so many hits; 1,000 unless given. */
  limit?: number;
  /** Looks at so many frames at most, so that hits can be shown as they come; 20,000 unless given. */
  framesMax?: number;
}
/** `hits` are positions; `next` is where to go on, null if the range is done. */
export interface SearchPage { hits: number[]; next: number | null }

/** How one record led to the next: it is the outcome of it; the engine asked for it because of it (an armed timer, a time-out); a client addressed what it created. */
export type CauseLink = "outcome_of" | "due_to" | "addressed_to";
/** One step of the way back from a record: the record itself first, its root last. `link` says how it follows from the next one; null for the root. */
export interface Cause { position: number; kind: RecordKind; intent: string; isAsked: boolean; text: string; link: CauseLink | null }

// ---- instances and incidents over the whole log -----------------------------------------------------------------------------

export type InstanceState = "active" | "completed" | "terminated";
/** What became of a process instance, by the end of the log. To know what it was at a position, compare with `beganAt` and `endedAt`. */
export interface InstanceSummary {
  processInstanceKey: string; processDefinitionKey: string; processId: string; version: number; tenant: string;
  businessId: string | null; tags: string[];
  state: InstanceState; beganAt: number; beganTime: number; endedAt: number | null; endedTime: number | null;
  /** The last record about it. */
  lastAt: number;
  /** Open by the end of the log. */
  incidents: number;
}
export interface InstanceFilter { processId?: string; state?: InstanceState; hasIncident?: boolean; businessId?: string; tenant?: string; offset?: number; limit?: number }
/** Newest first. `total` counts all that fit the filter. */
export interface InstancePage { instances: InstanceSummary[]; total: number }

export interface IncidentSummary {
  incidentKey: string; processInstanceKey: string; processId: string; version: number; elementId: string; elementInstanceKey: string;
  incidentKind: string; message: string; jobKey: string | null;
  createdAt: number; createdTime: number; resolvedAt: number | null; resolvedTime: number | null;
}
export interface IncidentFilter { processInstanceKey?: string; processId?: string; isOpen?: boolean; offset?: number; limit?: number }
export interface IncidentPage { incidents: IncidentSummary[]; total: number }

export interface RejectionSummary { position: number; command: number; intent: string; timestamp: number; code: string; class: string; field: string | null; reason: string; actor: string | null; isImposed: boolean }
export interface RejectionPage { rejections: RejectionSummary[]; next: number | null }

/** Counts of an element of a process. `visits` = how often it was entered. Sequence flows have only `visits`. */
export interface ElementCount { elementId: string; active: number; completed: number; terminated: number; incidents: number; visits: number }
export interface FlowCount { flowId: string; visits: number }
export interface Overlay { elements: ElementCount[]; flows: FlowCount[] }
/** One writing of a variable. `scopeElementId` names the scope. */
export interface VariableChange { position: number; timestamp: number; name: string; scopeKey: string; scopeElementId: string; value: Data }
/** Parts of the log of about equal length, for the scrubber: positions `from..=to`. */
export interface Bucket { from: number; to: number; fromTime: number; toTime: number; commands: number; events: number; rejections: number; incidents: number }

export interface ProcessDefinition { processDefinitionKey: string; processId: string; version: number; resourceName: string; tenant: string; deployedAt: number }

// ---- questions to a state ---------------------------------------------------------------------------------------------------

export interface Token {
  elementId: string; elementInstanceKey: string | null; elementType: string | null; scopeKey: string | null; flowId: string | null;
  count: number; hasIncident: boolean;
}
export interface Why { elementId: string; elementType: string; elementInstanceKey: string; waits: Wait[]; children: Why[] }
export type Wait =
  | { kind: "job"; key: string; jobType: string; state: string; worker: string | null; retries: number }
  | { kind: "timer"; key: string; eventId: string; due: number }
  | { kind: "message"; key: string; eventId: string; name: string; correlationKey: string }
  | { kind: "incident"; key: string; incidentKind: string; message: string }
  | { kind: "join"; elementId: string; present: string[]; absent: string[] }
  | { kind: "parked_work" }
  | { kind: "ending" };

/** A FEEL expression: parsed once, with the place of what is wrong in bytes. */
export interface Evaluation { value: Data; warnings: { start: number; end: number; reason: string }[] }

/** Who would take a message: a waiting instance (one per process), or a start event. */
export type Receiver =
  | { kind: "instance"; processInstanceKey: string; processId: string; elementId: string; elementInstanceKey: string; subscriptionKey: string }
  | { kind: "start"; processDefinitionKey: string; processId: string; version: number; elementId: string; subscriptionKey: string };
/** What waits for messages. `correlationKey` is null for start events. */
export interface Subscription { messageName: string; correlationKey: string | null; processId: string; processInstanceKey: string | null; elementId: string; tenant: string }

/**
 * What a bisect predicate sees of an instance, as FEEL variables:
 * `state` ("active", "completed", "terminated"), `variables` (context: those of the instance's own scope), `elements` (ids of active
 * elements), `incidents` (contexts: element_id, kind, message), `jobs` (contexts: element_id, type, retries, state), `position`, `timestamp`.
 */
export interface BisectOptions { from?: number; framesMax?: number; isNegated?: boolean }
/** `position` is where it holds for the first time from `from` on, null if not found; `next` is where to go on, null if the log is done. */
export interface BisectPage { position: number | null; next: number | null; framesSeen: number }

export type Verdict = "re-derived" | "chained only" | "not verifiable";
export interface Report {
  verdict: Verdict;
  ranges: { verdict: Verdict; doubt: "semantics" | "imposed" | "state_unknown" | "not_shown" | "failed" | null; from: number; to: number; frames: number }[];
  reDerived: number; imposed: number; otherSemantics: Map<number, number>; notShown: number;
  failure: DacapoError | null;
}

/** Questions that a log, a fork and an engine answer about the state where they stand. */
export interface StateQuestions {
  readonly place: Place;
  state(): State;
  tokens(processInstanceKey: string): Token[];
  why(processInstanceKey: string): Why | null;
  /** The variables visible in a scope (an element instance, or a process instance). */
  variables(scopeKey: string): Map<string, Data>;
  /** Those of the scope alone. */
  localVariables(scopeKey: string): Map<string, Data>;
  /** Evaluates FEEL with the variables visible in a scope; null for no scope. Throws `expression_malformed` or `evaluation_failed`. */
  evaluate(expression: string, scopeKey: string | null): Evaluation;
  wouldCorrelate(messageName: string, correlationKey: string, tenant?: string): Receiver[];
  subscriptions(): Subscription[];
  /** The BPMN XML (any bytes that were deployed) of a definition; null if there is none. */
  resource(processDefinitionKey: string): Uint8Array | null;
  definitions(): ProcessDefinition[];
  /** When the engine has something to do by itself next; null if never. */
  readonly nextDue: number | null;
}

/** What can be asked of an engine and of a fork. Each throws a `DacapoRejection` if refused; that is in the log all the same. */
export interface Commands {
  submit(command: Command | string): Step | null;
  createInstance(options: CreateInstance): string;
  cancelInstance(processInstanceKey: string): void;
  setVariables(options: SetVariables): void;
  activateJobs(options: ActivateJobs): Job[];
  completeJob(options: CompleteJob): void;
  failJob(options: FailJob): void;
  throwError(options: ThrowError): void;
  updateJob(options: UpdateJob): void;
  publishMessage(options: PublishMessage): void;
  correlateMessage(options: CorrelateMessage): void;
  resolveIncident(incidentKey: string): void;
}

// ---- a log ------------------------------------------------------------------------------------------------------------------

/** A log, and an engine that stands somewhere in it. Nothing here changes the log. */
export class Replay implements StateQuestions {
  /** Opens a whole log file and stands before its first record. Throws with a code and a position if it is damaged, a slice, or begins after genesis. */
  constructor(bytes: Uint8Array);
  /** The same from a stream, a file, a URL or bytes, bit by bit and with progress. */
  static open(source: LogSource, options?: OpenOptions): Promise<Replay>;
  /** Frees the memory. The object must not be used any more. Also `[Symbol.dispose]`. */
  close(): void;

  readonly frameCount: number;
  readonly framesPlayed: number;
  /** The last position of the log. */
  readonly lastPosition: number;
  readonly place: Place;

  step(): boolean;
  stepBack(): boolean;
  seek(position: number): Place;
  seekTime(ms: number): Place;
  seekRequest(requestId: string, tenant?: string): Place;
  seekEnd(): Place;

  /** Adds what the log got since: a log file that goes on where this one ends (`place` of the end). Stays where it is. Returns how many frames came. */
  append(bytes: Uint8Array): number;

  state(): State;
  /** The rows that the last step changed. */
  changes(): Change[];
  diff(from: number, to: number): Change[];

  records(filter?: RecordFilter): RecordPage;
  /** The record at a position. */
  record(position: number): LogRecord;
  /** The frames that hold a range of positions as JSON texts with long names: numbers are exact, keys are strings. */
  frames(from: number, to: number): string[];
  /** The records of a range as the lines of the golden logs. */
  lines(from: number, to: number): { position: number; text: string }[];
  /** Looks for a text (whatever its case) in the records as they are shown: intents, keys, names and values. */
  search(text: string, options?: SearchOptions): SearchPage;
  rejections(filter?: { from?: number; to?: number; limit?: number }): RejectionPage;
  /** Where a record comes from. */
  causes(position: number): Cause[];
  /** What followed from a record: its outcome, and the commands about what it created. Positions, in order. */
  consequences(position: number): number[];
  buckets(count: number): Bucket[];

  /** Reads what `instances`, `incidents`, `overlay` and filters by instance need, at most so many frames; returns how many frames were read in all. They do it themselves if it was not done. */
  index(framesMax: number): number;
  instances(filter?: InstanceFilter): InstancePage;
  /** Null if the log knows no such instance. */
  instance(processInstanceKey: string): InstanceSummary | null;
  incidents(filter?: IncidentFilter): IncidentPage;
  /** Counts per element and flow of one instance, up to a position (the current one unless given). */
  overlay(processInstanceKey: string, position?: number): Overlay;
  /** The same of all instances of a definition. */
  definitionOverlay(processDefinitionKey: string, position?: number): Overlay;
  /** Positions of the steps that are about an instance, in order (the position of each step's command). */
  steps(processInstanceKey: string): number[];
  variablesTimeline(processInstanceKey: string): VariableChange[];
  /** The first position from `from` on where a FEEL predicate holds on the view of an instance. Stays where it is. */
  bisect(processInstanceKey: string, predicate: string, options?: BisectOptions): BisectPage;

  tokens(processInstanceKey: string): Token[];
  why(processInstanceKey: string): Why | null;
  variables(scopeKey: string): Map<string, Data>;
  localVariables(scopeKey: string): Map<string, Data>;
  evaluate(expression: string, scopeKey: string | null): Evaluation;
  wouldCorrelate(messageName: string, correlationKey: string, tenant?: string): Receiver[];
  subscriptions(): Subscription[];
  resource(processDefinitionKey: string): Uint8Array | null;
  definitions(): ProcessDefinition[];
  readonly nextDue: number | null;

  /** Another future from here on. */
  fork(): Fork;
  /** Decides every step again and compares. `progress` is called every 1,000 frames; it must not use this replay. */
  verify(progress?: ((frames: number) => void) | null): Report;
  /** The same in parts: verifies at most so many frames more; returns how many were verified in all. `report` says what was found so far. */
  verifyNext(framesMax: number): number;
  readonly report: Report;
}

/** Another future of a log: the real engine, commands written by hand, a chosen clock. Nothing of it can get into a log. */
export class Fork implements StateQuestions, Commands {
  private constructor();
  close(): void;
  /** The last position shared with the log. */
  readonly leftAt: number;
  readonly place: Place;
  /** The time of the next step. */
  readonly now: number | null;
  readonly nextDue: number | null;
  submit(command: Command | string): Step | null;
  deploy(files: File[]): Step;
  createInstance(options: CreateInstance): string;
  cancelInstance(processInstanceKey: string): void;
  setVariables(options: SetVariables): void;
  activateJobs(options: ActivateJobs): Job[];
  completeJob(options: CompleteJob): void;
  failJob(options: FailJob): void;
  throwError(options: ThrowError): void;
  updateJob(options: UpdateJob): void;
  publishMessage(options: PublishMessage): void;
  correlateMessage(options: CorrelateMessage): void;
  resolveIncident(incidentKey: string): void;
  /** Steps what the engine asks for itself now; returns how many commands. */
  runDue(): number;
  /** Lets time pass up to `ms` since 1970; what becomes due is stepped at its own time. */
  advanceTo(ms: number): number;
  /** Takes the command of a step of the log again, here (its keys may mean nothing here: then it is refused, which is a step too). Null if there was nothing to do. */
  stepAgain(replay: Replay, position: number): Step | null;
  /** The records since it left the log. */
  records(): LogRecord[];
  frames(): string[];
  /** The rows each step changed, in order. */
  changes(): { position: number; changes: Change[] }[];
  /** The rows in which it differs from where a replay stands. */
  diff(replay: Replay): Change[];
  state(): State;
  tokens(processInstanceKey: string): Token[];
  why(processInstanceKey: string): Why | null;
  variables(scopeKey: string): Map<string, Data>;
  localVariables(scopeKey: string): Map<string, Data>;
  evaluate(expression: string, scopeKey: string | null): Evaluation;
  wouldCorrelate(messageName: string, correlationKey: string, tenant?: string): Receiver[];
  subscriptions(): Subscription[];
  resource(processDefinitionKey: string): Uint8Array | null;
  definitions(): ProcessDefinition[];
  /** Counts of what happened to an instance since the fork left the log. */
  overlay(processInstanceKey: string): Overlay;
}

// ---- an engine of one's own -------------------------------------------------------------------------------------------------

/** A log of one's own and the engine that writes it. What the engine asks for itself is stepped at once. */
export class Engine implements StateQuestions, Commands {
  constructor(options?: EngineOptions | null);
  close(): void;
  readonly now: number;
  readonly place: Place;
  readonly nextDue: number | null;
  /** Lets time pass, in milliseconds. */
  advance(ms: number): void;
  changeLimits(limits: Partial<Limits>): void;
  deploy(files: File[]): Definition[];
  submit(command: Command | string): Step | null;
  createInstance(options: CreateInstance): string;
  cancelInstance(processInstanceKey: string): void;
  setVariables(options: SetVariables): void;
  activateJobs(options: ActivateJobs): Job[];
  completeJob(options: CompleteJob): void;
  failJob(options: FailJob): void;
  throwError(options: ThrowError): void;
  updateJob(options: UpdateJob): void;
  publishMessage(options: PublishMessage): void;
  correlateMessage(options: CorrelateMessage): void;
  resolveIncident(incidentKey: string): void;
  isRunning(processInstanceKey: string): boolean;
  /** What became of an instance; null if there was none. */
  instance(processInstanceKey: string): InstanceSummary | null;
  /** The ids of the elements of an instance in the order in which they were entered. */
  path(processInstanceKey: string): string[];
  /** The last values of the variables of the instance's own scope, also after its end. */
  result(processInstanceKey: string): Map<string, Data>;
  incidents(filter?: IncidentFilter): IncidentPage;
  overlay(processInstanceKey: string): Overlay;
  state(): State;
  tokens(processInstanceKey: string): Token[];
  why(processInstanceKey: string): Why | null;
  variables(scopeKey: string): Map<string, Data>;
  localVariables(scopeKey: string): Map<string, Data>;
  evaluate(expression: string, scopeKey: string | null): Evaluation;
  wouldCorrelate(messageName: string, correlationKey: string, tenant?: string): Receiver[];
  subscriptions(): Subscription[];
  resource(processDefinitionKey: string): Uint8Array | null;
  definitions(): ProcessDefinition[];
  /** The log as a file. */
  log(): Uint8Array;
  /** The log so far, to be played. */
  replay(): Replay;
}

/** Verifies a log file, whole or a slice. What is damaged is in the report; only bytes that are no log file throw. */
export function verifyLog(bytes: Uint8Array, progress?: ((frames: number) => void) | null): Report;
/** Turns the arrow notation of a process into BPMN XML. */
export function bpmn(processId: string, arrows: string): string;

/** A command with the names that `Replay.frames` shows. */
export interface Command {
  intent: string; version?: number; key?: string; tenant?: string; request_id?: string; actor?: string; correlation_id?: string; trace?: string;
  body: Variables;
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
export interface Job {
  jobKey: string; jobType: string; retries: number; worker: string | null; deadline: number | null; elementId: string;
  elementInstanceKey: string; processInstanceKey: string; processDefinitionKey: string; processId: string; version: number;
  headers: Map<string, string>; variables: Map<string, Data>; tags: string[]; businessId: string | null; tenant: string;
}

// The server that the page came from. Its paths are relative to the page, so that a prefix in front of it does not matter.
import { CoreError } from "./session.js";

/** An instance as the list shows it. */
export interface Listed {
  key: string;
  processId: string;
  name: string | null;
  version: number;
  state: string;
  hasIncident: boolean;
  started: string | null;
  ended: string | null;
  tenant: string;
  businessId: string | null;
}

/** An incident as the board shows it. */
export interface ListedIncident {
  key: string;
  instanceKey: string;
  processId: string;
  /** The version of the process; null if nobody tells. */
  version: number | null;
  elementId: string;
  errorType: string;
  message: string;
  created: string | null;
  state: string;
}

export interface Found<T> { items: T[]; total: number; isTruncated: boolean; next: string | null }

/** What the list asks for. */
export interface Wanted {
  state?: string;
  processId?: string;
  hasIncident?: boolean;
  key?: string;
  after?: string;
}

/** Tells whether a server answers where the page came from. */
export async function isThere(): Promise<boolean> {
  try {
    const response = await fetch("./v2/topology", { signal: AbortSignal.timeout(4_000) });
    return response.ok && (response.headers.get("content-type") ?? "").includes("json");
  } catch {
    return false;
  }
}

/** Reads a file that lies beside the page. */
export async function file(name: string): Promise<Blob> {
  const response = await fetch(`./${name}`);
  if (!response.ok) throw await problem(response);
  return response.blob();
}

/** Reads the log from a position on, or the slice of it that is about an instance, with the bytes that have come so far. */
export async function download(
  from: number,
  instance: string | null,
  told: (bytes: number) => void = () => {},
): Promise<Blob> {
  const path = instance === null ? "./v1/log/file" : `./v1/instances/${instance}/export`;
  const response = await fetch(from > 1 ? `${path}?from=${from}` : path);
  if (!response.ok || !response.body) throw await problem(response);
  const pieces: BlobPart[] = [];
  let length = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    pieces.push(value);
    length += value.length;
    told(length);
  }
  return new Blob(pieces);
}

export async function instances(wanted: Wanted): Promise<Found<Listed>> {
  const filter: Record<string, unknown> = {};
  if (wanted.state) filter.state = wanted.state;
  if (wanted.processId) filter.processDefinitionId = wanted.processId;
  if (wanted.hasIncident) filter.hasIncident = true;
  if (wanted.key) filter.processInstanceKey = wanted.key;
  const sort = [{ field: "startDate", order: "DESC" }, { field: "processInstanceKey", order: "DESC" }];
  const found = await search("process-instances", { filter, sort, page: page(wanted.after) });
  return paged(found, (it) => ({
    key: text(it.processInstanceKey),
    processId: text(it.processDefinitionId),
    name: it.processDefinitionName == null ? null : text(it.processDefinitionName),
    version: Number(it.processDefinitionVersion),
    state: text(it.state).toLowerCase(),
    hasIncident: it.hasIncident === true,
    started: date(it.startDate),
    ended: date(it.endDate),
    tenant: text(it.tenantId),
    businessId: it.businessId == null ? null : text(it.businessId),
  }));
}

export async function incidents(after?: string): Promise<Found<ListedIncident>> {
  const sort = [{ field: "creationTime", order: "DESC" }];
  const found = await search("incidents", { filter: { state: "ACTIVE" }, sort, page: page(after) });
  const keys = [...new Set(found.items.map((it) => text(it.processDefinitionKey)))];
  const versions = new Map(await Promise.all(keys.map(async (key) => [key, await version(key)] as const)));
  return paged(found, (it) => ({
    version: versions.get(text(it.processDefinitionKey)) ?? null,
    key: text(it.incidentKey),
    instanceKey: text(it.processInstanceKey),
    processId: text(it.processDefinitionId),
    elementId: text(it.elementId),
    errorType: text(it.errorType),
    message: text(it.errorMessage),
    created: date(it.creationTime),
    state: text(it.state).toLowerCase(),
  }));
}

/** Returns the version of a process by the key of its definition. */
async function version(definitionKey: string): Promise<number | null> {
  const response = await fetch(`./v2/process-definitions/${definitionKey}`);
  if (!response.ok) return null;
  return ((await response.json()) as { version?: number }).version ?? null;
}

/** Has the engine try again what an incident holds up. */
export async function resolve(incidentKey: string): Promise<void> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(`./v2/incidents/${incidentKey}/resolution`, { method: "POST", headers, body: "{}" });
  if (!response.ok) throw await problem(response);
}

/** Tells the positions of records as they are appended, until it is stopped; the browser connects again by itself. */
export function follow(told: (position: number) => void, isOpen: (open: boolean) => void): () => void {
  const source = new EventSource("./v1/log/live");
  source.addEventListener("message", (event) => told(Number(event.lastEventId)));
  source.addEventListener("open", () => isOpen(true));
  source.addEventListener("error", () => isOpen(false));
  return () => source.close();
}

const LIMIT = 50;
const page = (after?: string) => (after ? { limit: LIMIT, after } : { limit: LIMIT });
const text = (it: unknown): string => (it == null ? "" : String(it));
const date = (it: unknown): string | null => (it == null ? null : String(it));

type Items = { items: Record<string, unknown>[]; page: Record<string, unknown> };

async function search(what: string, body: unknown): Promise<Items> {
  const response = await fetch(`./v2/${what}/search`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw await problem(response);
  return response.json() as Promise<Items>;
}

function paged<T>(found: Items, one: (it: Record<string, unknown>) => T): Found<T> {
  const { totalItems, hasMoreTotalItems, endCursor } = found.page;
  const isFull = found.items.length === LIMIT;
  return {
    items: found.items.map(one),
    total: Number(totalItems),
    isTruncated: hasMoreTotalItems === true,
    next: isFull && endCursor != null ? text(endCursor) : null,
  };
}

async function problem(response: Response): Promise<CoreError> {
  let message = `expected an answer of the server, found ${response.status} ${response.statusText}`;
  try {
    const { detail, title } = (await response.json()) as { detail?: string; title?: string };
    message = detail || title || message;
  } catch {
    // The answer is no JSON: its status must do.
  }
  return new CoreError({ name: "ServerError", message, code: String(response.status) });
}

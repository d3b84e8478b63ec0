// Commands as calls of the server's API: what was done in a fork, to be read before anybody does the same for real, and what would end
// a wait.
import type { Wait } from "./protocol.js";
import type { Session } from "./session.js";

/** A command that was given: its intent, and the JSON of each part of its body as it was typed, so that numbers stay exact. */
export interface Given { intent: string; body: Record<string, string> }

type Call = readonly [method: string, path: string, body: Record<string, string | undefined>];

const unquoted = (text = "") => text.replaceAll('"', "");

const CALLS: Record<string, (body: Record<string, string>) => Call> = {
  "variable.set": (it) => ["PUT", `element-instances/${unquoted(it.scope_key)}/variables`, { variables: it.variables }],
  "job.complete": (it) => ["POST", `jobs/${unquoted(it.job_key)}/completion`, { variables: it.variables }],
  "job.fail": (it) => ["POST", `jobs/${unquoted(it.job_key)}/failure`, { retries: it.retries, errorMessage: it.error_message }],
  "job.throw_error": (it) => ["POST", `jobs/${unquoted(it.job_key)}/error`, { errorCode: it.error_code }],
  "job.update": (it) => ["PATCH", `jobs/${unquoted(it.job_key)}`, { changeset: `{"retries": ${it.retries}}` }],
  "message.publish": (it) => ["POST", "messages/publication", {
    name: it.message_name, correlationKey: it.correlation_key, timeToLive: it.time_to_live_ms, variables: it.variables,
  }],
  "incident.resolve": (it) => ["POST", `incidents/${unquoted(it.incident_key)}/resolution`, {}],
};

/** Writes commands as lines for a shell. */
export function calls(given: readonly Given[], address: string): string {
  const lines = given.flatMap(({ intent, body }) => {
    const call = CALLS[intent]?.(body);
    if (!call) return [];
    const [method, path, parts] = call;
    const fields = Object.entries(parts).filter(([, text]) => text !== undefined).map(([name, text]) => `"${name}": ${text}`);
    const json = `{${fields.join(", ")}}`.replaceAll("'", "'\\''");
    return [`curl --fail -X ${method} '${address}/v2/${path}' -H 'content-type: application/json' -d '${json}'`];
  });
  return lines.join("\n");
}

/** Returns where the calls go: the server that the page comes from, or else the usual one. */
export function addressOf(session: Session): string {
  return session.origin.kind === "server" ? location.href.replace(/\/?([?#].*)?$/, "") : "http://127.0.0.1:8080";
}

/** Returns the commands that end a wait, one after the other, as the core names them. */
export function remedies(wait: Wait): Given[] {
  if (!("remedies" in wait)) return [];
  return wait.remedies.flatMap(({ kind, key }): Given[] => {
    switch (kind) {
      case "complete_job":
        return [{ intent: "job.complete", body: { job_key: key!, variables: "{}" } }];
      case "publish_message":
        return wait.kind === "message" ? [{ intent: "message.publish", body: { message_name: JSON.stringify(wait.name), correlation_key: JSON.stringify(wait.correlationKey) } }] : [];
      case "give_retry":
        return [{ intent: "job.update", body: { job_key: key!, retries: "1" } }];
      case "resolve_incident":
        return [{ intent: "incident.resolve", body: { incident_key: key! } }];
      case "let_pass":
        return [];
    }
  });
}

// What was done in a fork, as calls of the server's API: to be read before anybody does the same for real.

/** A command that was given: its intent, and the JSON of each part of its body as it was typed, so that numbers stay exact. */
export interface Given { intent: string; body: Record<string, string> }

type Call = readonly [method: string, path: string, body: Record<string, string | undefined>];

const unquoted = (text = "") => text.replaceAll('"', "");

const CALLS: Record<string, (body: Record<string, string>) => Call> = {
  "variable.set": (it) => ["PUT", `element-instances/${unquoted(it.scope_key)}/variables`, { variables: it.variables }],
  "job.complete": (it) => ["POST", `jobs/${unquoted(it.job_key)}/completion`, { variables: it.variables }],
  "job.fail": (it) => ["POST", `jobs/${unquoted(it.job_key)}/failure`, { retries: it.retries, errorMessage: it.error_message }],
  "job.throw_error": (it) => ["POST", `jobs/${unquoted(it.job_key)}/error`, { errorCode: it.error_code }],
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

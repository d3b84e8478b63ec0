// The board of open incidents, grouped by what went wrong where.
import { LitElement, html, nothing } from "lit";
import type { PropertyValues } from "lit";
import { go } from "../core/place.js";
import * as server from "../core/server.js";
import type { Found, ListedIncident } from "../core/server.js";
import type { Session } from "../core/session.js";
import { count } from "../parts/format.js";
import { shared } from "../style/shared.js";
import { listStyle } from "../style/list.js";
import { when } from "./when.js";

export class StudioIncidents extends LitElement {
  static override properties = {
    session: { attribute: false },
    isServer: { attribute: false },
    found: { state: true },
    problem: { state: true },
    said: { state: true },
  };
  declare session: Session | null;
  declare isServer: boolean;
  declare found: Found<ListedIncident> | null;
  declare problem: Error | null;
  declare said: string;

  constructor() {
    super();
    this.session = null;
    this.isServer = false;
    this.found = null;
    this.problem = null;
    this.said = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("session") || changed.has("isServer")) void this.#load();
  }

  async #load(after?: string): Promise<void> {
    try {
      const found = this.isServer ? await server.incidents(after) : await ofFile(this.session);
      if (after && this.found) found.items.unshift(...this.found.items);
      this.found = found;
      this.problem = null;
    } catch (error) {
      this.problem = error as Error;
    }
  }

  /** Tries again what several incidents of one kind hold up, one after the other; says how many are open still. */
  async #retryAll(group: readonly ListedIncident[]): Promise<void> {
    try {
      for (const [index, it] of group.entries()) {
        this.said = `trying ${index + 1} of ${group.length} again…`;
        await server.resolve(it.key);
      }
      await this.#load();
      const tried = new Set(group.map((it) => `${it.instanceKey} ${it.elementId}`));
      const open = this.found?.items.filter((it) => tried.has(`${it.instanceKey} ${it.elementId}`)).length ?? 0;
      this.said = `${group.length} were tried again: ${group.length - open} went on, ${open} failed again`;
    } catch (error) {
      this.problem = error as Error;
    }
  }

  /** Tries again what an incident holds up; what comes of it is told when the board is read again. */
  async #retry(it: ListedIncident): Promise<void> {
    try {
      await server.resolve(it.key);
      await this.#load();
      const again = this.found?.items.find((one) => one.instanceKey === it.instanceKey && one.elementId === it.elementId);
      this.said = again ? `${it.elementId} was tried again and failed again: ${again.message}` : `${it.elementId} was tried again and went on`;
    } catch (error) {
      this.problem = error as Error;
    }
  }

  override render() {
    const groups = new Map<string, ListedIncident[]>();
    for (const it of this.found?.items ?? []) {
      const name = `${it.errorType}\n${it.elementId}\n${it.processId}\n${it.version}`;
      groups.set(name, [...(groups.get(name) ?? []), it]);
    }
    return html`
      <div class="head"><h1>Incidents</h1><span class="dim">${this.found ? `${count(this.found.total)} open` : ""}</span>
        <span class="space"></span><button @click=${() => void this.#load()} ?hidden=${!this.isServer}>Refresh</button></div>
      <p class="dim" ?hidden=${!this.found?.items.length}>Each opens on the record that raised it.</p><br />
      ${this.said ? html`<div class="notice said" role="status"><span>${this.said}</span></div>` : nothing}
      ${this.problem ? html`<div class="notice" role="alert"><b>not done</b><span>${this.problem.message}</span></div>` : nothing}
      ${this.found?.items.length === 0 ? html`<div class="empty"><h2>No open incidents</h2><p>Nothing waits for a person.</p></div>` : nothing}
      ${[...groups.values()].map((group) => this.#group(group))}
      ${this.found?.next ? html`<div class="empty"><button @click=${() => void this.#load(this.found!.next!)}>More</button></div>` : nothing}`;
  }

  #group(group: ListedIncident[]) {
    const first = group[0]!;
    return html`<section class="group">
      <h2><span class="chip incident">▲ ${group.length}</span>${first.errorType.toLowerCase().replaceAll("_", " ")}
        <span class="dim">at ${first.elementId} of ${first.processId}${first.version === null ? "" : ` v${first.version}`}</span>
        ${this.isServer && group.length > 1 ? html`<button title="have the engine try all of them again" @click=${() => void this.#retryAll(group)}>Retry all ${group.length}</button>` : nothing}</h2>
      <table><thead><tr><th>What was expected, what was found</th><th>Instance</th><th class="wide">Since</th>${this.isServer ? html`<th><span class="visually-hidden">What can be done</span></th>` : nothing}</tr></thead>
      <tbody>${group.map((it) => html`<tr @click=${() => go("instance", it.instanceKey)}>
        <td class="message">${it.message}</td>
        <td><a href="#/instance/${it.instanceKey}" @click=${(event: Event) => event.stopPropagation()}>${it.instanceKey}</a></td>
        <td class="wide">${when(it.created)}</td>
        ${this.isServer ? html`<td class="do"><button title="have the engine try again what the incident holds up" @click=${(event: Event) => {
          event.stopPropagation();
          void this.#retry(it);
        }}>Retry</button></td>` : nothing}</tr>`)}</tbody></table>
    </section>`;
  }

  static override styles = [shared, listStyle];
}

/** Returns the incidents that are open at the end of a file. */
async function ofFile(session: Session | null): Promise<Found<ListedIncident>> {
  const items: ListedIncident[] = [];
  for (const it of session?.instances ?? []) {
    if (it.incidents.length === 0 || items.length >= 500) continue;
    const records = await session!.core.ask("describe", [Float64Array.from(it.incidents)]);
    for (const record of records) {
      items.push({
        key: record.key ?? "", instanceKey: it.key, processId: it.processId, version: it.version, elementId: record.elementId ?? "",
        errorType: record.intent, message: record.text, created: new Date(record.timestamp).toISOString(), state: "active",
      });
    }
  }
  return { items, total: items.length, isTruncated: false, next: null };
}

customElements.define("studio-incidents", StudioIncidents);

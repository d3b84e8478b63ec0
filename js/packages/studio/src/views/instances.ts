// The list of process instances: of a server, page by page, or of a file.
import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { change, go } from "../core/place.js";
import type { Where } from "../core/place.js";
import * as server from "../core/server.js";
import type { Found, Listed } from "../core/server.js";
import type { Session } from "../core/session.js";
import { count } from "../parts/format.js";
import { shared } from "../style/shared.js";
import { listStyle } from "../style/list.js";
import { when } from "./when.js";

export class StudioInstances extends LitElement {
  static override properties = {
    session: { attribute: false },
    where: { attribute: false },
    isServer: { attribute: false },
    found: { state: true },
    problem: { state: true },
  };
  /** The open file; none on a server. */
  declare session: Session | null;
  declare where: Where;
  declare isServer: boolean;
  declare found: Found<Listed> | null;
  declare problem: Error | null;
  #asked = 0;

  constructor() {
    super();
    this.session = null;
    this.isServer = false;
    this.found = null;
    this.problem = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("where") || changed.has("session") || changed.has("isServer")) void this.#load();
  }

  async #load(after?: string): Promise<void> {
    const asked = ++this.#asked;
    const query = this.where.with;
    const wanted = {
      state: query.get("state") ?? "",
      processId: query.get("process") ?? "",
      hasIncident: query.get("incident") === "yes",
      key: query.get("key") ?? "",
      ...(after ? { after } : {}),
    };
    try {
      const found = this.isServer ? await server.instances(wanted) : ofFile(this.session, wanted);
      if (asked !== this.#asked) return;
      if (after && this.found) found.items.unshift(...this.found.items);
      this.found = found;
      this.problem = null;
    } catch (error) {
      if (asked === this.#asked) this.problem = error as Error;
    }
  }

  override render() {
    const query = this.where.with;
    const isFiltered = ["state", "process", "incident", "key"].some((name) => query.get(name));
    return html`
      <div class="head"><h1>Instances</h1>
        <span class="dim">${this.found ? `${count(this.found.total)}${this.found.isTruncated ? "+" : ""}` : ""}</span>
        <span class="space"></span>
        <button @click=${() => void this.#load()} ?hidden=${!this.isServer}>Refresh</button>
      </div>
      <form class="filters" @submit=${(event: Event) => event.preventDefault()}>
        <label>State <select @change=${(event: Event) => change({ state: (event.target as HTMLSelectElement).value })}>
          ${[["", "any"], ["ACTIVE", "active"], ["COMPLETED", "completed"], ["TERMINATED", "terminated"]].map(([value, text]) =>
            html`<option value=${value!} ?selected=${(query.get("state") ?? "") === value}>${text}</option>`)}
        </select></label>
        <label>Process <input .value=${query.get("process") ?? ""} placeholder="id, such as order" @change=${this.#typed("process")} /></label>
        <label>Key <input .value=${query.get("key") ?? ""} placeholder="of the instance" inputmode="numeric" @change=${this.#typed("key")} /></label>
        <label class="check"><input type="checkbox" .checked=${query.get("incident") === "yes"}
          @change=${(event: Event) => change({ incident: (event.target as HTMLInputElement).checked ? "yes" : null })} /> with an incident</label>
      </form>
      ${this.problem ? html`<div class="notice" role="alert"><b>not listed</b><span>${this.problem.message}</span></div>` : nothing}
      ${this.found ? this.#table(this.found, isFiltered) : this.problem ? nothing : html`<div class="empty"><p>…</p></div>`}`;
  }

  #typed(name: string) {
    return (event: Event) => change({ [name]: (event.target as HTMLInputElement).value.trim() });
  }

  #table(found: Found<Listed>, isFiltered: boolean): TemplateResult {
    if (found.items.length === 0) return isFiltered ? this.#nothingFits() : this.#nothingThere();
    return html`<table>
      <thead><tr><th>Process</th><th>State</th><th>Key</th><th class="wide">Business id</th><th>Started</th><th class="wide">Ended</th></tr></thead>
      <tbody>${found.items.map((it) => html`<tr @click=${() => go("instance", it.key)}>
        <td><a href="#/instance/${it.key}" @click=${(event: Event) => event.stopPropagation()}>${it.name ?? it.processId}</a>
          <span class="dim">v${it.version}</span></td>
        <td><span class="chip ${it.hasIncident ? "incident" : it.state}">${it.hasIncident ? "▲ incident" : it.state}</span></td>
        <td><code>${it.key}</code></td>
        <td class="wide">${it.businessId ?? html`<span class="dim">–</span>`}</td>
        <td>${when(it.started)}</td>
        <td class="wide">${it.ended ? when(it.ended) : html`<span class="dim">–</span>`}</td>
      </tr>`)}</tbody></table>
      ${found.next ? html`<div class="more"><button @click=${() => void this.#load(found.next!)}>More</button></div>` : nothing}`;
  }

  #nothingFits(): TemplateResult {
    return html`<div class="empty"><h2>No instance fits these filters</h2>
      <button @click=${() => change({ state: null, process: null, incident: null, key: null })}>Take the filters away</button></div>`;
  }

  #nothingThere(): TemplateResult {
    return html`<div class="empty"><h2>No instances yet</h2><p>Deploy a process and create one:</p>
      <code>dacapo deploy order.bpmn</code></div>`;
  }

  static override styles = [shared, listStyle, css`
    .more { padding: 14px; text-align: center; }`];
}

function ofFile(session: Session | null, wanted: server.Wanted): Found<Listed> {
  const all = session?.instances ?? [];
  const items = all
    .filter((it) => !wanted.state || it.state === wanted.state.toLowerCase())
    .filter((it) => !wanted.processId || it.processId === wanted.processId)
    .filter((it) => !wanted.hasIncident || it.incidents.length > 0)
    .filter((it) => !wanted.key || it.key === wanted.key)
    .reverse();
  const shown = items.slice(0, 500).map((it): Listed => ({
    key: it.key, processId: it.processId, name: null, version: it.version, state: it.state, hasIncident: it.incidents.length > 0,
    started: new Date(it.created).toISOString(), ended: null, tenant: it.tenant, businessId: it.businessId,
  }));
  return { items: shown, total: items.length, isTruncated: false, next: null };
}

customElements.define("studio-instances", StudioInstances);

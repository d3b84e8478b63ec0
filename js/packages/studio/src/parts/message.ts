// The message lab: who would take a message, found out by the engine itself in a fork that is thrown away.
import { LitElement, css, html, nothing } from "lit";
import type { Problem, Plain, InstanceInfo } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { go } from "../core/place.js";
import { shared } from "../style/shared.js";
import { count } from "./format.js";

interface Subscription { name: string; key: string; instance: string }
interface Taker { intent: string; instance: string | null }

export class StudioMessage extends LitElement {
  static override properties = {
    session: { attribute: false },
    info: { attribute: false },
    at: { type: Number },
    open: { state: true },
    takers: { state: true },
    problem: { state: true },
    name: { state: true },
    key: { state: true },
  };
  declare session: Session;
  declare info: InstanceInfo | null;
  declare at: number;
  declare open: Subscription[] | null;
  declare takers: Taker[] | null;
  declare problem: Problem | null;
  declare name: string;
  declare key: string;
  #for = -1;

  constructor() {
    super();
    this.info = null;
    this.at = 0;
    this.open = null;
    this.takers = null;
    this.problem = null;
    this.name = "";
    this.key = "";
  }

  override updated(): void {
    if (this.#for === this.at) return;
    this.#for = this.at;
    void this.#look();
  }

  /** Lists what waits for messages here. */
  async #look(): Promise<void> {
    const tables = await this.session.core.ask("state", [this.at]);
    const rows = tables.get("subscriptions") ?? [];
    this.takers = null;
    this.open = rows.map(({ row }) => {
      const parts = row as Map<string, Plain>;
      const correlation = parts.get("correlation") as Map<string, Plain>;
      return {
        name: String(correlation.get("name")), key: String(correlation.get("correlation_key")), instance: String(parts.get("instance")),
      };
    });
  }

  async #send(): Promise<void> {
    this.problem = null;
    this.takers = null;
    const core = this.session.core;
    const info = this.info;
    if (!info) return;
    const { id } = await core.ask("fork", [this.at, info.key]);
    try {
      const body = { message_name: this.name, correlation_key: this.key, time_to_live_ms: 0, variables: {} };
      const command = { intent: "message.publish", actor: "studio", tenant: info.tenant, body };
      const state = await core.ask("forkSubmit", [id, JSON.stringify(command)]);
      this.problem = state.rejection;
      this.takers = state.frames.flatMap((frame) => takers(frame));
    } catch (error) {
      this.problem = error as Problem;
    } finally {
      await core.ask("forkClose", [id]);
    }
  }

  override render() {
    return html`
      <form @submit=${(event: Event) => {
        event.preventDefault();
        void this.#send();
      }}>
        <h2>Who would take this message?</h2>
        <label>Name <input .value=${this.name} required @input=${(event: Event) => (this.name = (event.target as HTMLInputElement).value)} /></label>
        <label>Correlation key <input .value=${this.key} @input=${(event: Event) => (this.key = (event.target as HTMLInputElement).value)} /></label>
        <button class="primary">Try at record ${count(this.at)}</button>
        <p class="dim">The engine publishes it in a fork that is thrown away. Nothing is sent.</p>
      </form>
      ${this.problem ? html`<div class="notice" role="alert"><b>refused</b><span>${this.problem.message}</span></div>` : nothing}
      ${this.takers && !this.problem ? html`<section role="status">${this.takers.length === 0
        ? html`<b>Nobody${this.session.slice ? " here" : ""}.</b> <span class="dim">Nothing that waits has this name and key.${this.session.slice ? " Of other instances nothing is known here: load the whole log to ask them too." : ""}</span>`
        : this.takers.map((it) => html`<p><b class="good">Taken</b> by ${it.instance
          ? html`<button class="plain" @click=${() => go("instance", it.instance)}>instance ${it.instance}</button>` : "a new instance"}</p>`)}</section>` : nothing}
      <section><h2>What waits for messages here <span class="dim">${this.open ? count(this.open.length) : ""}</span></h2>
        ${this.open?.length === 0 ? html`<p class="dim">Nothing at this record.</p>` : nothing}
        <ul>${this.open?.slice(0, 100).map((it) => html`<li><button class="plain" title="take over name and key" @click=${() => {
          this.name = it.name;
          this.key = it.key;
        }}><code>${it.name}</code> with key <code>${it.key}</code></button></li>`)}</ul></section>`;
  }

  static override styles = [shared, css`
    :host { display: block; }
    form { display: grid; gap: 8px; padding: 12px; border-bottom: 1px solid var(--line); justify-items: start; }
    h2 { font-size: 12.5px; font-weight: 650; }
    label { display: grid; grid-template-columns: 110px minmax(0, 1fr); align-items: center; width: 100%; }
    section { padding: 10px 12px; border-bottom: 1px solid var(--line); }
    .notice { margin: 10px 12px; }
    ul { margin: 4px 0 0; padding: 0; list-style: none; } li button { padding: 0 4px; max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
  `];
}

/** Lists what took a message in a step. */
function takers(frame: string): Taker[] {
  const { records } = JSON.parse(frame) as { records: { intent: string; body: { process_instance_key?: string } }[] };
  const taking = records.filter((it) => /subscription\.correlated$/.test(it.intent));
  return taking.map((it) => ({ intent: it.intent, instance: it.body.process_instance_key ?? null }));
}

customElements.define("studio-message", StudioMessage);

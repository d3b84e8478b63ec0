// Another future: commands that were never given, a clock of one's own. Nothing of it gets into a log.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { addressOf, calls } from "../core/calls.js";
import type { Given } from "../core/calls.js";
import { listen } from "../core/keys.js";
import type { Data, ForkState, InstanceInfo, Problem, View, Wait, Why } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { brief, count, json, span, time } from "./format.js";

/** A fork, and the end of the log that it is compared with. */
export interface Forked { id: number; state: ForkState; original: View }

/** Leaves the log of an instance after a record. */
export async function forkAt({ core }: Session, info: InstanceInfo, at: number): Promise<Forked> {
  const { id, ...state } = await core.ask("fork", [at, info.key]);
  return { id, state, original: await core.ask("view", [info.to ?? at, info.key]) };
}

export class StudioFork extends LitElement {
  static override properties = {
    session: { attribute: false },
    info: { attribute: false },
    forked: { attribute: false },
    at: { type: Number },
    problem: { state: true },
  };
  declare session: Session;
  declare info: InstanceInfo | null;
  declare forked: Forked | null;
  declare at: number;
  declare problem: Problem | null;
  #stop: (() => void) | null = null;
  /** What was asked for in this fork and was not refused. */
  #given: Given[] = [];

  constructor() {
    super();
    this.info = null;
    this.forked = null;
    this.at = 0;
    this.problem = null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = listen((action) => action === "due" && this.#due());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  /** Lets time pass until the first timer of the instance is due. */
  #due(): void {
    const waits = this.forked?.state.why ? leaves(this.forked.state.why).map(([, wait]) => wait) : [];
    const times = waits.flatMap((it) => (it.kind === "timer" ? [it.due] : []));
    if (times.length > 0) void this.#advance(Math.min(...times));
  }

  async #begin(): Promise<void> {
    const info = this.info;
    if (!info) return;
    await this.#end();
    this.#given = [];
    this.#tell(await forkAt(this.session, info, this.at));
  }

  async #end(): Promise<void> {
    this.problem = null;
    if (!this.forked) return;
    const { id } = this.forked;
    this.#tell(null);
    await this.session.core.ask("forkClose", [id]);
  }

  #tell(forked: Forked | null): void {
    this.dispatchEvent(new CustomEvent("forked", { detail: forked, bubbles: true, composed: true }));
  }

  /** Steps a command in the fork. `body` is JSON as it was typed, so that its numbers stay exact. */
  async #submit(intent: string, key: string | null, body: Record<string, string>): Promise<void> {
    const parts = Object.entries(body).map(([name, value]) => `${JSON.stringify(name)}:${value}`);
    const command = `{"intent":${JSON.stringify(intent)}${key ? `,"key":"${key}"` : ""},"actor":"studio","tenant":${JSON.stringify(this.info?.tenant)},"body":{${parts.join(",")}}}`;
    await this.#change(() => this.session.core.ask("forkSubmit", [this.forked!.id, command]));
    if (this.problem) return;
    this.#given.push({ intent, body });
    this.requestUpdate();
  }

  async #change(change: () => Promise<ForkState>): Promise<void> {
    try {
      const state = await change();
      this.problem = state.rejection;
      this.#tell({ ...this.forked!, state });
    } catch (error) {
      const { name, message, code } = error as Problem;
      this.problem = { name, message, ...(code ? { code } : {}) };
    }
  }

  override render() {
    const forked = this.forked;
    if (!forked) {
      return html`<div class="empty"><h2>What if?</h2>
        <p>Leave the log after record ${count(this.at)} and let the engine go on from there: with another variable, another result of a job, a later time. Nothing of it gets into the log.</p>
        <button class="primary" @click=${() => void this.#begin()}>Fork at record ${count(this.at)}</button></div>`;
    }
    const { state } = forked;
    return html`
      <div class="head"><span>left the log after record <b>${count(state.leftAt)}</b></span>
        <span><button class="plain" @click=${() => void this.#begin()}>Fork again here</button><button class="plain" @click=${() => void this.#end()}>Discard</button></span></div>
      ${this.problem ? html`<div class="notice" role="alert"><b>${this.problem.code ?? this.problem.name}</b><span>${this.problem.message}</span></div>` : nothing}
      <section><h2>What it waits for</h2>
        ${state.why ? leaves(state.why).map(([at, wait]) => this.#action(at, wait)) : html`<p class="dim">Nothing: the instance has ended in this future.</p>`}
      </section>
      ${state.why ? html`<section><h2>Set a variable</h2>${this.#form("variable.set", "Set", html`
        <input name="name" aria-label="Name" placeholder="name" required />
        <input name="value" aria-label="Value as JSON" placeholder='value as JSON: 12, "text", {"a": 1}' required />`,
        (data) => this.#submit("variable.set", null, {
          scope_key: `"${this.info?.key}"`, variables: `{${JSON.stringify(data.get("name"))}:${checked(data.get("value"))}}`,
        }))}</section>` : nothing}
      <section><h2>Let time pass <span class="dim">it is ${time(state.now)}</span></h2>${this.#form("clock", "Advance", html`
        <input name="amount" type="number" min="1" step="1" value="1" aria-label="How many" required />
        <select name="unit" aria-label="Unit">${[["60000", "minutes"], ["3600000", "hours"], ["86400000", "days"]].map(([ms, name]) => html`<option value=${ms!}>${name}</option>`)}</select>`,
        (data) => this.#advance((state.now ?? 0) + Number(data.get("amount")) * Number(data.get("unit"))))}</section>
      ${this.#differences(forked)}
      <section><h2>Steps of this future <span class="dim">${count(state.frames.length)}</span></h2>
        ${state.frames.length === 0 ? html`<p class="dim">None so far.</p>` : html`<ol>${state.frames.map((frame) => step(frame))}</ol>`}
        ${this.#given.length === 0 ? nothing : html`<details><summary>The same on a server</summary>
          <p class="dim">Read it first: keys that were born in this fork are others there, and time passes by itself.</p>
          <pre tabindex="0">${calls(this.#given, addressOf(this.session))}</pre></details>`}</section>`;
  }

  async #advance(ms: number): Promise<void> {
    await this.#change(() => this.session.core.ask("forkAdvance", [this.forked!.id, ms]));
  }

  #action(at: string, wait: Wait): TemplateResult {
    const title = (text: TemplateResult | string) => html`<h3>${text} <span class="dim">at ${at}</span></h3>`;
    const variables = (text = "{}") => html`<textarea name="variables" rows="2" aria-label="Variables as JSON" .value=${text} spellcheck="false"></textarea>`;
    const sent = (data: FormData) => checked(data.get("variables"));
    switch (wait.kind) {
      case "job":
        return html`<div class="action">${title(html`job <code>${wait.jobType}</code>`)}
          ${this.#form("job.complete", "Complete", variables(), (data) =>
            this.#submit("job.complete", wait.key, { job_key: `"${wait.key}"`, variables: sent(data) }))}
          <div class="others"><button @click=${() => void this.#submit("job.fail", wait.key, {
            job_key: `"${wait.key}"`, retries: String(Math.max(0, wait.retries - 1)), error_message: '"failed in a fork"', variables: "{}",
          })}>Fail (${Math.max(0, wait.retries - 1)} retries left)</button>
          ${this.#form("job.throw_error", "Throw error", html`<input name="code" aria-label="Error code" placeholder="error code" required />`, (data) =>
            this.#submit("job.throw_error", wait.key, { job_key: `"${wait.key}"`, error_code: JSON.stringify(data.get("code")), variables: "{}" }))}</div></div>`;
      case "timer":
        return html`<div class="action">${title(html`timer <code>${wait.eventId}</code>`)}
          <button @click=${() => void this.#advance(wait.due)}>Advance to ${time(wait.due)}${this.forked?.state.now ? html` <span class="dim">in ${span(wait.due - this.forked.state.now)}</span>` : nothing}</button></div>`;
      case "message":
        return html`<div class="action">${title(html`message <code>${wait.name}</code>${wait.correlationKey ? html` with key <code>${wait.correlationKey}</code>` : nothing}`)}
          ${this.#form("message.publish", "Publish", variables(), (data) => this.#submit("message.publish", null, {
            message_name: JSON.stringify(wait.name), correlation_key: JSON.stringify(wait.correlationKey), time_to_live_ms: "0", variables: sent(data),
          }))}</div>`;
      case "incident":
        return html`<div class="action incident">${title(html`incident ${wait.incidentKind.toLowerCase().replaceAll("_", " ")}`)}
          <p class="dim">Set what is wrong below, then try again.</p>
          <button @click=${() => void this.#submit("incident.resolve", wait.key, { incident_key: `"${wait.key}"` })}>Try again</button></div>`;
      default:
        return html`<div class="action">${title(wait.kind.replace("_", " "))}<p class="dim">It goes on by itself.</p></div>`;
    }
  }

  #form(name: string, text: string, fields: TemplateResult, act: (data: FormData) => Promise<void>): TemplateResult {
    return html`<form aria-label=${name} @submit=${(event: Event) => {
      event.preventDefault();
      const data = new FormData(event.target as HTMLFormElement);
      this.problem = null;
      try {
        void act(data);
      } catch (error) {
        this.problem = { name: "JSON", message: (error as Error).message };
      }
    }}>${fields}<button>${text}</button></form>`;
  }

  #differences({ state, original }: Forked): TemplateResult {
    const [log, fork] = [original.variables, state.variables];
    const names = [...new Set([...log.keys(), ...fork.keys()])];
    const cell = (all: ReadonlyMap<string, Data>, name: string) => all.has(name) ? brief(all.get(name), 200) : "–";
    const place = (why: Why | null) => why ? [...new Set(leaves(why).map(([at]) => at))].join(", ") || why.elementId : "ended";
    const differs = (name: string) => json(log.get(name)) !== json(fork.get(name)) || log.has(name) !== fork.has(name);
    return html`<section><h2>Both futures</h2><table>
      <thead><tr><th></th><th>as it happened</th><th>in the fork</th></tr></thead>
      <tbody><tr><th>waits at</th><td>${place(original.why)}</td><td>${place(state.why)}</td></tr>
      ${names.map((name) => html`<tr class=${differs(name) ? "differs" : ""}><th>${name}</th><td>${cell(log, name)}</td><td>${cell(fork, name)}</td></tr>`)}</tbody></table></section>`;
  }

  static override styles = [shared, css`
    :host { display: block; }
    .head { display: flex; justify-content: space-between; align-items: center; gap: 8px; flex-wrap: wrap; padding: 6px 12px; background: var(--accent-soft); border-bottom: 1px solid var(--line); }
    .head button { height: 24px; padding: 0 6px; color: var(--accent); font-size: 12px; }
    .notice { margin: 8px 12px; overflow-wrap: anywhere; }
    section { padding: 10px 12px; border-bottom: 1px solid var(--line); }
    h2 { margin-bottom: 6px; font-size: 12.5px; font-weight: 650; } h2 .dim, h3 .dim { font-weight: 400; }
    h3 { margin-bottom: 5px; font-size: 12px; font-weight: 600; }
    form { display: flex; gap: 6px; align-items: flex-start; }
    form > input { flex: 1 1 0; } form > input[name="name"] { flex: 0 1 110px; } form > input[type="number"] { flex: 0 0 80px; }
    .action { padding: 8px; margin-bottom: 8px; border: 1px solid var(--line); border-radius: var(--radius); }
    .action.incident { border-color: var(--bad); }
    .action p { margin-bottom: 6px; }
    .others { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px; }
    .others form { flex: 1; }
    table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 12px; }
    thead th { color: var(--dim); font-weight: 600; } th { width: 24%; text-align: left; font-weight: 500; vertical-align: top; }
    th, td { padding: 3px 6px 3px 0; overflow-wrap: anywhere; vertical-align: top; } td { font-family: var(--mono); }
    .differs { background: var(--warn-soft); }
    details { margin-top: 8px; } summary { cursor: pointer; color: var(--dim); }
    pre { margin: 6px 0 0; padding: 8px; border-radius: var(--radius); background: var(--raised); font: 11.5px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
    ol { margin: 0; padding-left: 20px; } li { margin-bottom: 4px; overflow-wrap: anywhere; } li .dim { font-size: 12px; }
  `];
}

/** Lists what is waited for, with the element that waits. */
function leaves(why: Why): [string, Wait][] {
  return [...why.waits.map((wait): [string, Wait] => [why.elementId, wait]), ...why.children.flatMap(leaves)];
}

/** Returns JSON as it was typed, if it is JSON. */
function checked(text: FormDataEntryValue | null): string {
  const typed = String(text ?? "").trim() || "{}";
  JSON.parse(typed);
  return typed;
}

function step(frame: string): TemplateResult {
  const { command, records } = JSON.parse(frame) as { command: { intent: string }; records: { intent: string; kind: string; body: { reason?: string } }[] };
  const refused = records.find((it) => it.kind === "rejection");
  return html`<li><b class=${refused ? "bad" : ""}>${refused ? "✕" : "▶"} ${command.intent}</b>
    <div class="dim">${refused ? refused.body.reason : records.map((it) => it.intent).join(" · ")}</div></li>`;
}

customElements.define("studio-fork", StudioFork);

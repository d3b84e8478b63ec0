// What is known of the place that is looked at: one tab at a time.
import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { change } from "../core/place.js";
import type { Where } from "../core/place.js";
import type { Change, InstanceInfo, RecordInfo, VariableWrite, View } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { KINDS, count, time } from "./format.js";
import "./bisect.js";
import "./changes.js";
import "./decided.js";
import "./export.js";
import "./feel.js";
import "./fork.js";
import type { Forked } from "./fork.js";
import "./message.js";
import "./state.js";
import "./variables.js";
import "./watches.js";
import "./why.js";

const TABS: readonly [string, string, boolean][] = [
  ["step", "Step", false], ["variables", "Variables", true], ["why", "Why", true], ["state", "State", false],
  ["fork", "Fork", true], ["bisect", "Bisect", true], ["feel", "FEEL", true], ["message", "Message", true], ["export", "Export", false],
];

export class StudioInspector extends LitElement {
  static override properties = {
    session: { attribute: false },
    where: { attribute: false },
    view: { attribute: false },
    info: { attribute: false },
    differences: { attribute: false },
    forked: { attribute: false },
    writes: { attribute: false },
    at: { type: Number },
    tab: { type: String },
  };
  declare session: Session;
  declare where: Where;
  declare view: View | null;
  declare info: InstanceInfo | null;
  declare differences: Change[] | null;
  declare forked: Forked | null;
  declare writes: readonly VariableWrite[];
  declare at: number;
  declare tab: string;

  constructor() {
    super();
    this.view = null;
    this.info = null;
    this.differences = null;
    this.forked = null;
    this.writes = [];
    this.at = 0;
    this.tab = "step";
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("tab")) this.renderRoot.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }

  override render() {
    // Fork and export have buttons of their own: their tabs are there while they are open.
    const isShown = (name: string) => name === this.tab || (name !== "export" && name !== "fork") || (name === "fork" && this.forked !== null);
    const tabs = TABS.filter(([name, , needsInstance]) => (this.info || !needsInstance) && isShown(name));
    const tab = tabs.some(([name]) => name === this.tab) ? this.tab : "step";
    return html`
      <div class="tabs" role="tablist" aria-label="Inspector" @keydown=${this.#moved}>
        ${tabs.map(([name, title]) => html`<button role="tab" id="tab-${name}" aria-selected=${tab === name} aria-controls="panel"
          tabindex=${tab === name ? 0 : -1} @click=${() => change({ tab: name })}>${title}</button>`)}
      </div>
      <studio-watches .view=${this.view} .writes=${this.writes} .instance=${this.info?.key ?? ""} .watch=${this.where.with.get("watch")}></studio-watches>
      <div class="panel" id="panel" role="tabpanel" aria-labelledby="tab-${tab}" tabindex="0">${this.#panel(tab)}</div>`;
  }

  #moved(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const buttons = [...this.renderRoot.querySelectorAll<HTMLButtonElement>("[role=tab]")];
    const index = buttons.findIndex((it) => it.getAttribute("aria-selected") === "true");
    const next = buttons[(index + by + buttons.length) % buttons.length];
    next?.click();
    next?.focus();
    event.preventDefault();
  }

  #panel(tab: string): TemplateResult {
    const view = this.view;
    if (!view) return html`<div class="empty" role="status"><p>…</p></div>`;
    switch (tab) {
      case "variables":
        if (!view?.variables.size) return html`<div class="empty"><p>No variable is visible in the instance at this record.</p></div>`;
        return html`<studio-variables .variables=${view.variables} .watch=${this.where.with.get("watch")}></studio-variables>`;
      case "why":
        return html`<studio-why .session=${this.session} .info=${this.info} .forked=${this.forked} .why=${view?.why ?? null}
          .at=${this.at} .now=${view?.place.timestamp ?? 0}></studio-why>`;
      case "state":
        return html`<studio-state .session=${this.session} .view=${view} .changes=${this.differences ?? view.changes} .instance=${this.where.key ?? ""}
          .only=${this.where.with.has("only")} .base=${this.where.with.get("base")}></studio-state>`;
      case "fork":
        return html`<studio-fork .session=${this.session} .forked=${this.forked} .info=${this.info} .at=${this.at}></studio-fork>`;
      case "bisect":
        return html`<studio-bisect .session=${this.session} .instance=${this.info?.key ?? ""} .at=${this.at}
          .expression=${this.where.with.get("when") ?? ""}></studio-bisect>`;
      case "feel":
        return html`<studio-feel .session=${this.session} .instance=${this.info?.key ?? ""} .at=${view.place.position} .tokens=${view.tokens}
          .expression=${this.where.with.get("feel") ?? ""}></studio-feel>`;
      case "message":
        return html`<studio-message .session=${this.session} .info=${this.info} .at=${this.at}></studio-message>`;
      case "export":
        return html`<studio-export .session=${this.session} .info=${this.info} .at=${this.at}></studio-export>`;
      default:
        return this.#step();
    }
  }

  #step(): TemplateResult {
    const record = this.view?.record;
    if (!record) return html`<div class="empty"><p>Before the first record there is nothing.</p></div>`;
    const kind = KINDS[record.kind] ?? KINDS[1]!;
    const base = this.where.with.get("base");
    return html`
      <section class="record">
        <h2 class=${kind.css}><span aria-hidden="true">${kind.sign}</span> ${record.intent}</h2>
        <p class="text">${record.text || nothing}</p>
        <dl>
          <dt>record</dt><dd>${count(record.position)}, ${kind.name}</dd>
          <dt>time</dt><dd>${time(record.timestamp)}</dd>
          ${record.key ? html`<dt>key</dt><dd><code>${record.key}</code></dd>` : nothing}
          ${record.elementId ? html`<dt>element</dt><dd><button class="link" @click=${() => change({ element: record.elementId })}>${record.elementId}</button></dd>` : nothing}
          <dt>caused by</dt><dd>${record.cause === null ? html`<span class="dim">the outside</span>` : this.#to(record.cause, "[")}</dd>
          <dt>caused</dt><dd>${this.#children()}</dd>
        </dl>
        ${record.intent === "decision.evaluated" ? html`<studio-decided .frame=${this.view?.frame ?? ""} .at=${record.position}></studio-decided>` : nothing}
        ${this.#way()}
        <details><summary>As it is stored</summary><pre tabindex="0">${pretty(this.view?.frame ?? "")}</pre></details>
      </section>
      <div class="title"><h2>${base ? html`Differences from record ${base}` : "What the step changed"}</h2>
        <button class="plain" aria-pressed=${base !== null} title="compare with this record from here on (d)"
          @click=${() => change({ base: base ? null : this.at })}>${base ? "Unpin" : "Pin"}</button></div>
      <studio-changes .changes=${this.differences ?? this.view?.changes ?? []}></studio-changes>`;
  }

  /** What led here, from the outside on, and what came of it: a tree, the record that is looked at in its middle. */
  #way(): TemplateResult | typeof nothing {
    const { causes = [], effects = [], children = [] } = this.view ?? {};
    if (causes.length + effects.length < 2) return nothing;
    const line = (it: RecordInfo, depth: number) => html`<li .style=${`padding-left:${Math.min(depth, 9) * 12}px`} aria-current=${it.position === this.at}>
      <button class="link" title="record ${it.position}: ${it.text}" @click=${() => this.#go(it.position)}><span aria-hidden="true">${KINDS[it.kind]?.sign}</span>
        ${it.intent}</button> <span class="dim">#${it.position} ${it.elementId ?? ""}</span></li>`;
    const more = children.length - effects.length;
    return html`<details open><summary>What led here, and what came of it</summary><ol class="way" aria-label="Causes and effects">
      ${causes.map((it, index) => line(it, index))}${effects.map((it) => line(it, causes.length))}
      ${more > 0 ? html`<li class="dim" .style=${`padding-left:${Math.min(causes.length, 9) * 12}px`}>and ${count(more)} more</li>` : nothing}</ol></details>`;
  }

  #go(position: number): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: position, bubbles: true, composed: true }));
  }

  #children(): TemplateResult {
    const children = this.view?.children ?? [];
    if (children.length === 0) return html`<span class="dim">nothing so far</span>`;
    const first = children[0]!;
    const last = children[children.length - 1]!;
    if (children.length > 3 && last - first === children.length - 1) return html`${this.#to(first, "]")} to ${this.#to(last)}`;
    return html`${children.slice(0, 8).map((it, index) => this.#to(it, index === 0 ? "]" : undefined))}`;
  }

  #to(position: number, key?: string): TemplateResult {
    return html`<button class="link" title=${key ? `go there (${key})` : "go there"} @click=${() => this.#go(position)}>#${position}</button> `;
  }

  static override styles = [shared, css`
    :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr); }
    .tabs { display: flex; height: 34px; padding: 0 4px; border-bottom: 1px solid var(--line); overflow-x: auto; scrollbar-width: none; }
    .tabs button { height: 34px; padding: 0 6px; font-size: 12.5px; border: 0; border-radius: 0; background: none; color: var(--dim); border-bottom: 2px solid transparent; }
    .tabs button:hover { color: var(--text); background: none; }
    .tabs button:focus-visible { outline-offset: -3px; }
    .tabs button[aria-selected="true"] { color: var(--text); font-weight: 650; border-bottom-color: var(--accent); }
    .panel { overflow: auto; overscroll-behavior: contain; }
    .panel:focus-visible { outline-offset: -2px; }
    .record { padding: 12px; border-bottom: 1px solid var(--line); }
    .record h2 { font-size: 14px; font-weight: 650; }
    .record h2 span { font-size: 11px; color: var(--dim); }
    .record h2.command span { color: var(--accent); }
    h2.incident, h2.rejection, h2.incident span, h2.rejection span { color: var(--bad); }
    .text { margin-top: 4px; overflow-wrap: anywhere; white-space: pre-wrap; max-height: 12em; overflow: auto; }
    dl { display: grid; grid-template-columns: 74px minmax(0, 1fr); gap: 3px 10px; margin: 10px 0 0; }
    dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
    .link { height: auto; padding: 0; border: 0; background: none; color: var(--accent); font: 12px/1.5 var(--mono); }
    .link:hover:not(:disabled) { background: none; text-decoration: underline; }
    .way { margin: 4px 0 0; padding: 0; list-style: none; line-height: 1.7; overflow: hidden; }
    .way li { white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
    .way [aria-current="true"] { background: var(--accent-soft); border-radius: 3px; } .way [aria-current="true"] .link { font-weight: 700; }
    details { margin-top: 8px; } summary { cursor: pointer; color: var(--dim); }
    pre { margin: 6px 0 0; padding: 8px; max-height: 320px; overflow: auto; border-radius: var(--radius); background: var(--raised); font: 11.5px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; }
    .title { display: flex; justify-content: space-between; align-items: center; padding: 6px 12px; background: var(--raised); border-bottom: 1px solid var(--line); }
    .title h2 { font-size: 12.5px; font-weight: 650; }
    .title button { height: 24px; }
  `];
}

/** Indents JSON without reading it: numbers stay as they are written. */
function pretty(text: string): string {
  let [out, depth, isInside] = ["", 0, false];
  for (let index = 0; index < text.length; index += 1) {
    const letter = text[index]!;
    if (letter === '"' && text[index - 1] !== "\\") isInside = !isInside;
    else if (letter === '"') {
      let slashes = 0;
      while (text[index - 1 - slashes] === "\\") slashes += 1;
      if (slashes % 2 === 0) isInside = !isInside;
    }
    const line = () => `\n${"  ".repeat(depth)}`;
    if (isInside || letter === '"') out += letter;
    else if (letter === "{" || letter === "[") {
      depth += 1;
      out += /[}\]]/.test(text[index + 1] ?? "") ? letter : letter + line();
    } else if (letter === "}" || letter === "]") {
      depth -= 1;
      out += /[{[]/.test(text[index - 1] ?? "") ? letter : line() + letter;
    } else if (letter === ",") out += letter + line();
    else out += letter === ":" ? ": " : letter;
  }
  return out;
}

customElements.define("studio-inspector", StudioInspector);

// What an instance waits for, as a tree.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import type { Wait, Why } from "../core/protocol.js";
import { shared } from "../style/shared.js";
import { span, time } from "./format.js";

export class StudioWhy extends LitElement {
  static override properties = { why: { attribute: false }, now: { type: Number } };
  declare why: Why | null;
  declare now: number;

  constructor() {
    super();
    this.why = null;
    this.now = 0;
  }

  override render() {
    if (!this.why) {
      return html`<div class="empty"><h2>Nothing to wait for</h2><p>The instance is not running at this record.</p></div>`;
    }
    return html`<ul role="tree" aria-label="What the instance waits for">${this.#node(this.why)}</ul>`;
  }

  #node(it: Why): TemplateResult {
    return html`<li role="treeitem" aria-selected="false">
      <div class="element"><b>${it.elementId}</b> <span class="dim">${it.elementType.toLowerCase().replaceAll("_", " ")}</span></div>
      ${it.waits.map((wait) => this.#wait(wait))}
      ${it.children.length ? html`<ul role="group">${it.children.map((child) => this.#node(child))}</ul>` : nothing}
    </li>`;
  }

  #wait(it: Wait): TemplateResult {
    const parts = this.#said(it);
    return html`<div class="wait ${it.kind}"><span class="kind">${it.kind.replace("_", " ")}</span><span>${parts}</span></div>`;
  }

  #said(it: Wait): TemplateResult | string {
    switch (it.kind) {
      case "job": {
        const who = it.worker ? html`, last with worker <code>${it.worker}</code>` : nothing;
        return html`a worker for <code>${it.jobType}</code>: ${it.state.replaceAll("_", " ")}${who}; ${it.retries} retries left`;
      }
      case "timer":
        return html`until ${time(it.due)} at <code>${it.eventId}</code>, ${this.#until(it.due)}`;
      case "message":
        return html`message <code>${it.name}</code>${it.correlationKey ? html` with key <code>${it.correlationKey}</code>` : nothing} at <code>${it.eventId}</code>`;
      case "incident":
        return html`<b>${it.incidentKind.toLowerCase().replaceAll("_", " ")}</b><br /><span class="message">${it.message}</span>`;
      case "join":
        return html`tokens of ${it.absent.map((id) => html`<code>${id}</code> `)} at <code>${it.elementId}</code>; there: ${it.present.map((id) => html`<code>${id}</code> `)}`;
      case "parked_work":
        return "its own work, which goes on by itself";
      case "ending":
        return "what is inside to end";
    }
  }

  #until(due: number): string {
    const left = due - this.now;
    return left >= 0 ? `in ${span(left)}` : `${span(-left)} ago`;
  }

  static override styles = [shared, css`
    :host { display: block; padding: 10px 12px; }
    ul { margin: 0; padding: 0; list-style: none; }
    ul ul { margin-left: 8px; padding-left: 12px; border-left: 1px solid var(--line); }
    li { margin: 4px 0; }
    .element { margin-bottom: 2px; }
    .wait { display: grid; grid-template-columns: 74px minmax(0, 1fr); gap: 8px; margin: 4px 0; padding: 6px 8px; border-radius: var(--radius); background: var(--raised); overflow-wrap: anywhere; }
    .kind { color: var(--dim); font-size: 11.5px; font-weight: 600; }
    .incident { background: var(--bad-soft); }
    .incident .kind { color: var(--bad); }
    .message { white-space: pre-wrap; }
  `];
}

customElements.define("studio-why", StudioWhy);

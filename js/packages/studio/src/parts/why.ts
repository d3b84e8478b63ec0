// What an instance waits for, as a tree.
import { LitElement, css, html, nothing } from "lit";
import type { TemplateResult } from "lit";
import { addressOf, calls, remedies } from "../core/calls.js";
import { change } from "../core/place.js";
import type { InstanceInfo, NearMiss, Wait, Why } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { forkAt } from "./fork.js";
import type { Forked } from "./fork.js";
import { span, time } from "./format.js";

export class StudioWhy extends LitElement {
  static override properties = {
    session: { attribute: false }, info: { attribute: false }, forked: { attribute: false },
    why: { attribute: false }, at: { type: Number }, now: { type: Number }, copied: { state: true },
  };
  declare session: Session;
  declare info: InstanceInfo | null;
  declare forked: Forked | null;
  declare why: Why | null;
  declare at: number;
  declare now: number;
  /** The lines that were copied last. */
  declare copied: string;

  constructor() {
    super();
    this.why = this.info = this.forked = null;
    this.at = this.now = 0;
    this.copied = "";
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
    return html`<div class="wait ${it.kind}"><span class="kind">${it.kind.replace("_", " ")}</span><div>${this.#said(it)}
      ${"nearMisses" in it && it.nearMisses.length ? html`<ul class="near" aria-label="What nearly ended it">${it.nearMisses.map((near) => html`<li>${this.#near(near)}</li>`)}</ul>` : nothing}
      ${this.#remedy(it)}</div></div>`;
  }

  /** The line that would end a wait, and the way to try it where it harms nobody. */
  #remedy(it: Wait): TemplateResult | typeof nothing {
    const lines = calls(remedies(it), addressOf(this.session));
    if (!("remedies" in it) || it.remedies.length === 0) return nothing;
    return html`<div class="remedy">
      ${it.kind === "incident" ? html`<p class="dim">When what is wrong is repaired:</p>` : nothing}
      ${lines ? html`<pre tabindex="0">${lines}</pre><button @click=${() => void this.#copy(lines)}>${this.copied === lines ? "Copied" : "Copy"}</button>` : nothing}
      <button @click=${() => void this.#try()}>Try in a fork</button></div>`;
  }

  async #copy(lines: string): Promise<void> {
    // Where the browser does not let the page copy, one click selects the line.
    this.copied = await navigator.clipboard.writeText(lines).then(() => lines, () => "");
  }

  async #try(): Promise<void> {
    if (!this.info) return;
    if (this.forked) await this.session.core.ask("forkClose", [this.forked.id]);
    this.dispatchEvent(new CustomEvent("forked", { detail: await forkAt(this.session, this.info, this.at), bubbles: true, composed: true }));
    change({ tab: "fork" });
  }

  #near(it: NearMiss): TemplateResult {
    const found = html`<code>${it.found || "(none)"}</code>`;
    const until = it.until === null ? nothing : html` until ${time(it.until)}`;
    switch (it.kind) {
      case "other_key":
        return html`a message of this name is there with key ${found}${until} ${this.#to(it.position)}`;
      case "other_name":
        return html`a message with this key is there by the name ${found}${until} ${this.#to(it.position)}`;
      case "taken":
        return html`another instance of the process had the message that is there ${this.#to(it.position)}`;
      case "lost":
        return html`a message of this name with key ${found} came when nobody waited ${this.#to(it.position)}`;
      case "expired":
        return html`a message of this name and key was there${until}, before the wait began ${this.#to(it.position)}`;
      case "never_taken":
        return html`no worker has taken a job of type ${found} so far${it.position === null ? nothing : html`; the first one does ${this.#to(it.position)}`}`;
    }
  }

  #to(position: number | null): TemplateResult | typeof nothing {
    if (position === null) return nothing;
    const go = () => this.dispatchEvent(new CustomEvent("choose", { detail: position, bubbles: true, composed: true }));
    return html`<button class="link" title="go there" @click=${go}>#${position}</button>`;
  }

  #said(it: Wait): TemplateResult | string {
    switch (it.kind) {
      case "job": {
        const who = it.worker ? html`, last with worker <code>${it.worker}</code>` : nothing;
        const until = it.until === null ? nothing : html` until ${time(it.until)}`;
        return html`a worker for <code>${it.jobType}</code>: ${it.state.replaceAll("_", " ")}${until}${who}; ${it.retries} retries left`;
      }
      case "timer":
        return html`until ${time(it.due)} at <code>${it.eventId}</code>, ${this.#until(it.due)}`;
      case "message":
        return html`message <code>${it.name}</code>${it.correlationKey ? html` with key <code>${it.correlationKey}</code>` : nothing} at <code>${it.eventId}</code>`;
      case "incident":
        return html`<b>${it.incidentKind.toLowerCase().replaceAll("_", " ")}</b><br /><span class="message">${it.message}</span> ${this.#to(it.position)}`;
      case "join":
        return html`tokens of ${it.absent.map((id) => html`<code>${id}</code> `)} at <code>${it.elementId}</code>; there: ${it.present.map((id) => html`<code>${id}</code> `)}
          ${it.dead.length ? html`<br /><b>nothing can come any more by ${it.dead.map((id) => html`<code>${id}</code> `)}</b>` : nothing}`;
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
    .near { margin: 4px 0 0; padding: 0; border: 0; color: var(--dim); font-size: 12px; } .near li { margin: 2px 0; } .near li::before { content: "≈ "; }
    .link { height: auto; padding: 0; border: 0; background: none; color: var(--accent); font: 12px/1.5 var(--mono); }
    .remedy { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px; } .remedy p { flex-basis: 100%; font-size: 12px; }
    .remedy button { height: 24px; font-size: 12px; }
    pre { flex-basis: 100%; margin: 0; padding: 6px 8px; border-radius: var(--radius); background: var(--panel); font: 11.5px/1.5 var(--mono); white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
  `];
}

customElements.define("studio-why", StudioWhy);

// When did it begin: an expression in FEEL over the state, and the records where it turns true or false.
import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues } from "lit";
import { change } from "../core/place.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { count } from "./format.js";

interface Flip { position: number; holds: boolean }
const EXAMPLES = ["count(incidents) > 0", 'list contains(elements, "charge-card")', "not(active)"];

export class StudioBisect extends LitElement {
  static override properties = {
    session: { attribute: false },
    instance: { type: String },
    expression: { type: String },
    at: { type: Number },
    flips: { state: true },
    problem: { state: true },
  };
  declare session: Session;
  declare instance: string;
  declare expression: string;
  declare at: number;
  declare flips: Flip[] | null;
  declare problem: Error | null;
  #search = new AbortController();

  constructor() {
    super();
    this.instance = "";
    this.expression = "";
    this.at = 0;
    this.flips = null;
    this.problem = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("expression") || changed.has("instance")) void this.#run();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#search.abort();
  }

  async #run(): Promise<void> {
    this.#search.abort();
    this.#search = new AbortController();
    const { signal } = this.#search;
    this.flips = null;
    this.problem = null;
    if (!this.expression) return;
    try {
      const flips = await this.session.core.ask("bisect", [this.expression, this.instance], { signal });
      if (!signal.aborted) this.flips = flips;
    } catch (error) {
      if (!signal.aborted) this.problem = error as Error;
    }
  }

  override render() {
    return html`
      <form @submit=${(event: Event) => {
        event.preventDefault();
        change({ when: String(new FormData(event.target as HTMLFormElement).get("when") ?? "") });
      }}>
        <label for="when">Find where this turns true</label>
        <div class="line"><input id="when" name="when" .value=${this.expression} placeholder=${EXAMPLES[0]!} autocomplete="off" spellcheck="false" /><button class="primary">Find</button></div>
        <p class="dim">FEEL over the instance: its variables by name, and <code>elements</code> (where it is), <code>incidents</code>, <code>active</code>, <code>position</code>.</p>
        <p class="examples">${EXAMPLES.map((it) => html`<button type="button" @click=${() => change({ when: it })}><code>${it}</code></button>`)}</p>
      </form>
      ${this.problem ? html`<div class="notice" role="alert"><b>no answer</b><span>${this.problem.message}</span></div>` : nothing}
      ${this.expression && !this.flips && !this.problem ? html`<div class="empty" role="status"><p>looking…</p></div>` : nothing}
      ${this.flips?.length === 0 ? html`<div class="empty"><h2>Never true</h2><p>It holds at no record of this instance.</p></div>` : nothing}
      ${this.flips?.length ? html`<ol aria-label="Where it turns">${this.flips.map((it, index) => html`<li>
        <button class="plain ${it.position === this.at ? "here" : ""}" @click=${() => this.dispatchEvent(new CustomEvent("choose", { detail: it.position, bubbles: true, composed: true }))}>
          <span class=${it.holds ? "good" : "dim"}>${it.holds ? "● turns true" : "○ turns false"}</span> at record <b>${count(it.position)}</b>${index === 0 ? html` <span class="chip active">first</span>` : nothing}</button></li>`)}</ol>` : nothing}`;
  }

  static override styles = [shared, css`
    :host { display: block; padding: 12px; }
    label { font-size: 12.5px; font-weight: 650; }
    .line { display: flex; gap: 6px; margin: 6px 0; } .line input { flex: 1; font-family: var(--mono); font-size: 12px; }
    .examples { display: flex; flex-wrap: wrap; gap: 4px; margin-top: 8px; } .examples button { height: 24px; padding: 0 7px; }
    .notice { margin-top: 12px; overflow-wrap: anywhere; }
    ol { margin: 12px 0 0; padding: 0; list-style: none; } li button { width: 100%; } .here { background: var(--accent-soft); }
  `];
}

customElements.define("studio-bisect", StudioBisect);

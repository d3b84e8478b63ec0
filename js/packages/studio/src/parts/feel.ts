// The FEEL lab: an expression over the state at the record that is looked at, answered by the engine's own evaluator.
import { LitElement, css, html, nothing } from "lit";
import type { PropertyValues } from "lit";
import { change } from "../core/place.js";
import type { Data, Token } from "../core/protocol.js";
import type { Session } from "../core/session.js";
import { shared } from "../style/shared.js";
import { count } from "./format.js";
import "./tree.js";

interface Answer { value: Data; warnings: { part: string | null; reason: string }[] }

export class StudioFeel extends LitElement {
  static override properties = {
    session: { attribute: false },
    tokens: { attribute: false },
    instance: { type: String },
    expression: { type: String },
    at: { type: Number },
    scope: { state: true },
    answer: { state: true },
    problem: { state: true },
  };
  declare session: Session;
  /** Where the instance is: each place has variables of its own. */
  declare tokens: readonly Token[];
  declare instance: string;
  declare expression: string;
  declare at: number;
  declare scope: string;
  declare answer: Answer | null;
  declare problem: Error | null;
  #asked = 0;

  constructor() {
    super();
    this.tokens = [];
    this.instance = "";
    this.expression = "";
    this.at = 0;
    this.scope = "";
    this.answer = null;
    this.problem = null;
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("expression") || changed.has("instance") || changed.has("at") || changed.has("scope")) void this.#ask();
  }

  async #ask(): Promise<void> {
    const asked = ++this.#asked;
    const source = this.expression.trim();
    if (!source) {
      this.answer = this.problem = null;
      return;
    }
    const scopes = this.tokens.map((it) => it.elementInstanceKey);
    const scope = scopes.includes(this.scope) ? this.scope : this.instance;
    try {
      const answer = await this.session.core.ask("evaluate", [this.at, source.startsWith("=") ? source : `=${source}`, scope]);
      if (asked === this.#asked) [this.answer, this.problem] = [answer, null];
    } catch (error) {
      if (asked === this.#asked) [this.answer, this.problem] = [null, error as Error];
    }
  }

  override render() {
    const scopes = this.tokens.filter((it) => it.elementInstanceKey !== null);
    return html`
      <form @submit=${(event: Event) => {
        event.preventDefault();
        change({ feel: String(new FormData(event.target as HTMLFormElement).get("feel") ?? "") });
      }}>
        <label for="feel">Evaluate at record ${count(this.at)}</label>
        <div class="line"><input id="feel" name="feel" .value=${this.expression} placeholder="order.total * 2" autocomplete="off" spellcheck="false" /><button class="primary">Evaluate</button></div>
        ${scopes.length > 1 ? html`<label>as seen from <select @change=${(event: Event) => (this.scope = (event.target as HTMLSelectElement).value)}>
          ${scopes.map((it) => html`<option value=${it.elementInstanceKey!} ?selected=${it.elementInstanceKey === this.scope}>${it.elementId}</option>`)}</select></label>` : nothing}
        <p class="dim">FEEL, as in the model: the variables by their names, the time of the record for <code>now()</code>. Nothing is changed.</p>
      </form>
      ${this.problem ? html`<div class="notice" role="alert"><b>no answer</b><span>${this.problem.message}</span></div>` : nothing}
      ${this.answer ? html`<section role="status" aria-label="Answer">${shown(this.answer.value)}
        ${this.answer.warnings.map((it) => html`<p class="warn">${it.part ? html`<code>${it.part}</code>: ` : nothing}${it.reason}</p>`)}</section>` : nothing}`;
  }

  static override styles = [shared, css`
    :host { display: block; padding: 12px; }
    label { font-size: 12.5px; font-weight: 650; }
    .line { display: flex; gap: 6px; margin: 6px 0; } .line input { flex: 1; min-width: 0; font-family: var(--mono); font-size: 12px; }
    form p { margin-top: 6px; } section { margin-top: 12px; } .notice { margin-top: 12px; overflow-wrap: anywhere; } .warn { margin-top: 8px; color: var(--warn); }
  `];
}

function shown(value: Data) {
  if (value instanceof Map || Array.isArray(value)) return html`<studio-tree .value=${value} .depth=${3}></studio-tree>`;
  return html`<code>${typeof value === "string" ? JSON.stringify(value) : String(value)}</code>`;
}

customElements.define("studio-feel", StudioFeel);

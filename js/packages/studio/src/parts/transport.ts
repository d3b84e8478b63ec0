// The bar at the bottom: steps, place, scrubber.
import { LitElement, css, html, nothing } from "lit";
import type { Action } from "../core/keys.js";
import { change } from "../core/place.js";
import type { Where } from "../core/place.js";
import { shared } from "../style/shared.js";
import { count, time } from "./format.js";
import type { Rows } from "./log.js";
import "./scrubber.js";

const PANES = ["log", "diagram", "inspector"];

export class StudioTransport extends LitElement {
  static override properties = {
    rows: { attribute: false },
    where: { attribute: false },
    hits: { attribute: false },
    live: { attribute: false },
    at: { type: Number },
    end: { type: Number },
    when: { type: Number },
  };
  declare rows: Rows | null;
  declare where: Where;
  declare hits: ReadonlySet<number>;
  declare live: { isOn: boolean; waiting: number } | null;
  declare at: number;
  /** The last position of the log. */
  declare end: number;
  declare when: number | null;

  constructor() {
    super();
    this.rows = null;
    this.hits = new Set();
    this.live = null;
    this.at = 0;
    this.end = 0;
    this.when = null;
  }

  #act(action: Action): void {
    this.dispatchEvent(new CustomEvent("act", { detail: action, bubbles: true, composed: true }));
  }

  override render() {
    const isByTime = this.where.with.get("by") === "time";
    const pane = this.where.with.get("pane") ?? "diagram";
    const button = (path: string, label: string, action: Action) => html`<button class="plain" aria-label=${label} title=${label}
      @click=${() => this.#act(action)}><svg viewBox="0 0 16 16" aria-hidden="true"><path d=${path}></path></svg></button>`;
    return html`<footer>
      <div class="steps" role="group" aria-label="Steps">
        ${button("M4 3v10M13 3 6 8l7 5z", "First record (g)", "first")}${button("M12 3 4 8l8 5z", "Previous step (h)", "previousStep")}
        ${button("M4 3l8 5-8 5z", "Next step (l)", "nextStep")}${button("M12 3v10M3 3l7 5-7 5z", "Last record (G)", "last")}
      </div>
      <div class="here"><b>${count(this.at)}</b><span class="dim"> / ${count(this.end)}</span><span class="dim when">${time(this.when)}</span></div>
      <studio-scrubber .rows=${this.rows} .at=${this.at} .hits=${this.hits} .byTime=${isByTime}></studio-scrubber>
      <button class="plain" aria-pressed=${isByTime} title="scrubber by time or by position (t)" @click=${() => this.#act("clock")}>Time</button>
      ${this.#follow()}
      <div class="switch" role="group" aria-label="Pane">${PANES.map((name) => html`<button aria-pressed=${pane === name}
        @click=${() => change({ pane: name })}>${name}</button>`)}</div>
    </footer>`;
  }

  #follow() {
    if (!this.live) return nothing;
    const { isOn, waiting } = this.live;
    const text = isOn ? html`<span class="dot"></span> Live` : waiting ? `${count(waiting)} new` : "Follow";
    return html`<button class="plain live" aria-pressed=${isOn} title="follow the log live (F); nothing is lost while it is paused"
      @click=${() => this.#act("follow")}>${text}</button>`;
  }

  static override styles = [shared, css`
    :host { display: block; }
    footer { display: flex; align-items: center; gap: 12px; padding: 8px 14px; background: var(--panel); border-top: 1px solid var(--line); }
    studio-scrubber { flex: 1; }
    .steps { display: flex; }
    .steps button { width: 32px; justify-content: center; padding: 0; }
    .steps svg { width: 16px; height: 16px; fill: currentColor; stroke: currentColor; stroke-width: 1.5; stroke-linejoin: round; }
    .here { min-width: 178px; font-variant-numeric: tabular-nums; line-height: 1.35; }
    .when { display: block; font: 11.5px var(--mono); }
    .live { min-width: 84px; justify-content: center; }
    .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--bad); }
    .switch { display: none; }
    @media (max-width: 719px) {
      footer { flex-wrap: wrap; gap: 8px; }
      studio-scrubber { flex-basis: 100%; order: -1; }
      .switch { display: flex; gap: 4px; margin-left: auto; text-transform: capitalize; }
      .here { min-width: 0; } .when { display: none; }
    }
  `];
}

customElements.define("studio-transport", StudioTransport);

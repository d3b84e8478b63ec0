// The life of each variable: when it got which value, and which record wrote it.
import { LitElement, css, html } from "lit";
import type { VariableWrite } from "../core/protocol.js";
import { shared } from "../style/shared.js";
import { brief } from "./format.js";
import { lowerBound } from "./log.js";
import type { Rows } from "./log.js";

export class StudioTimeline extends LitElement {
  static override properties = {
    writes: { attribute: false },
    rows: { attribute: false },
    at: { type: Number },
  };
  declare writes: readonly VariableWrite[];
  declare rows: Rows | null;
  declare at: number;

  constructor() {
    super();
    this.writes = [];
    this.rows = null;
    this.at = 0;
  }

  override render() {
    const lives = new Map<string, VariableWrite[]>();
    for (const it of this.writes) {
      const name = it.elementId === null ? it.name : `${it.name} in ${it.elementId}`;
      const life = lives.get(`${name} ${it.scopeKey}`) ?? [];
      life.push(it);
      lives.set(`${name} ${it.scopeKey}`, life);
    }
    if (lives.size === 0) return html`<div class="empty"><p>The instance has written no variable.</p></div>`;
    const place = (position: number) => `${(this.#share(position) * 100).toFixed(3)}%`;
    return html`<div class="now" .style=${`left:calc(160px + (100% - 172px) * ${this.#share(this.at)})`}></div>
      ${[...lives].map(([key, life]) => html`<div class="life">
        <span class="name" title=${key.slice(0, key.lastIndexOf(" "))}>${key.slice(0, key.lastIndexOf(" "))}</span>
        <div class="track">${life.map((it, index) => {
          const until = life[index + 1]?.position;
          const width = until === undefined ? `calc(100% - ${place(it.position)})` : `calc(${place(until)} - ${place(it.position)})`;
          const isPast = it.position <= this.at;
          return html`<button class="value ${isPast ? "" : "future"}" .style=${`left:${place(it.position)};width:max(14px, ${width})`}
            title=${`record ${it.position}: ${brief(it.value, 400)}`} aria-label=${`${it.name} at record ${it.position}: ${brief(it.value, 60)}`}
            @click=${() => this.#choose(it.position)}>${brief(it.value, 60)}</button>`;
        })}</div></div>`)}`;
  }

  #share(position: number): number {
    const positions = this.rows?.positions;
    if (!positions || positions.length < 2) return 0;
    return Math.min(1, lowerBound(positions, position) / (positions.length - 1));
  }

  #choose(position: number): void {
    this.dispatchEvent(new CustomEvent("choose", { detail: position, bubbles: true, composed: true }));
  }

  static override styles = [shared, css`
    :host { display: block; position: relative; padding: 6px 12px; min-height: 0; overflow: auto; }
    .life { display: grid; grid-template-columns: 140px minmax(0, 1fr); gap: 8px; align-items: center; height: 26px; }
    .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font: 12px var(--mono); }
    .track { position: relative; height: 20px; background: var(--raised); border-radius: 4px; }
    .value {
      position: absolute; top: 0; height: 20px; padding: 0 5px; border: 0; border-left: 2px solid var(--accent); border-radius: 3px;
      background: var(--accent-soft); color: var(--text); font: 11px/20px var(--mono); overflow: hidden; text-overflow: ellipsis; display: block; text-align: left;
    }
    .value.future { background: none; border-left-color: var(--line-strong); color: var(--dim); }
    .now { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--text); pointer-events: none; z-index: 1; }
  `];
}

customElements.define("studio-timeline", StudioTimeline);

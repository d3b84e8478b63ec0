// What the keys do.
import { css, html } from "lit";
import { KEYS } from "../core/keys.js";
import { shared } from "../style/shared.js";
import { Dialog } from "./dialog.js";

const NAMES: Record<string, string> = {
  ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc",
};

/** Returns a key as it is written on keyboards. */
export const shownKey = (key: string): string => NAMES[key] ?? key;

export class StudioKeysheet extends Dialog {
  override render() {
    return this.framed("Keys", html`<div class="sheet"><h2>Keys</h2>
      <dl>${KEYS.map(({ keys, what }) => html`<div><dt>${keys.map((key) => html`<kbd>${shownKey(key)}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl>
      <p><button class="primary" @click=${() => this.close()}>Close</button></p>
    </div>`);
  }

  static override styles = [shared, css`
    dialog { width: min(760px, calc(100vw - 32px)); max-height: calc(100vh - 32px); padding: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: var(--text); box-shadow: var(--shadow); }
    dialog::backdrop { background: rgb(0 0 0 / 40%); }
    .sheet { padding: 20px 24px; }
    h2 { font-size: 16px; }
    dl { columns: 2; column-gap: 32px; margin: 14px 0 18px; }
    dl > div { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 8px; padding: 3px 0; break-inside: avoid; }
    dd { margin: 0; }
    p { margin: 0; text-align: right; }
    @media (max-width: 640px) { dl { columns: 1; } }
  `];
}

customElements.define("studio-keysheet", StudioKeysheet);

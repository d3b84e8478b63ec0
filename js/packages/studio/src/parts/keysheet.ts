// What the keys do.
import { LitElement, css, html } from "lit";
import { KEYS } from "../core/keys.js";
import { shared } from "../style/shared.js";

const NAMES: Record<string, string> = {
  ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc",
};

/** Returns a key as it is written on keyboards. */
export const shownKey = (key: string): string => NAMES[key] ?? key;

export class StudioKeysheet extends LitElement {
  override firstUpdated(): void {
    this.renderRoot.querySelector("dialog")?.showModal();
  }

  override render() {
    return html`<dialog aria-labelledby="title" @close=${() => this.dispatchEvent(new Event("close"))}
      @click=${(event: Event) => event.target === event.currentTarget && (event.target as HTMLDialogElement).close()}>
      <div class="sheet"><h2 id="title">Keys</h2>
        <dl>${KEYS.map(({ keys, what }) => html`<div><dt>${keys.map((key) => html`<kbd>${shownKey(key)}</kbd> `)}</dt><dd>${what}</dd></div>`)}</dl>
        <form method="dialog"><button class="primary">Close</button></form>
      </div></dialog>`;
  }

  static override styles = [shared, css`
    dialog { width: min(760px, calc(100vw - 32px)); max-height: calc(100vh - 32px); padding: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: var(--text); box-shadow: var(--shadow); }
    dialog::backdrop { background: rgb(0 0 0 / 40%); }
    .sheet { padding: 20px 24px; }
    h2 { font-size: 16px; }
    dl { columns: 2; column-gap: 32px; margin: 14px 0 18px; }
    dl > div { display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 8px; padding: 3px 0; break-inside: avoid; }
    dd { margin: 0; }
    form { text-align: right; }
    @media (max-width: 640px) { dl { columns: 1; } }
  `];
}

customElements.define("studio-keysheet", StudioKeysheet);

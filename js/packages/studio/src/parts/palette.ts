// Every action by its name: what the keys do, for who does not know them.
import { css, html, nothing } from "lit";
import { KEYS, perform } from "../core/keys.js";
import type { Action, Key } from "../core/keys.js";
import { shared } from "../style/shared.js";
import { Dialog } from "./dialog.js";
import { shownKey } from "./keysheet.js";

interface Choice { what: string; keys: readonly string[]; action: Action; number: number | null }

export class StudioPalette extends Dialog {
  static override properties = { on: { attribute: false }, words: { state: true }, chosen: { state: true } };
  /** What is open: the actions that need more are left out. */
  declare on: Key["on"];
  declare words: string;
  declare chosen: number;

  constructor() {
    super();
    this.on = "all";
    this.words = "";
    this.chosen = 0;
  }

  override updated(): void {
    this.renderRoot.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }

  #choices(): Choice[] {
    const words = this.words.toLowerCase().split(/\s+/).filter(Boolean);
    const there = { all: ["all"], log: ["all", "log"], instance: ["all", "log", "instance"] }[this.on];
    const actions = KEYS.filter((it) => there.includes(it.on) && it.action !== "palette" && it.action !== "close");
    const fits = (it: Key) => words.every((word) => it.what.toLowerCase().includes(word) || it.action.toLowerCase().includes(word));
    const found = actions.filter(fits).map(({ what, keys, action }): Choice => ({ what, keys, action, number: null }));
    const number = /^\s*(\d+)\s*$/.exec(this.words)?.[1];
    if (number && this.on !== "all") found.unshift({ what: `go to record ${number}`, keys: [`${number}g`], action: "goto", number: Number(number) });
    return found;
  }

  #typed(event: KeyboardEvent, choices: readonly Choice[]): void {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    // What is typed here is for nobody else; the browser closes the dialog.
    event.stopPropagation();
    if (by) this.chosen = (this.chosen + by + choices.length) % Math.max(1, choices.length);
    if (event.key === "Enter" && choices[this.chosen]) this.#choose(choices[this.chosen]!);
    if (by || event.key === "Enter") event.preventDefault();
  }

  #choose(it: Choice): void {
    this.close();
    perform(it.action, it.number);
  }

  override render() {
    const choices = this.#choices();
    const chosen = Math.min(this.chosen, choices.length - 1);
    return this.framed("Actions", html`<input type="text" role="combobox" aria-label="Find an action" aria-expanded="true" aria-controls="found" aria-autocomplete="list"
        aria-activedescendant=${chosen >= 0 ? `choice-${chosen}` : nothing} placeholder="Find an action, or type the number of a record" autocomplete="off" spellcheck="false"
        @keydown=${(event: KeyboardEvent) => this.#typed(event, choices)}
        @input=${(event: Event) => {
          this.words = (event.target as HTMLInputElement).value;
          this.chosen = 0;
        }} />
      <ul id="found" role="listbox" aria-label="Actions">${choices.map((it, index) => html`<li id="choice-${index}" role="option"
        aria-selected=${index === chosen} @click=${() => this.#choose(it)}><span>${it.what}</span><span>${it.keys.map((key) => html`<kbd>${shownKey(key)}</kbd> `)}</span></li>`)}</ul>
      ${choices.length === 0 ? html`<p class="dim" role="status">No action has this name.</p>` : nothing}`);
  }

  static override styles = [shared, css`
    dialog { width: min(560px, calc(100vw - 32px)); margin-top: 12vh; padding: 0; border: 1px solid var(--line); border-radius: 12px; background: var(--panel); color: var(--text); box-shadow: var(--shadow); overflow: hidden; }
    dialog::backdrop { background: rgb(0 0 0 / 40%); }
    input { width: 100%; height: 44px; padding: 0 16px; border: 0; border-bottom: 1px solid var(--line); border-radius: 0; font-size: 15px; }
    input:focus-visible { outline: none; border-bottom-color: var(--accent); }
    ul { margin: 0; padding: 6px; max-height: 48vh; overflow: auto; list-style: none; }
    li { display: flex; justify-content: space-between; gap: 12px; padding: 6px 10px; border-radius: var(--radius); cursor: pointer; }
    li > :last-child { flex: none; }
    li:hover { background: var(--raised); }
    li[aria-selected="true"] { background: var(--accent-soft); box-shadow: inset 2px 0 var(--accent); }
    p { padding: 0 16px 14px; }
  `];
}

customElements.define("studio-palette", StudioPalette);

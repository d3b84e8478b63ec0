// What somebody is told who is here for the first time.
import { html } from "lit";

/** Says what is seen, how to move in it, and how to leave it. */
export const welcome = (close: () => void) => html`<div class="hint" role="note" aria-label="Welcome">
  <span><b>This is the very step that stopped an instance.</b> <kbd>k</kbd> and <kbd>j</kbd> step back and forth, <kbd>f</kbd> tries another future,
    <kbd>Ctrl-K</kbd> finds every action, <kbd>?</kbd> shows the keys. <a href="#/instances">All instances</a> <kbd>i</kbd></span>
  <button class="plain" aria-label="Close the hint" title="close (Esc)" @click=${close}>×</button></div>`;

// A time as a list shows it.
import { html } from "lit";
import { time } from "../parts/format.js";

export function when(iso: string | null) {
  const ms = iso === null ? Number.NaN : Date.parse(iso);
  return Number.isNaN(ms) ? html`<span class="dim">–</span>` : html`<time datetime=${iso ?? ""}>${time(ms).slice(0, 19)}</time>`;
}

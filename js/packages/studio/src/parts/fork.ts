import { LitElement, html } from "lit";
export class StudioFork extends LitElement { override render() { return html``; } }
customElements.define("studio-fork", StudioFork);

import { LitElement, html } from "lit";
export class StudioMessage extends LitElement { override render() { return html``; } }
customElements.define("studio-message", StudioMessage);

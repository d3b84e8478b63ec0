import { LitElement, html } from "lit";
export class StudioExport extends LitElement { override render() { return html``; } }
customElements.define("studio-export", StudioExport);

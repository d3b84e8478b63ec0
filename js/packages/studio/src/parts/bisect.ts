import { LitElement, html } from "lit";
export class StudioBisect extends LitElement { override render() { return html``; } }
customElements.define("studio-bisect", StudioBisect);

// What stands over the page until it is closed.
import { LitElement, html } from "lit";
import type { TemplateResult } from "lit";

export class Dialog extends LitElement {
  #isClosed = false;

  get #dialog(): HTMLDialogElement | null {
    return this.renderRoot.querySelector("dialog");
  }

  override firstUpdated(): void {
    this.#dialog?.showModal();
  }

  /** Closes it and says so at once. The event of the browser comes a task later: by then, another key may have opened something else. */
  protected close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#dialog?.close();
    this.dispatchEvent(new Event("close"));
  }

  protected framed(name: string, content: TemplateResult): TemplateResult {
    return html`<dialog aria-label=${name} @close=${() => this.close()}
      @cancel=${(event: Event) => {
        event.preventDefault();
        this.close();
      }}
      @keydown=${(event: KeyboardEvent) => event.key === "Escape" && event.stopPropagation()}
      @click=${(event: Event) => event.target === event.currentTarget && this.close()}>${content}</dialog>`;
  }
}

// A log in a link: compressed, in the fragment, so that no server ever sees it.

/** What a link holds at most, compressed. */
export const LINK_MAX = 6 * 1024;
/** What a link may unfold to: whoever sends one is not trusted. */
const LOG_MAX = 16 * 1024 * 1024;

/** Compresses a log into text for a link. */
export async function folded(log: Blob): Promise<{ text: string; size: number }> {
  const stream = log.stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const text = btoa(Array.from(bytes, (it) => String.fromCharCode(it)).join(""));
  return { text: text.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""), size: bytes.length };
}

/** Takes the log out of the text of a link. */
export async function unfolded(text: string): Promise<Blob> {
  const wrong = new Error("expected a log in the link, found something else: part of it may be missing");
  try {
    const packed = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (it) => it.charCodeAt(0));
    const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const pieces: BlobPart[] = [];
    let length = 0;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
      if (length > LOG_MAX) throw wrong;
      pieces.push(value);
    }
    return new Blob(pieces);
  } catch {
    throw wrong;
  }
}

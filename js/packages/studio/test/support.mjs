// What the tests of the page share: the real server, a static page, and a browser.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, request } from "node:http";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

export const DIST = fileURLToPath(new URL("../dist/", import.meta.url));
const SHOTS = process.env.DACAPO_SHOTS ?? fileURLToPath(new URL("../../../../target/studio/", import.meta.url));
export const BINARY = process.env.DACAPO_BIN ?? fileURLToPath(new URL("../../../../target/debug/dacapo", import.meta.url));
const TIMEOUT_MS = 15_000;
const ARGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];

/** Starts a server with the demo, on the database of the environment, else on SQLite in a folder of its own. */
export async function startServer() {
  const folder = mkdtempSync(join(tmpdir(), "dacapo-studio-"));
  const database = process.env.DACAPO_DATABASE_URL;
  const store = database ? ["--database-url", database] : ["--data-dir", folder];
  const child = spawn(BINARY, ["dev", ...store, "--http", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  const address = await new Promise((resolve, reject) => {
    child.stdout.on("data", (data) => {
      said += data;
      const found = /studio\s+(http:\S+?)\/\s/.exec(said.replaceAll(/\u001b\[[\d;]*m/g, ""));
      if (found && said.includes("Stop:")) resolve(found[1]);
    });
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}: ${said}`)));
  });
  const post = async (path, body) => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(address + path, { method: "POST", headers, body: JSON.stringify(body) });
    assert.ok(response.ok, `${path}: ${response.status}`);
    return response.json();
  };
  const stop = async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.removeAllListeners("exit");
    child.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    child.kill("SIGTERM");
    await Promise.race([ended, new Promise((resolve) => child.once("exit", resolve))]);
  };
  if (!process.env.DACAPO_FRESH_PAGE) return { address, own: address, post, stop };
  // For who works on the page: the one in `dist`, without building the server again.
  const page = await startStatic({ behind: address, isFresh: true });
  return { address: page.address.replace(/\/$/, ""), own: address, post, stop: () => Promise.all([page.stop(), stop()]) };
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".wasm": "application/wasm" };

/** Serves the built page as files, below a prefix, with nothing behind it; or with a server behind it. */
export async function startStatic({ prefix = "/", behind = null, isFresh = false, root = DIST, headers: own = {} } = {}) {
  const server = createServer((asked, answer) => {
    const { pathname } = new URL(asked.url, "http://page");
    const name = pathname.startsWith(prefix) ? pathname.slice(prefix.length) || "index.html" : null;
    const path = name === null ? null : join(root, normalize(name));
    if (behind && name !== null && !(isFresh && existsSync(path))) {
      const { host, port } = new URL(behind);
      const headers = { ...asked.headers, host };
      delete headers.origin;
      const url = `/${asked.url.slice(prefix.length)}`;
      const forward = request({ port, host: "127.0.0.1", path: url, method: asked.method, headers }, (found) => {
        answer.writeHead(found.statusCode, found.headers);
        found.pipe(answer);
      });
      asked.pipe(forward);
      forward.on("error", () => answer.destroy());
    } else if (path && existsSync(path)) {
      answer.writeHead(200, { ...own, "content-type": TYPES[extname(path)] ?? "application/octet-stream" });
      answer.end(readFileSync(path));
    } else {
      answer.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${server.address().port}${prefix}`, stop };
}

/** Starts a browser with an empty profile. */
export const startBrowser = (args = []) => chromium.launch({ executablePath: "/usr/bin/chromium", args: [...ARGS, ...args] });

/** Opens a page that must neither complain, nor load anything from elsewhere, nor break its policy. */
export async function open(browser, address, options = {}) {
  const { width = 1440, height = 900, scheme = "light", allowed = [], origin: wanted = address } = options;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme, acceptDownloads: true });
  const problems = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" && !allowed.some((it) => it.test(message.text()))) problems.push(`console: ${message.text()}`);
  });
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.setDefaultTimeout(TIMEOUT_MS);
  // A page that was opened empty goes to one place.
  let { origin } = new URL(wanted);
  page.on("request", (it) => {
    const url = it.url();
    if (origin === "null") ({ origin } = new URL(url));
    if (!url.startsWith(origin) && !url.startsWith("data:") && !url.startsWith(`blob:${origin}`)) problems.push(`elsewhere: ${url}`);
  });
  await page.goto(address);
  const close = async () => {
    await page.close();
    assert.deepEqual(problems, []);
  };
  return { page, close };
}

/** Where a screenshot goes. */
export function shot(name) {
  mkdirSync(SHOTS, { recursive: true });
  return join(SHOTS, `${name}.png`);
}

/** Waits until the debugger shows a record. */
export async function at(page, position) {
  await page.waitForFunction((wanted) => {
    const studio = document.querySelector("dacapo-studio")?.shadowRoot;
    const view = studio?.querySelector("studio-debugger")?.view;
    return view?.record?.position === wanted;
  }, position);
}

/** Drops bytes onto the page as a file. */
export async function drop(page, bytes, name = "order.log") {
  const data = await page.evaluateHandle(({ content, name }) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([Uint8Array.from(atob(content), (it) => it.charCodeAt(0))], name));
    return transfer;
  }, { content: Buffer.from(bytes).toString("base64"), name });
  await page.dispatchEvent("dacapo-studio", "drop", { dataTransfer: data });
}

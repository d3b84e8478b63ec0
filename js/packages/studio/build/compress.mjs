// Compresses what was built, once: the server hands out what is there.
import { readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const dist = new URL("../dist/", import.meta.url).pathname;
const files = readdirSync(dist, { recursive: true }).map(String);
let [page, all] = [0, 0];
for (const name of files) {
  const path = join(dist, name);
  if (!statSync(path).isFile()) continue;
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  const quality = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(`${path}.gz`, gzip);
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: quality }));
  all += gzip.length;
  if (!/\.wasm$|diagram|layout/.test(name)) page += gzip.length;
}
console.log(`page: ${page} bytes after gzip without Wasm and diagram, ${all} in all`);
const PAGE_MAX = 120_000;
if (page > PAGE_MAX) {
  console.error(`expected at most ${PAGE_MAX} bytes of page after gzip, found ${page}`);
  process.exit(1);
}

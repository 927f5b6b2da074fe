import { readFileSync } from "node:fs";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import { HttpConnection } from "./connection.ts";
import { sizeText } from "./effort.ts";
import { absoluteFinding, type Finding, ratioFinding, type Series } from "./finding.ts";
import { Api, startProduct } from "./product.ts";
import { settleDisk } from "./transfer.ts";

const MIB = 1024 * 1024;
const PIECE_BYTES = 8 * MIB;
const FILE_BYTES_MAX = 256 * MIB;
/** The older writer is cut once so much of its file has been sent. */
const SENT_BEFORE_CUT_BYTES = 64 * MIB;
const SUPERSEDED = 412;

/** The head of a request of tus. */
function headOf(method: string, url: string, headers: Readonly<Record<string, string>>): Buffer {
  const { host, pathname } = new URL(url);
  const all = { Host: host, "Tus-Resumable": "1.0.0", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${method} ${pathname} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
}

const patchHead = (url: string, offsetBytes: number, lengthBytes: number, wholeBytes: number) =>
  headOf("PATCH", url, {
    "Content-Type": "application/offset+octet-stream",
    "Upload-Offset": String(offsetBytes),
    "Upload-Length": String(wholeBytes),
    "Content-Length": String(lengthBytes),
  });

async function expectStatus(
  connection: HttpConnection,
  request: Buffer,
  status: number,
): Promise<void> {
  const answer = await connection.ask(request);
  if (answer.status !== status)
    throw new Error(`Answered ${String(answer.status)}: ${answer.body}`);
}

/** Bytes of a file of which some can be sent from memory at once. */
interface Ground {
  readonly api: Api;
  readonly itemId: string;
  readonly content: Buffer;
}

/** Seconds of one file in pieces of 8 MiB, each answered before the next; the last answer says that the file is whole. */
async function sendPieces({ api, itemId, content }: Ground): Promise<number> {
  const { sessionId, url } = await api.openUpload(itemId);
  const connection = await HttpConnection.open(url);
  await settleDisk();
  const startedMs = performance.now();
  for (let offset = 0; offset < content.length; offset += PIECE_BYTES) {
    const piece = content.subarray(offset, offset + PIECE_BYTES);
    const head = patchHead(url, offset, piece.length, content.length);
    await expectStatus(connection, Buffer.concat([head, piece]), 204);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  connection.close();
  await api.act(sessionId, "cancel");
  return content.length / seconds / 1e6;
}

async function sendWhole({ api, itemId, content }: Ground): Promise<number> {
  const { sessionId, url } = await api.openUpload(itemId);
  const { host, pathname } = new URL(url);
  const head = `PUT ${pathname} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${content.length}\r\n\r\n`;
  const request = Buffer.concat([Buffer.from(head), content]);
  const connection = await HttpConnection.open(url);
  await settleDisk();
  const startedMs = performance.now();
  await expectStatus(connection, request, 200);
  const seconds = (performance.now() - startedMs) / 1000;
  connection.close();
  await api.act(sessionId, "cancel");
  return content.length / seconds / 1e6;
}

/**
 * Milliseconds until a newer writer is answered while an older one sends as fast as it can. `second` makes the newer one's request:
 * one that asks for the offset, or one that can not know it and is refused, which cuts as well.
 */
async function cutOlder(
  { api, itemId, content }: Ground,
  second: (url: string) => { readonly request: Buffer; readonly status: number },
): Promise<number> {
  const { sessionId, url } = await api.openUpload(itemId);
  const older = await HttpConnection.open(url);
  const newer = await HttpConnection.open(url);
  const endless = content.length * 1024;
  const answered = older.ask(patchHead(url, 0, endless, endless));
  let isCut = false;
  void answered.finally(() => (isCut = true)).catch(() => undefined);
  for (let sent = 0; sent < SENT_BEFORE_CUT_BYTES; sent += MIB)
    await older.send(content.subarray(sent % content.length, (sent % content.length) + MIB));
  const sending = (async () => {
    while (!isCut) await older.send(content.subarray(0, MIB));
  })();
  const { request, status } = second(url);
  const startedMs = performance.now();
  await expectStatus(newer, request, status);
  const durationMs = performance.now() - startedMs;
  const told = await answered;
  if (told.status !== SUPERSEDED) throw new Error(`The older one was answered ${told.status}.`);
  await sending;
  older.close();
  newer.close();
  await api.act(sessionId, "cancel");
  return durationMs;
}

const cutFinding = (measure: string, values: readonly number[]): Finding =>
  absoluteFinding(
    { measure, product: { name: "contentlib", unit: "ms", values } },
    { sign: "<=", limit: 100 },
  );

/** Uploads in pieces, and writers that take a file over. */
export const resume: Measure = {
  name: "resume",
  async run(bench: Bench) {
    const { scratch, effort } = bench;
    const file = scratch.randomFile(effort.fileBytes);
    const content = readFileSync(file.path).subarray(0, FILE_BYTES_MAX);
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const [itemId = ""] = await api.createItems(1);
    const ground: Ground = { api, itemId, content };
    const ask = (url: string) => ({ request: headOf("HEAD", url, {}), status: 200 });
    const append = (url: string) => ({ request: patchHead(url, 0, 0, 0), status: 400 });
    const samples = {
      pieces: () => sendPieces(ground),
      whole: () => sendWhole(ground),
      ask: () => cutOlder(ground, ask),
      append: () => cutOlder(ground, append),
    };
    await inTurn(1, samples);
    const values = await inTurn(effort.rounds, samples);
    const speed = (name: string, of: readonly number[]): Series => ({
      name,
      unit: "MB/s",
      values: of,
    });
    const pieces = ratioFinding(
      {
        measure: `upload of ${sizeText(content.length)} in pieces of ${sizeText(PIECE_BYTES)}, each safe before the next`,
        product: speed("contentlib, tus", values.pieces),
        baseline: speed("contentlib, one PUT", values.whole),
      },
      { sign: ">=", limit: 0 },
    );
    return [
      cutFinding("HEAD by tus while another writer sends, until its answer", values.ask),
      cutFinding("PATCH by tus while another writer sends, until its answer", values.append),
      { ...pieces, reach: "-", passed: null },
    ];
  },
};

import assert from "node:assert/strict";
import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import type { Client } from "./client.ts";
import { freshConnections, type Incoming, wholeReply } from "./http-exchange.ts";

const POLLS_MAX = 1000;
const POLL_MS = 10;

/** Looks again until what was looked for is there: for what happens on its own time, such as bytes that travel. */
export async function eventually<Seen>(
  look: () => Promise<Seen>,
  isThere: (seen: Seen) => boolean,
): Promise<Seen> {
  for (let polls = 0; ; polls += 1) {
    const seen = await look();
    if (isThere(seen)) return seen;
    assert.ok(polls < POLLS_MAX, `it never came; last seen: ${JSON.stringify(seen)}`);
    await pause(POLL_MS);
  }
}

/** An upload that goes on only as the test says. */
export class HeldUpload {
  /** What the server answers; null when the connection ends without an answer. */
  readonly answer: Promise<Incoming | null>;
  readonly #request: ClientRequest;

  constructor(uri: string, headers: Readonly<Record<string, string | number>>, method = "PUT") {
    this.#request = request(uri, { method, headers: { ...headers }, agent: freshConnections });
    this.answer = new Promise((resolve) => {
      this.#request.on(
        "response",
        (reply) => void wholeReply(reply).then(resolve, () => resolve(null)),
      );
      this.#request.on("error", () => resolve(null));
      this.#request.on("close", () => resolve(null));
    });
    this.#request.flushHeaders();
  }

  /** Resolves once the bytes have left this process. */
  async write(bytes: string | Uint8Array): Promise<void> {
    if (!this.#request.write(bytes)) {
      await Promise.race([once(this.#request, "drain"), this.answer]);
    }
  }

  end(): void {
    this.#request.end();
  }

  /** Vanishes, as a client does whose cable was pulled. */
  vanish(): void {
    this.#request.destroy();
  }
}

/** An upload of `sizeBytes` of which the first bytes are at the server, as the file's get shows. */
export async function heldUpload(
  client: Client,
  session: string,
  name: string,
  uri: string,
  { first, sizeBytes }: { readonly first: string; readonly sizeBytes: number },
): Promise<HeldUpload> {
  const upload = new HeldUpload(uri, { "Content-Length": sizeBytes });
  await upload.write(first);
  await eventually(
    () => client.done(client.form.getFile(session, name)),
    (file) => file.status === "TRANSFERRING" && file.bytes_transferred >= first.length,
  );
  return upload;
}

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, type Socket } from "node:net";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { createServer } from "node:tls";
import type { Unavailable } from "./build-once.ts";
import { clientEnvironment } from "./program-environment.ts";
import { runProgram } from "./run-program.ts";

const OPENSSL_TIMEOUT_MS = 30_000;
const signingItself =
  "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1".split(
    " ",
  );

/** Ends TLS in front of a server that speaks plain HTTP, as a proxy of its operator would. */
export interface TlsFront {
  /** Where clients reach it, e.g. `127.0.0.1:40000`. */
  readonly authority: string;
  /** Passes on to this port from now on. */
  forwardTo(port: number): void;
}

/** Opens the front with a certificate made for it; a hook of the test closes it. */
export async function openTlsFront(
  t: TestContext,
  directory: string,
): Promise<TlsFront | Unavailable> {
  const [key, cert] = [join(directory, "front.key"), join(directory, "front.crt")];
  const made = await runProgram({
    command: "openssl",
    argv: [...signingItself, "-keyout", key, "-out", cert],
    env: clientEnvironment(),
    timeoutMs: OPENSSL_TIMEOUT_MS,
  });
  if (made.code !== 0) return { reason: `openssl makes no certificate: ${made.err.trim()}` };
  let target = 0;
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on("error", () => socket.destroy()).on("close", () => open.delete(socket));
  };
  const front = createServer(
    { key: await readFile(key), cert: await readFile(cert) },
    (outside) => {
      const inside = connect(target, "127.0.0.1");
      keep(outside);
      keep(inside);
      outside.pipe(inside).pipe(outside);
    },
  );
  front.listen(0, "127.0.0.1");
  await once(front, "listening");
  t.after(() => {
    for (const socket of open) socket.destroy();
    front.close();
  });
  const { port } = front.address() as AddressInfo;
  return {
    authority: `127.0.0.1:${port}`,
    forwardTo: (to) => {
      target = to;
    },
  };
}

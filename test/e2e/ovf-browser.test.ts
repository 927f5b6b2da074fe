// The engine of packages in a real browser, as its sources are, with a hash of the page's own.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire, stripTypeScriptTypes } from "node:module";
import type { AddressInfo } from "node:net";
import { join, relative } from "node:path";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type * as engine from "@contentlib/ovf";
import { piecesOf } from "@contentlib/testkit/ovf/package-recipe";
import { NOW, ROOT } from "@contentlib/testkit/ovf/signer-rig";
import { archiveWith, coveredContents, DISK } from "@contentlib/testkit/ovf/sound-package";
import { soundPackages } from "@contentlib/testkit/ovf/sound-packages";
import { browserOptions, launchBrowser } from "./browser.ts";
import { root } from "./live-server.ts";

/** What a page is asked to judge; bytes in Base64. */
interface Order {
  readonly engine: string;
  readonly hashes: string;
  readonly archive: string;
  readonly trusted: string;
  readonly now: number;
}

/** What a page says of an archive. */
interface Judged {
  readonly codes: readonly string[];
  readonly lines: readonly string[];
  readonly isCovered: boolean;
  readonly disks: number;
  readonly signer: string | null;
  readonly anchor: string | null;
}

interface Sha256 {
  update(bytes: Uint8Array): Sha256;
  digest(): Uint8Array<ArrayBuffer> & { toHex(): string };
}

/** Runs in the page, which has nothing but its argument and the modules that it names. */
const judgeInPage = async (order: Order): Promise<Judged> => {
  const ovf = (await import(order.engine)) as typeof engine;
  const { sha256 } = (await import(order.hashes)) as { sha256: { create(): Sha256 } };
  const startDigest: engine.StartDigest = (algorithm) => {
    if (algorithm !== "SHA256") throw new Error(`The page has no ${algorithm}.`);
    const hash = sha256.create();
    return {
      update: (bytes) => void hash.update(bytes),
      hex: () => Array.from(hash.digest(), (byte) => byte.toString(16).padStart(2, "0")).join(""),
    };
  };
  const bytesOf = (text: string) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
  const findings: engine.Finding[] = [];
  const report: engine.Report = (finding) => void findings.push(finding);
  const files = new Map<string, engine.PackageFile>();
  const texts = new Map<string, Uint8Array<ArrayBuffer>[]>();
  let [name, sizeBytes, digest] = ["", 0, startDigest("SHA256")];
  const reader = new ovf.ArchiveReader({
    fileName: "x.ova",
    report,
    onEvent: (event) => {
      if (event.kind === "member") {
        [name, sizeBytes, digest] = [event.name, event.sizeBytes, startDigest("SHA256")];
        texts.set(name, []);
      } else if (event.kind === "bytes") {
        digest.update(event.bytes);
        texts.get(name)?.push(event.bytes.slice());
      } else if (event.kind === "member-end")
        files.set(name, { name, sizeBytes, digests: { SHA256: digest.hex() } });
    },
  });
  const archive = bytesOf(order.archive);
  for (let at = 0; at < archive.length; at += 1000) reader.write(archive.subarray(at, at + 1000));
  reader.end();
  const read = <Result>(
    file: string,
    text: { write(bytes: Uint8Array): void; end(): Result },
  ): Result | null => {
    const parts = texts.get(file);
    if (parts === undefined) return null;
    for (const part of parts) text.write(part);
    return text.end();
  };
  const descriptor = read("x.ovf", new ovf.DescriptorReader("x.ovf", report));
  const manifest = read("x.mf", new ovf.ManifestReader("x.mf", report));
  const certificate = read("x.cert", new ovf.CertificateReader("x.cert", report));
  const manifestBytes = new Uint8Array(await new Blob(texts.get("x.mf") ?? []).arrayBuffer());
  const judged =
    certificate === null
      ? null
      : await ovf.judgeSigner(certificate, manifestBytes, {
          manifestName: "x.mf",
          now: new Date(order.now),
          trusted: [bytesOf(order.trusted)],
        });
  const signer = judged?.verdict ?? null;
  const verdict = ovf.judgePackage({
    name: "x.ova",
    files,
    awaited: new Set(),
    descriptor,
    manifest,
    certificate,
    signer,
  });
  const all = [...findings, ...(judged?.findings ?? []), ...verdict.findings];
  return {
    codes: all.map(({ code }) => code),
    lines: all.map(ovf.textOf),
    isCovered: verdict.isCovered,
    disks: descriptor?.facts.disks.length ?? 0,
    signer: signer?.signer.subject ?? null,
    anchor: signer?.anchor?.subject ?? null,
  };
};

const BARE = /(\bfrom\s*|\bimport\s*\(?\s*)"([^".][^"]*)"/g;
const REQUIRED = /\brequire\("([^"]+)"\)/g;

/** The address under which the page server has a module. */
const addressOf = (path: string): string => `/${relative(root, path)}`;

/** A module as browsers take it: without types, with addresses for names of packages, and none of CommonJS. */
async function moduleAt(path: string): Promise<string> {
  const source = await readFile(path, "utf8");
  const { resolve } = createRequire(path);
  const text = path.endsWith(".ts") ? stripTypeScriptTypes(source) : source;
  const required = [...text.matchAll(REQUIRED)].map(([, name = ""]) => name);
  const isModule = /^(?:import|export)\b/m.test(text);
  if (isModule)
    return text.replaceAll(BARE, (_, before: string, name: string) =>
      name.startsWith("/") ? `${before}"${name}"` : `${before}"${addressOf(resolve(name))}"`,
    );
  const imports = required.map(
    (name, at) => `import required${at} from "${addressOf(resolve(name))}";`,
  );
  const table = required.map((name, at) => `${JSON.stringify(name)}: required${at}`).join(", ");
  const names = [...new Set([...text.matchAll(/^exports\.(\w+) =/gm)].map(([, name]) => name))];
  return [
    ...imports,
    `const module = { exports: {} }, required = { ${table} };`,
    `(function (module, exports, require) {${text}\n})(module, module.exports, (name) => required[name]);`,
    "export default module.exports;",
    ...names.map((name) => `export const ${name} = module.exports.${name};`),
  ].join("\n");
}

/** A page, and every module of this clone. */
async function startPageServer(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const { pathname } = new URL(request.url ?? "/", "http://page.invalid");
      const isPage = pathname === "/";
      const body = isPage
        ? "<!doctype html><title>judge</title>"
        : await moduleAt(join(root, pathname));
      response.setHeader("Content-Type", isPage ? "text/html" : "text/javascript");
      response.end(body);
    };
    answer().catch((error: unknown) => response.writeHead(404).end(String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const base64Of = (bytes: Iterable<Uint8Array>): string =>
  Buffer.concat([...bytes]).toString("base64");

test(
  "a page judges archives while their bytes pass, and who signed them",
  browserOptions,
  async (t) => {
    const origin = await startPageServer(t);
    const page = await (await launchBrowser(t)).newPage();
    const failures: string[] = [];
    page.on("pageerror", (error) => failures.push(String(error)));
    await page.goto(origin);
    const fromPkijs = createRequire(
      createRequire(join(root, "packages/ovf/src/index.ts")).resolve("pkijs"),
    );
    const order = {
      engine: "/packages/ovf/src/index.ts",
      hashes: addressOf(fromPkijs.resolve("@noble/hashes/sha2.js")),
      trusted: ROOT.der.toString("base64"),
      now: NOW.getTime(),
    };
    const signed = soundPackages().find(({ name }) => name === "a signed archive");
    assert.ok(signed);
    const sound = await page.evaluate(judgeInPage, {
      ...order,
      archive: base64Of(piecesOf(signed, 1 << 20)),
    });
    assert.deepEqual(sound, {
      codes: [],
      lines: [],
      isCovered: true,
      disks: 1,
      signer: "/CN=signer",
      anchor: "/CN=root",
    });
    const files = archiveWith({
      ...coveredContents(),
      "disk.vmdk": Buffer.from(DISK).fill(0, 0, 1),
    });
    const broken = { name: "broken", raises: [], files };
    const { codes, lines } = await page.evaluate(judgeInPage, {
      ...order,
      archive: base64Of(piecesOf(broken, 1 << 20)),
    });
    assert.deepEqual(codes, ["manifest.digest_differs"]);
    assert.match(lines[0] ?? "", /^x\.mf:2: disk\.vmdk is not the file/);
    assert.deepEqual(failures, []);
  },
);

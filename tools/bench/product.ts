import { openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { root } from "../command.ts";
import type { Bench } from "./bench.ts";
import { type ServerProcess, startServer } from "./child.ts";

/** Of every account on a server under test. */
export const PASSWORD = "Bench-pass-1";

/** A server of ours on a data directory of its own. */
export interface Product extends ServerProcess {
  readonly dataDirectory: string;
}

/** One that speaks TLS with a certificate of its own. */
export interface TlsProduct extends Product {
  /** Path of the certificate. */
  readonly ca: string;
}

/** The environment of a program under test: none of the user's own settings, no profile outside of `folder`. */
export function environmentIn(folder: string): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => !name.startsWith("CONTENTLIB_"));
  return {
    ...Object.fromEntries(names.map((name) => [name, process.env[name]])),
    CONTENTLIB_PROFILE_FILE: join(folder, "profiles.json"),
  };
}

const serverEnvironmentIn = (folder: string): NodeJS.ProcessEnv => ({
  ...environmentIn(folder),
  CONTENTLIB_LISTEN: "127.0.0.1:0",
  CONTENTLIB_DATA: join(folder, "data"),
  CONTENTLIB_ADMIN_PASSWORD: PASSWORD,
});

/** Starts the server as a user would, with its log at the default level in a file. */
export async function startProduct({ scratch, nodeFlags }: Bench): Promise<Product> {
  return await startProductIn(scratch.folder("product"), nodeFlags);
}

/** The same over TLS. Whatever this process fetches trusts its certificate from then on. */
export async function startTlsProduct({ scratch, nodeFlags }: Bench): Promise<TlsProduct> {
  const settings = { CONTENTLIB_TLS: "self-signed" };
  const product = await startProductIn(scratch.folder("tls-product"), nodeFlags, settings);
  const ca = join(product.dataDirectory, "tls-certificate.pem");
  // Not beside that of an earlier one, which has the same name and another key.
  setDefaultCACertificates([...getCACertificates("bundled"), readFileSync(ca, "utf8")]);
  return { ...product, ca };
}

/** The same in a folder that may hold a data directory already. */
export async function startProductIn(
  folder: string,
  nodeFlags: readonly string[],
  settings: NodeJS.ProcessEnv = {},
): Promise<Product> {
  const command = join(root, "bin", "contentlib.mjs");
  const server = await startServer([...nodeFlags, command, "serve"], {
    env: { ...serverEnvironmentIn(folder), ...settings },
    log: openSync(join(folder, "server.log"), "a"),
  });
  return { ...server, dataDirectory: join(folder, "data") };
}

/** Where the bytes of a file go, and the session they belong to. */
export interface UploadTicket {
  readonly sessionId: string;
  readonly url: string;
}

/** The few calls that measures prepare their ground with, in the form `/api`, logged in. */
export class Api {
  readonly url: string;
  readonly login: string;

  private constructor(url: string, login: string) {
    this.url = url;
    this.login = login;
  }

  /** As the administrator where nobody else is named. */
  static async open(url: string, user = "administrator", password = PASSWORD): Promise<Api> {
    const response = await fetch(`${url}/api/session`, {
      method: "POST",
      headers: {
        authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
      },
    });
    return new Api(url, (await bodyOf(response)) as string);
  }

  async createLibrary(name: string): Promise<string> {
    return (await this.call("POST", "/content/local-library", { name })) as string;
  }

  async createItem(libraryId: string, name: string, type = "iso"): Promise<string> {
    const spec = { library_id: libraryId, name, type };
    return (await this.call("POST", "/content/library/item", spec)) as string;
  }

  /** As many items as asked for, in a library of their own. */
  async createItems(count: number): Promise<readonly string[]> {
    const libraryId = await this.createLibrary(`bench ${String(count)}`);
    const items: string[] = [];
    for (let n = 0; n < count; n += 1) items.push(await this.createItem(libraryId, `item ${n}`));
    return items;
  }

  async createSession(itemId: string): Promise<string> {
    const spec = { library_item_id: itemId };
    return (await this.call("POST", "/content/library/item/update-session", spec)) as string;
  }

  /** A session on the item with one file that waits for its bytes. */
  async openUpload(itemId: string, sha256?: string, name = "disk.iso"): Promise<UploadTicket> {
    const sessionId = await this.createSession(itemId);
    const checksum = sha256 && { checksum_info: { algorithm: "SHA256", checksum: sha256 } };
    const url = await this.#addFile(sessionId, { name, ...checksum });
    return { sessionId, url };
  }

  /** So many files of a new session that wait for their bytes: their addresses in the order of the names. */
  async openUploads(
    itemId: string,
    names: readonly string[],
  ): Promise<{ readonly sessionId: string; readonly urls: readonly string[] }> {
    const sessionId = await this.createSession(itemId);
    const urls: string[] = [];
    for (const name of names) urls.push(await this.#addFile(sessionId, { name }));
    return { sessionId, urls };
  }

  async #addFile(sessionId: string, spec: { readonly name: string }): Promise<string> {
    const path = `/content/library/item/update-session/${sessionId}/file`;
    const file = (await this.call("POST", path, { source_type: "PUSH", ...spec })) as {
      readonly upload_endpoint: { readonly uri: string };
    };
    return file.upload_endpoint.uri;
  }

  async findItem(libraryId: string, name: string): Promise<string> {
    const spec = { library_id: libraryId, name };
    const found = (await this.call("POST", "/content/library/item?action=find", spec)) as string[];
    const [itemId] = found;
    if (itemId === undefined) throw new Error(`There is no item ${name}.`);
    return itemId;
  }

  async deleteItem(itemId: string): Promise<void> {
    await this.call("DELETE", `/content/library/item/${itemId}`);
  }

  async act(sessionId: string, action: "complete" | "cancel"): Promise<void> {
    await this.call("POST", `/content/library/item/update-session/${sessionId}?action=${action}`);
  }

  /** The address under which a file of the item can be read. */
  async openDownload(itemId: string): Promise<string> {
    const base = "/content/library/item/download-session";
    const id = (await this.call("POST", base, { library_item_id: itemId })) as string;
    const file = (await this.call("POST", `${base}/${id}/file?action=prepare`, {
      file_name: "disk.iso",
    })) as { readonly download_endpoint: { readonly uri: string } };
    return file.download_endpoint.uri;
  }

  async createDownload(itemId: string): Promise<string> {
    const spec = { library_item_id: itemId };
    return (await this.call("POST", "/content/library/item/download-session", spec)) as string;
  }

  /** Makes a user to whom nothing is granted yet, and logs in as that. */
  async openAsNew(name: string): Promise<Api> {
    await this.call("POST", "/contentlib/users", { name, password: PASSWORD });
    return await Api.open(this.url, name, PASSWORD);
  }

  async grant(user: string, role: "VIEWER" | "EDITOR", libraryId: string): Promise<string> {
    const spec = { user, role, library_id: libraryId };
    return (await this.call("POST", "/contentlib/grants", spec)) as string;
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: { "vmware-api-session-id": this.login, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return await bodyOf(response);
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.url} answered ${String(response.status)}: ${text}`);
  return text === "" ? undefined : (JSON.parse(text) as unknown);
}

import assert from "node:assert/strict";
import type { Told } from "./wire-rig.ts";
import { WireRig } from "./wire-rig.ts";

interface FileInfo {
  readonly status: string;
  readonly size?: number;
  readonly bytes_transferred: number;
  readonly upload_endpoint: { readonly uri: string };
  readonly error_message?: { readonly default_message: string };
}

const SESSIONS = "/api/content/library/item/update-session";
const DOWNLOADS = "/api/content/library/item/download-session";

/** A wire rig with a library, an item, and words for sending and fetching its files as a client does. */
export class TransferRig {
  readonly wire: WireRig;
  readonly #itemId: string;
  sessionId = "";

  private constructor(wire: WireRig, itemId: string) {
    this.wire = wire;
    this.#itemId = itemId;
  }

  static async open(...options: Parameters<typeof WireRig.open>): Promise<TransferRig> {
    const wire = await WireRig.open(...options);
    const library = await wire.call("POST", "/api/content/local-library", { name: "images" });
    const item = await wire.call("POST", "/api/content/library/item", {
      library_id: library.json,
      name: "debian",
    });
    assert.equal(item.status, 201, item.text);
    const rig = new TransferRig(wire, String(item.json));
    await rig.openSession();
    return rig;
  }

  async openSession(): Promise<void> {
    this.sessionId = String(
      (await this.wire.call("POST", SESSIONS, { library_item_id: this.#itemId })).json,
    );
  }

  /** Adds a file to the session; resolves with the path of its upload endpoint. */
  async add(name: string, spec: object = {}): Promise<string> {
    const told = await this.wire.call("POST", `${SESSIONS}/${this.sessionId}/file`, {
      name,
      source_type: "PUSH",
      ...spec,
    });
    assert.equal(told.status, 201, told.text);
    return pathOf((told.json as FileInfo).upload_endpoint.uri);
  }

  async file(name: string): Promise<FileInfo> {
    return (
      await this.wire.call("GET", `${SESSIONS}/${this.sessionId}/file/${encodeURIComponent(name)}`)
    ).json as FileInfo;
  }

  async act(action: string): Promise<Told> {
    return await this.wire.call("POST", `${SESSIONS}/${this.sessionId}?action=${action}`);
  }

  async sessionState(): Promise<string> {
    return (
      (await this.wire.call("GET", `${SESSIONS}/${this.sessionId}`)).json as { state: string }
    ).state;
  }

  /** Puts one file into the item, and opens a download of it: resolves with the endpoint's path and its session. */
  async publish(
    name: string,
    content: string | Uint8Array,
  ): Promise<{ readonly path: string; readonly downloadId: string }> {
    const sent = await this.wire.ask("PUT", await this.add(name), { body: content });
    assert.equal(sent.status, 200, sent.text);
    const completed = await this.act("complete");
    assert.equal(completed.status, 204, completed.text);
    const downloadId = String(
      (await this.wire.call("POST", DOWNLOADS, { library_item_id: this.#itemId })).json,
    );
    const prepared = await this.wire.call(
      "POST",
      `${DOWNLOADS}/${downloadId}/file?action=prepare`,
      { file_name: name },
    );
    const { download_endpoint: endpoint } = prepared.json as { download_endpoint: { uri: string } };
    return { path: pathOf(endpoint.uri), downloadId };
  }

  async cancelDownload(downloadId: string): Promise<Told> {
    return await this.wire.call("POST", `${DOWNLOADS}/${downloadId}?action=cancel`);
  }

  async close(): Promise<void> {
    await this.wire.close();
  }
}

const pathOf = (uri: string): string => new URL(uri).pathname;

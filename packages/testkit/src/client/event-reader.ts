import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:http";
import type { ServerEvent } from "@contentlib/contract";

/** An event as it came over the wire; `id` is the last one named, as a browser keeps it. */
export interface ReadEvent {
  readonly id: string;
  readonly name: string;
  readonly data: ServerEvent;
}

/** What is asked for beside the address. */
export interface EventAsk {
  readonly headers?: Readonly<Record<string, string>>;
  readonly lastEventId?: string | null;
}

/** A client of Server-Sent Events that reads as the HTML standard says, and keeps all it heard. */
export class EventReader {
  readonly events: ReadEvent[] = [];
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body where it is no stream of events, once it is over. */
  text = "";
  lastId = "";
  retryMs: number | null = null;
  comments = 0;
  isOver = false;
  readonly #request: ClientRequest;
  readonly #response: IncomingMessage;
  #rest = "";
  #notify: (() => void)[] = [];

  private constructor(asking: ClientRequest, response: IncomingMessage) {
    this.#request = asking;
    this.#response = response;
    this.status = response.statusCode ?? 0;
    this.headers = response.headers;
    response.setEncoding("utf8");
    response.on("data", (chunk: string) => this.#read(chunk)).on("error", () => undefined);
    response.on("close", () => {
      this.isOver = true;
      this.#wake();
    });
  }

  /** Resolves when the head of the answer is there. */
  static async open(
    address: string,
    { headers = {}, lastEventId = null }: EventAsk = {},
  ): Promise<EventReader> {
    const place = lastEventId === null ? {} : { "last-event-id": lastEventId };
    return await new Promise((resolve, reject) => {
      const asking = request(address, {
        agent: false,
        headers: { accept: "text/event-stream", ...headers, ...place },
      });
      asking.on("error", reject);
      asking.on("response", (response) => resolve(new EventReader(asking, response)));
      asking.end();
    });
  }

  /** Whether the server has ended the stream itself, and not the connection. */
  get isWhole(): boolean {
    return this.#response.complete;
  }

  /** Resolves with the first event, of those heard and those to come, that is asked for; rejects when the stream ends before. */
  async until(isWanted: (event: ReadEvent) => boolean): Promise<ReadEvent> {
    for (let from = 0; ;) {
      const found = this.events.slice(from).find(isWanted);
      if (found !== undefined) return found;
      from = this.events.length;
      if (this.isOver) throw new Error("The stream ended before the event came.");
      await this.changed();
    }
  }

  /** Resolves when the server has ended the stream. */
  async over(): Promise<void> {
    while (!this.isOver) await this.changed();
  }

  /** Resolves when something came. */
  async changed(): Promise<void> {
    await new Promise<void>((resolve) => this.#notify.push(resolve));
  }

  /** Reads no more, so that the server's side fills up. */
  pause(): void {
    this.#response.pause();
  }

  resume(): void {
    this.#response.resume();
  }

  /** Breaks the connection. */
  close(): void {
    this.#request.destroy();
  }

  #read(chunk: string): void {
    this.text += chunk;
    const blocks = (this.#rest + chunk).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    for (const block of blocks) this.#readBlock(block);
    this.#wake();
  }

  #readBlock(block: string): void {
    let name = "message";
    const data: string[] = [];
    for (const line of block.split("\n")) {
      const [field = "", value = ""] = line.split(/: ?(.*)/s);
      if (line.startsWith(":")) this.comments += 1;
      else if (field === "id") this.lastId = value;
      else if (field === "event") name = value;
      else if (field === "data") data.push(value);
      else if (field === "retry") this.retryMs = Number(value);
    }
    if (data.length === 0) return;
    this.events.push({ id: this.lastId, name, data: JSON.parse(data.join("\n")) as ServerEvent });
  }

  #wake(): void {
    for (const notify of this.#notify.splice(0)) notify();
  }
}

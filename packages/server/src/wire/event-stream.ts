/*
 * Server-Sent Events, as the HTML standard has them: blocks of lines `id:`, `event:` and `data:`, each ended by an empty line.
 * A line that begins with a colon means nothing, and shows that the connection lives.
 */
import type { ServerResponse } from "node:http";
import type { App, EventStream, ToldEvent } from "../app/app.ts";
import type { Clock, Closable } from "../ports/index.ts";
import { REQUEST_ID_HEADER, sendReply } from "./reply.ts";
import { headerOf } from "./request-head.ts";
import type { StallWatch, Watched } from "./stall-watch.ts";
import type { StreamRoad } from "./streams.ts";

/** How often a listener hears that the connection lives, in milliseconds; proxies give up a silent one after 30 s or more. */
export const HEARTBEAT_PERIOD_MS = 15_000;

/** How long a listener is to wait before it comes back, in milliseconds. */
export const COME_BACK_AFTER_MS = 2_000;

/** How long a listener may take nothing while something waits for it, in milliseconds; then its connection is cut. */
export const LISTENER_STALL_TIMEOUT_MS = 30_000;

/** The header that names the place up to which a listener has heard everything. */
const LAST_EVENT_ID = "last-event-id";

const NO_CONTENT = 204;
const HEARTBEAT = Buffer.from(":\n\n");
const GREETING = Buffer.from(`retry: ${COME_BACK_AFTER_MS}\n\n`);

/** An event's block. An id alone moves the place and tells nothing. */
const blockOf = ({ id, event }: ToldEvent): string => {
  const place = id === null ? "" : `id: ${id}\n`;
  if (event === null) return `${place}\n`;
  const name = event.kind.toLowerCase().replaceAll("_", "-");
  return `${place}event: ${name}\ndata: ${JSON.stringify(event)}\n\n`;
};

/** One listener's connection, as the stall watch sees it: it moves when the socket has let go of what it held. */
class ListenerConnection implements Watched {
  movedBytes = 0;
  waitsForPeer = false;
  readonly #response: ServerResponse;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  stalled(): void {
    this.#response.destroy();
  }

  beat(): void {
    if (!this.waitsForPeer) this.#response.write(HEARTBEAT);
  }

  /** Writes blocks, and resolves when the socket takes more or is gone. */
  async write(blocks: readonly Buffer[]): Promise<void> {
    const response = this.#response;
    const bytes = Buffer.concat(blocks);
    this.movedBytes += bytes.length;
    if (response.write(bytes) || response.destroyed) return;
    this.waitsForPeer = true;
    const { promise, resolve } = Promise.withResolvers<void>();
    response.once("drain", resolve).once("close", resolve);
    await promise;
    response.off("drain", resolve).off("close", resolve);
    this.waitsForPeer = false;
  }
}

interface EventRoadNeeds {
  readonly events: App["events"];
  readonly clock: Clock;
  readonly stalls: StallWatch;
}

/** Sends streams of events to whoever listens, under one heartbeat for all. */
export class EventRoad implements Closable {
  readonly #needs: EventRoadNeeds;
  readonly #connections = new Set<ListenerConnection>();
  /** An event goes to many listeners and is written out once. */
  readonly #blocks = new WeakMap<ToldEvent, Buffer>();
  readonly #beating: Closable;

  constructor(needs: EventRoadNeeds) {
    this.#needs = needs;
    this.#beating = needs.clock.every(HEARTBEAT_PERIOD_MS, () => {
      for (const connection of this.#connections) connection.beat();
    });
  }

  readonly stream: StreamRoad<"event.stream"> = async (input, call, request, response) => {
    const lastEventId = headerOf(request, LAST_EVENT_ID);
    const follower = { caller: call.caller, origin: call, lastEventId };
    const stream = await this.#needs.events.open(input, follower);
    const headers = { "Cache-Control": "no-store", [REQUEST_ID_HEADER]: call.requestId };
    if (stream === null) {
      // The one status that keeps an EventSource from coming back.
      sendReply(response, { status: NO_CONTENT, headers });
      return;
    }
    const close = (): void => stream.close();
    response.once("close", close);
    try {
      if (response.destroyed) return;
      response.writeHead(200, {
        ...headers,
        "Content-Type": "text/event-stream",
        // Proxies that collect replies before they hand them on are asked not to.
        "X-Accel-Buffering": "no",
      });
      await this.#send(response, stream);
    } finally {
      response.off("close", close);
      stream.close();
    }
  };

  close(): void {
    this.#beating.close();
  }

  async #send(response: ServerResponse, stream: EventStream): Promise<void> {
    const connection = new ListenerConnection(response);
    const watching = this.#needs.stalls.watch(connection, LISTENER_STALL_TIMEOUT_MS);
    this.#connections.add(connection);
    try {
      await connection.write([GREETING]);
      for (;;) {
        const told = await stream.next();
        if (told === null || response.destroyed) break;
        await connection.write(told.map((each) => this.#blockOf(each)));
      }
    } finally {
      this.#connections.delete(connection);
      watching.close();
    }
    response.end();
  }

  #blockOf(told: ToldEvent): Buffer {
    const known = this.#blocks.get(told);
    if (known !== undefined) return known;
    const block = Buffer.from(blockOf(told));
    this.#blocks.set(told, block);
    return block;
  }
}

import { type IncomingMessage, request } from "node:http";
import { freshConnections } from "./http-exchange.ts";

/** A download of which nothing is read, so that it is under way for as long as the test says. */
export class HeldDownload {
  readonly #reply: IncomingMessage;
  /** Whether all came that was told to come, once the connection has ended. */
  readonly isWhole: Promise<boolean>;

  private constructor(reply: IncomingMessage) {
    this.#reply = reply;
    this.isWhole = new Promise((resolve) => {
      reply.on("error", () => undefined);
      reply.on("close", () => resolve(reply.complete));
    });
  }

  /** Resolves once the head of the reply is there. */
  static async open(url: string): Promise<HeldDownload> {
    return await new Promise((resolve, reject) => {
      const asked = request(url, { agent: freshConnections });
      asked.on("error", reject);
      asked.on("response", (reply) => {
        reply.pause();
        resolve(new HeldDownload(reply));
      });
      asked.end();
    });
  }

  /** Takes what has come so far, and whatever else comes. */
  resume(): void {
    this.#reply.resume();
  }
}

import type { Socket } from "node:net";
import type { Clock, Closable } from "../ports/index.ts";
import { Connection } from "./connection.ts";
import { ConnectionPlaces } from "./connection-places.ts";
import { unmapped } from "./proxies.ts";

/** How often connections are looked at, and how often idle ones are given up to make room, in milliseconds. */
const PERIOD_MS = 1000;

const LOOPBACK = /^(?:127\.|::1$)/;

/** What decides who may be connected. */
export interface ConnectionsOptions {
  readonly clock: Clock;
  readonly connectionsMax: number;
  readonly isTls: boolean;
  /** Whether the address is that of a trusted proxy. */
  readonly isProxy: (address: string) => boolean;
  /** Tells a client that the head of its request did not come in time, and ends its connection. */
  readonly tellLate: (socket: Socket) => void;
}

/** What tells the two ends of a connection from all others. */
const endsOf = ({ remoteAddress, remotePort, localAddress, localPort }: Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;

/** All connections of the server: who may have one, and who has had his for too long. */
export class Connections implements Closable {
  readonly #options: ConnectionsOptions;
  readonly #places: ConnectionPlaces;
  readonly #all = new Set<Connection>();
  readonly #bySocket = new WeakMap<Socket, Connection>();
  /** Those that TLS is not up on yet: Node does not say which socket its TLS is on. */
  readonly #unsecured = new Map<string, Connection>();
  readonly #ticking: Closable;
  #madeRoomMs = Number.NEGATIVE_INFINITY;

  constructor(options: ConnectionsOptions) {
    const { clock, connectionsMax, isProxy } = options;
    this.#options = options;
    this.#places = new ConnectionPlaces(
      connectionsMax,
      (address) => LOOPBACK.test(address) || isProxy(address),
    );
    this.#ticking = clock.every(PERIOD_MS, () => this.#look());
  }

  /** Takes a new connection in, or cuts it. */
  open(raw: Socket): void {
    const { clock, isTls } = this.#options;
    const nowMs = clock.monotonicMs();
    const network = this.#places.shareOf(unmapped(raw.remoteAddress ?? ""));
    this.#makeRoom(network, nowMs);
    const place = this.#places.take(network);
    if (place.admission === "cut") {
      raw.destroy();
      return;
    }
    const connection = new Connection(raw, place, { isTls, nowMs });
    this.#all.add(connection);
    const ends = isTls ? endsOf(raw) : null;
    if (ends === null) this.#bySocket.set(raw, connection);
    else this.#unsecured.set(ends, connection);
    raw.on("close", () => {
      if (ends !== null && this.#unsecured.get(ends) === connection) this.#unsecured.delete(ends);
      this.#forget(connection);
    });
  }

  /** TLS is up on a connection. */
  secured(socket: Socket): void {
    const connection = this.unsecuredOf(socket);
    if (connection === undefined) {
      socket.destroy();
      return;
    }
    this.#unsecured.delete(endsOf(socket));
    connection.secured(socket, this.#options.clock.monotonicMs());
    this.#bySocket.set(socket, connection);
  }

  /** The connection that HTTP is spoken on over this socket; `undefined` when it is none of ours, or its TLS is not up. */
  of(socket: Socket): Connection | undefined {
    return this.#bySocket.get(socket);
  }

  /** The connection that TLS did not come up on. */
  unsecuredOf(socket: Socket): Connection | undefined {
    return this.#unsecured.get(endsOf(socket));
  }

  /** Ends those that have asked nothing yet: Node counts them as busy. */
  endUnasked(): void {
    for (const connection of this.#all) if (connection.isUnasked) this.#giveUp(connection);
  }

  /** Ends all of them, and looks at no more. */
  close(): void {
    this.#ticking.close();
    for (const connection of this.#all) this.#giveUp(connection);
  }

  #forget(connection: Connection): void {
    if (this.#all.delete(connection)) this.#places.giveBack(connection.place);
  }

  #giveUp(connection: Connection): void {
    this.#forget(connection);
    connection.destroy();
  }

  /** Gives up those that are idle for the longest, where the last places are being taken. */
  #makeRoom(network: string | null, nowMs: number): void {
    const { areScarce, margin } = this.#places;
    if (!areScarce && !this.#places.isUsedUp(network)) return;
    // To look through all of them for each new one would be an attack's best help.
    if (nowMs - this.#madeRoomMs < PERIOD_MS) return;
    this.#madeRoomMs = nowMs;
    const idle: { readonly connection: Connection; readonly sinceMs: number }[] = [];
    for (const connection of this.#all) {
      const sinceMs = connection.idleSinceMs;
      const helps = areScarce || connection.place.network === network;
      if (sinceMs !== null && helps) idle.push({ connection, sinceMs });
    }
    idle.sort((a, b) => a.sinceMs - b.sinceMs);
    for (const { connection } of idle.slice(0, margin)) this.#giveUp(connection);
  }

  #look(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const connection of this.#all) {
      const verdict = connection.look(nowMs);
      if (verdict === "dead") this.#giveUp(connection);
      if (verdict === "late") this.#options.tellLate(connection.socket);
    }
  }
}

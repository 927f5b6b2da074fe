import { type Bench, inTurn, type Measure } from "./bench.ts";
import { type Finding, ratioFinding, type Series } from "./finding.ts";
import { Loaded, loadNote } from "./load.ts";
import { Api, startProduct } from "./product.ts";
import {
  getSessionCalls,
  keepAliveCalls,
  WIRES,
  type WireCalls,
  type WireName,
} from "./wire-calls.ts";

const CONNECTIONS = 16;
const MICROSECONDS = 1e6;

/** How much longer a call may take than on /rest. */
const LIMITS = { "/api": 1.3, "JSON-RPC": 1.6 } as const;

/** One operation on all wires: a request for each session, so that writes do not meet. */
interface Operation {
  readonly name: string;
  readonly calls: readonly WireCalls[];
}

type WireLoads = Readonly<Record<WireName, Loaded>>;

const byWire = <Value>(make: (wire: WireName) => Value): Readonly<Record<WireName, Value>> => ({
  "/rest": make("/rest"),
  "/api": make("/api"),
  "JSON-RPC": make("JSON-RPC"),
});

function loadsOf(pid: number, { calls }: Operation, durationMs: number): WireLoads {
  const requestsOn = (wire: WireName) => calls.map((call) => call[wire]);
  return byWire(
    (wire) => new Loaded(pid, { requests: requestsOn(wire), connections: CONNECTIONS, durationMs }),
  );
}

const microsecondsPerCall = async (loaded: Loaded): Promise<number> =>
  MICROSECONDS / (await loaded.rate());

async function measureOperation(
  pid: number,
  operation: Operation,
  effort: Bench["effort"],
): Promise<readonly Finding[]> {
  const samplesOf = (loads: WireLoads) => byWire((wire) => () => microsecondsPerCall(loads[wire]));
  await inTurn(1, samplesOf(loadsOf(pid, operation, effort.loadMs)));
  const loads = loadsOf(pid, operation, effort.loadMs);
  const values = await inTurn(effort.rounds, samplesOf(loads));
  const series = (wire: WireName): Series => ({
    name: wire,
    unit: "us a call",
    values: values[wire],
  });
  const finding = (wire: keyof typeof LIMITS): Finding =>
    ratioFinding(
      {
        measure: `${operation.name} on ${wire}, ${String(CONNECTIONS)} connections`,
        product: series(wire),
        baseline: series("/rest"),
        beside: [...loads[wire].cost(wire), ...loads["/rest"].cost("/rest")],
        note: operation.calls.length === 1 ? loadNote : "load by a Node client",
      },
      { sign: "<=", limit: LIMITS[wire] },
    );
  return WIRES.filter((wire) => wire !== "/rest").map(finding);
}

export const wires: Measure = {
  name: "wires",
  async run(bench: Bench) {
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const sessions: string[] = [];
    for (const itemId of await api.createItems(CONNECTIONS))
      sessions.push(await api.createSession(itemId));
    const [sessionId = ""] = sessions;
    const get = { name: "get of a session", calls: [getSessionCalls(api, sessionId)] };
    const keepAlive = {
      name: "keep-alive of a session",
      calls: sessions.map((id) => keepAliveCalls(api, id)),
    };
    return [
      ...(await measureOperation(product.pid, get, bench.effort)),
      ...(await measureOperation(product.pid, keepAlive, bench.effort)),
    ];
  },
};

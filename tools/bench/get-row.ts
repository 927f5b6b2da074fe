import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startBaseline } from "./baseline.ts";
import { type Bench, inTurn } from "./bench.ts";
import type { ServerProcess } from "./child.ts";
import { type Finding, ratioFinding, type Series } from "./finding.ts";
import { Loaded, loadNote } from "./load.ts";
import type { LoadRequest } from "./load-job.ts";

/** How many connections ask at once. */
export const CONNECTIONS = 16;

/** The forms on which a get is measured: those where the login is a header. */
export const FORMS = ["/rest", "/api"] as const;

export type Form = (typeof FORMS)[number];

/** A bare server for each form, which answers the very bytes that ours does. */
export type BareServers = Readonly<Record<Form, ServerProcess>> & AsyncDisposable;

async function startBare({ scratch }: Bench, answer: unknown): Promise<ServerProcess> {
  const folder = scratch.folder("baseline");
  const answerFile = join(folder, "answer.json");
  await writeFile(answerFile, JSON.stringify(answer));
  return await startBaseline({ folder, answerFile });
}

/** Starts them for what ours answers on /api; on /rest that stands in an envelope. */
export async function startBareServers(bench: Bench, answer: unknown): Promise<BareServers> {
  await using servers = new AsyncDisposableStack();
  const rest = servers.use(await startBare(bench, { value: answer }));
  const api = servers.use(await startBare(bench, answer));
  const started = servers.move();
  return {
    "/rest": rest,
    "/api": api,
    [Symbol.asyncDispose]: () => started[Symbol.asyncDispose](),
  };
}

/** A get of which the rate is held against the bare server's. */
export interface GetRow {
  readonly measure: string;
  readonly product: ServerProcess;
  readonly bare: ServerProcess;
  readonly request: LoadRequest;
  /** Another request to our server in the same rounds, to be read beside; its name tells what it is. */
  readonly other?: { readonly name: string; readonly request: LoadRequest };
}

type Who = "product" | "bare" | "other";

/** One finding: a median rate, and the processor time of an answer of each of those that were loaded. */
export async function measureGet(row: GetRow, effort: Bench["effort"]): Promise<Finding> {
  const { product, bare, request, other } = row;
  const there = { ...request, url: request.url.replace(product.url, bare.url) };
  const loadsFor = (): readonly (readonly [Who, Loaded])[] => {
    const load = (pid: number, one: LoadRequest): Loaded =>
      new Loaded(pid, { requests: [one], connections: CONNECTIONS, durationMs: effort.loadMs });
    return [
      ["product", load(product.pid, request)],
      ["bare", load(bare.pid, there)],
      ...(other === undefined ? [] : [["other", load(product.pid, other.request)] as const]),
    ];
  };
  const samplesOf = (loads: ReturnType<typeof loadsFor>): Record<string, () => Promise<number>> =>
    Object.fromEntries(loads.map(([who, loaded]) => [who, () => loaded.rate()]));
  await inTurn(1, samplesOf(loadsFor()));
  const loads = loadsFor();
  const values = await inTurn(effort.rounds, samplesOf(loads));
  const names: Readonly<Record<Who, string>> = {
    product: "contentlib",
    bare: "bare node:http",
    other: other?.name ?? "",
  };
  const series = (who: Who, name: string): Series => ({
    name,
    unit: "1/s",
    values: values[who] ?? [],
  });
  return ratioFinding(
    {
      measure: row.measure,
      product: series("product", names.product),
      baseline: series("bare", "bare node:http, the same bytes"),
      beside: [
        ...(other === undefined ? [] : [series("other", names.other)]),
        ...loads.flatMap(([who, loaded]) => loaded.cost(names[who])),
      ],
      note: loadNote,
    },
    { sign: ">=", limit: 0.6 },
  );
}

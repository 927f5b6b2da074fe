import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startBaseline } from "./baseline.ts";
import { type Bench, inTurn, type Measure } from "./bench.ts";
import type { ServerProcess } from "./child.ts";
import { type Finding, ratioFinding, type Series } from "./finding.ts";
import { Loaded, loadNote } from "./load.ts";
import { Api, startProduct } from "./product.ts";
import { getSessionCalls } from "./wire-calls.ts";

const CONNECTIONS = 16;
const FORMS = ["/rest", "/api"] as const;

type Form = (typeof FORMS)[number];

/** The servers that are compared; the bare ones answer the very bytes of one form each. */
interface Servers {
  readonly product: ServerProcess;
  readonly bare: Readonly<Record<Form, ServerProcess>>;
  readonly calls: ReturnType<typeof getSessionCalls>;
}

async function startBare({ scratch }: Bench, answer: unknown): Promise<ServerProcess> {
  const folder = scratch.folder("baseline");
  const answerFile = join(folder, "answer.json");
  await writeFile(answerFile, JSON.stringify(answer));
  return await startBaseline({ folder, answerFile });
}

const loadsOf = ({ product, bare, calls }: Servers, form: Form, durationMs: number) => {
  const request = calls[form];
  const there = { ...request, url: request.url.replace(product.url, bare[form].url) };
  const job = { connections: CONNECTIONS, durationMs };
  return {
    product: new Loaded(product.pid, { requests: [request], ...job }),
    bare: new Loaded(bare[form].pid, { requests: [there], ...job }),
  };
};

async function measureForm(
  servers: Servers,
  form: Form,
  effort: Bench["effort"],
): Promise<Finding> {
  const samplesOf = (loads: ReturnType<typeof loadsOf>) => ({
    product: () => loads.product.rate(),
    bare: () => loads.bare.rate(),
  });
  await inTurn(1, samplesOf(loadsOf(servers, form, effort.loadMs)));
  const loads = loadsOf(servers, form, effort.loadMs);
  const values = await inTurn(effort.rounds, samplesOf(loads));
  const series = (name: string, of: readonly number[]): Series => ({
    name,
    unit: "1/s",
    values: of,
  });
  return ratioFinding(
    {
      measure: `GET of a session on ${form}, ${String(CONNECTIONS)} connections, logged in`,
      product: series("contentlib", values.product),
      baseline: series("bare node:http, the same bytes", values.bare),
      beside: [...loads.product.cost("contentlib"), ...loads.bare.cost("bare node:http")],
      note: loadNote,
    },
    { sign: ">=", limit: 0.6 },
  );
}

export const getSession: Measure = {
  name: "get",
  async run(bench: Bench) {
    await using product = await startProduct(bench);
    const api = await Api.open(product.url);
    const [itemId = ""] = await api.createItems(1);
    const sessionId = await api.createSession(itemId);
    const answer = await api.call("GET", `/content/library/item/update-session/${sessionId}`);
    await using bareRest = await startBare(bench, { value: answer });
    await using bareApi = await startBare(bench, answer);
    const bare = { "/rest": bareRest, "/api": bareApi };
    const servers = { product, bare, calls: getSessionCalls(api, sessionId) };
    const findings: Finding[] = [];
    for (const form of FORMS) findings.push(await measureForm(servers, form, bench.effort));
    return findings;
  },
};

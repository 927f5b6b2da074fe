import type { Bench, Measure } from "./bench.ts";
import type { Finding } from "./finding.ts";
import { getAmongMany } from "./get-among-many.ts";
import { CONNECTIONS, FORMS, measureGet, startBareServers } from "./get-row.ts";
import { Api, startProduct } from "./product.ts";
import { getSessionCalls } from "./wire-calls.ts";

async function getAlone(bench: Bench): Promise<readonly Finding[]> {
  await using product = await startProduct(bench);
  const api = await Api.open(product.url);
  const [itemId = ""] = await api.createItems(1);
  const sessionId = await api.createSession(itemId);
  const answer = await api.call("GET", `/content/library/item/update-session/${sessionId}`);
  await using bare = await startBareServers(bench, answer);
  const calls = getSessionCalls(api, sessionId);
  const findings: Finding[] = [];
  for (const form of FORMS) {
    const measure = `GET of a session on ${form}, ${String(CONNECTIONS)} connections, logged in`;
    const row = { measure, product, bare: bare[form], request: calls[form] };
    findings.push(await measureGet(row, bench.effort));
  }
  return findings;
}

export const getSession: Measure = {
  name: "get",
  async run(bench: Bench) {
    return [...(await getAlone(bench)), ...(await getAmongMany(bench))];
  },
};

import type { Bench } from "./bench.ts";
import type { Finding } from "./finding.ts";
import { type Form, FORMS, measureGet, startBareServers } from "./get-row.ts";
import type { LoadRequest } from "./load-job.ts";
import { Api, type Product } from "./product.ts";
import { startSeeded } from "./start-seeded.ts";
import { getDownloadCalls, getSessionCalls } from "./wire-calls.ts";

const LIBRARIES = 100;
const ITEMS = 1_000;
/** The administrator, and the viewer who asks: an account and a grant each. */
const OTHERS = 2;
const VIEWER = "viewer";
const BASE = "/content/library/item";

interface Ground {
  readonly product: Product;
  readonly admin: Api;
  readonly viewer: Api;
  readonly among: string;
}

/** A session of the viewer. */
interface Asked {
  readonly name: string;
  /** What /api answers. */
  readonly answer: unknown;
  calls(api: Api): Readonly<Record<Form, LoadRequest>>;
  readonly isBound: boolean;
}

/**
 * A viewer can make no update session, and one that is ACTIVE is canceled as its creator becomes a viewer. So the session was
 * completed by an editor who is a viewer now, and has that role on that library and no other.
 */
async function updateSessionOf({ admin, viewer }: Ground, item: Item): Promise<Asked> {
  const editing = await admin.grant(VIEWER, "EDITOR", item.libraryId);
  const id = await viewer.createSession(item.id);
  await viewer.act(id, "complete");
  await admin.grant(VIEWER, "VIEWER", item.libraryId);
  await admin.call("DELETE", `/contentlib/grants/${editing}`);
  return {
    name: "GET of a session",
    answer: await viewer.call("GET", `${BASE}/update-session/${id}`),
    calls: (api) => getSessionCalls(api, id),
    isBound: true,
  };
}

/** What viewers make themselves. Its heads are not kept in memory, so that each get reads the catalog, whoever asks. */
async function downloadSessionOf({ viewer }: Ground, item: Item): Promise<Asked> {
  const id = await viewer.createDownload(item.id);
  return {
    name: "GET of a download session",
    answer: await viewer.call("GET", `${BASE}/download-session/${id}`),
    calls: (api) => getDownloadCalls(api, id),
    isBound: false,
  };
}

interface Item {
  readonly id: string;
  readonly libraryId: string;
}

async function measureAsked(
  bench: Bench,
  { admin, viewer, product, among }: Ground,
  { name, answer, calls, isBound }: Asked,
): Promise<readonly Finding[]> {
  await using bare = await startBareServers(bench, answer);
  const findings: Finding[] = [];
  for (const form of FORMS) {
    const row = {
      measure: `${name} on ${form} for a viewer of one library ${among}`,
      product,
      bare: bare[form],
      request: calls(viewer)[form],
      other: { name: "contentlib, asked by the administrator", request: calls(admin)[form] },
    };
    const finding = await measureGet(row, bench.effort);
    findings.push(isBound ? finding : { ...finding, reach: "-", passed: null });
  }
  return findings;
}

/** Gets by a viewer of one library, on a server that knows many people with grants on many; the administrator asks for the same beside. */
export async function getAmongMany(bench: Bench): Promise<readonly Finding[]> {
  const { accounts, grants } = bench.effort;
  const people = { accounts: accounts - OTHERS, grants: grants - OTHERS };
  const size = { items: ITEMS, libraries: LIBRARIES, sessions: 0, people };
  const { product: server, items } = await startSeeded(bench, size);
  await using product = server;
  const [item] = items;
  if (item === undefined) throw new Error("Items were seeded.");
  const admin = await Api.open(product.url);
  const viewer = await admin.openAsNew(VIEWER);
  const among = `among ${accounts.toLocaleString("en")} accounts and ${grants.toLocaleString("en")} grants`;
  const ground = { product, admin, viewer, among };
  const findings: Finding[] = [];
  for (const open of [updateSessionOf, downloadSessionOf])
    findings.push(...(await measureAsked(bench, ground, await open(ground, item))));
  return findings;
}

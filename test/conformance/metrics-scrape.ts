import assert from "node:assert/strict";
import type { Family } from "@contentlib/testkit/client/parse-exposition";
import { parseExposition } from "@contentlib/testkit/client/parse-exposition";
import { BASIC } from "./client.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

/** The figures of a server, by name. */
export type Families = ReadonlyMap<string, Family>;

/** Asks for the figures, and answers whatever comes. */
export async function askMetrics(
  { url }: ServerUnderTest,
  headers: Readonly<Record<string, string>>,
): Promise<Incoming> {
  return await exchange({ method: "GET", url: `${url}/metrics`, headers });
}

/** The figures as text, as the administrator gets them. */
export async function scrapeText(server: ServerUnderTest): Promise<string> {
  const answer = await askMetrics(server, { Authorization: BASIC });
  assert.equal(answer.status, 200, answer.text);
  return answer.text;
}

/** The figures, read by the rules of their format. */
export async function scrapeMetrics(server: ServerUnderTest): Promise<Families> {
  return parseExposition(await scrapeText(server));
}

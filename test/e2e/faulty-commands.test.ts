// The command line's push over a line that harms one of its requests, whichever it is: it ends well or says what is wrong in one
// line, and then the same line just works.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { LineFault } from "@contentlib/testkit/faults/faulty-line";
import { startCliRig } from "./cli-rig.ts";
import { contentOf } from "./small-server.ts";

const TIMEOUT_MS = 120_000;
/** A push makes fewer requests than this, or the loop would never end. */
const REQUESTS_MAX = 40;
/** What loses one request or one answer, which every step of a push is sure of by asking again. */
const OVERCOME: ReadonlySet<string> = new Set(["request lost", "answer lost"]);

/** Exit status of a push that could not get through. */
const UNREACHABLE = 6;
const CONTENT = { "a.img": "image ".repeat(20_000), "b.txt": "some text" };

const FAULTS: Readonly<Record<string, LineFault>> = {
  "request lost": { kind: "request lost" },
  "answer lost": { kind: "answer lost" },
  late: { kind: "late" },
  truncated: { kind: "truncated", afterBytes: 120 },
  "answer truncated": { kind: "answer truncated", answerBytes: 90 },
  "a gateway without its server": { kind: "gateway", isPassed: false },
  "a gateway that lost the answer": { kind: "gateway", isPassed: true },
};

// Most of each is waiting between tries.
describe("a push with one request harmed", { concurrency: 4 }, () => {
  for (const [kind, fault] of Object.entries(FAULTS))
    test(`ends well, or says why not: ${kind}`, { timeout: TIMEOUT_MS }, async (t) => {
      const rig = await startCliRig(t);
      const paths = await Promise.all(
        Object.entries(CONTENT).map(async ([name, text]) => await rig.file(name, text)),
      );
      for (let at = 1; ; at += 1) {
        assert.ok(at < REQUESTS_MAX);
        const line = await rig.server.line({
          fault: ({ number }) => (number === at ? fault : null),
        });
        const item = `images/item ${at}`;
        const first = await rig.cli("push", ...paths, item, "--url", line.url);
        const where = `request ${at}, ${line.requests[at - 1]?.target}: ${first.err}`;
        if (OVERCOME.has(kind)) assert.equal(first.code, 0, where);
        if (first.code !== 0) {
          assert.equal(first.code, UNREACHABLE, where);
          assert.doesNotMatch(first.err, /^\s+at |</m, where);
          const second = await rig.cli("push", ...paths, item);
          assert.equal(second.code, 0, `${where}\nthen: ${second.err}`);
        }
        const [itemId = ""] = await rig.client.item.find({ spec: { name: `item ${at}` } });
        assert.deepEqual(await contentOf(rig.client, itemId), CONTENT, where);
        const { content_version } = await rig.client.item.get({ library_item_id: itemId });
        assert.equal(content_version, "2", where);
        await line.close();
        if (line.requests.length < at) break;
      }
    });
});

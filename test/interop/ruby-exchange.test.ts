// What two versions of the Ruby gem send, from login to logout, goes over a socket as it stands in `ruby`; the replies must be
// what the gem makes typed results of. The gem itself is not in the registries that these tests install from.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { password, root, startLiveServer } from "../e2e/live-server.ts";
import { ranWith } from "./ran-with.ts";
import { type Exchange, type Gem, Replay } from "./recorded-exchange.ts";

const read = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(root, "test", "interop", "ruby", name), "utf8"));
const gems = (await read("gems.json")) as readonly Gem[];
const exchanges = (await read("exchanges.json")) as readonly Exchange[];
const basic = Buffer.from(`administrator:${password}`).toString("base64");

/** The lines of the checklist that each recording shows, in the order of `gems.json`. */
const titles = [
  "the gem 0.1.0 [C136]",
  "the gem 0.4.7 [C137]",
  "the gem 0.4.7, with the id that it reads from the cookie [C137]",
];

for (const [index, gem] of gems.entries()) {
  test(String(titles[index]), async (t) => {
    const { url } = await startLiveServer(t);
    const replay = new Replay(gem, url, { basic });
    ranWith(t, gem.client);
    for (const exchange of exchanges) {
      let isBroken = true;
      await t.test(exchange.what, async () => {
        await replay.play(exchange);
        isBroken = false;
      });
      // What follows builds on it, and would only tell the same again.
      if (isBroken) break;
    }
  });
}

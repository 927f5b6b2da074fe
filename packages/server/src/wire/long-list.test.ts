import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { request } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { rpcBody, rpcSession, WireRig } from "@contentlib/testkit/rigs/wire-rig";
import type { App } from "../app/app.ts";
import { LongList } from "../app/call.ts";
import { PortError } from "../ports/index.ts";
import { PIECES_STALL_TIMEOUT_MS } from "./send-pieces.ts";

const LIST = "com.vmware.content.local_library.list";
const PATHS = {
  rest: "/rest/com/vmware/content/local-library",
  api: "/api/content/local-library",
  rpc: "/api",
} as const;
type Road = keyof typeof PATHS;
const ROADS = Object.keys(PATHS) as readonly Road[];

const PAGE_LENGTH = 1000;
const idsOf = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `id-${String(index).padStart(36, "0")}`);

/** Pages of a list, and how far they were read. */
class CountedPages implements AsyncIterable<readonly string[]> {
  readonly #ids: readonly string[];
  readonly #pageLength: number;
  read = 0;
  readonly returned = Promise.withResolvers<void>();
  isReturned = false;

  constructor(count: number, pageLength: number = PAGE_LENGTH) {
    this.#ids = idsOf(count);
    this.#pageLength = pageLength;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  [Symbol.asyncIterator](): AsyncIterator<readonly string[]> {
    return {
      next: async () => {
        const start = this.read * this.#pageLength;
        if (start >= this.#ids.length || this.isReturned)
          return await Promise.resolve({ done: true, value: undefined });
        this.read += 1;
        return { value: this.#ids.slice(start, start + this.#pageLength) };
      },
      return: async () => {
        this.isReturned = true;
        this.returned.resolve();
        return await Promise.resolve({ done: true, value: undefined });
      },
    };
  }
}

/** Puts lists of our making in the place of one operation's. */
const answering =
  (list: () => AsyncIterable<readonly string[]>) =>
  (app: App): App => ({
    ...app,
    handlers: {
      ...app.handlers,
      "localLibrary.list": async () => await Promise.resolve(new LongList(list())),
    },
  });

const asking = async (rig: WireRig, road: Road) => {
  const loginId = await rig.loginId();
  const security = rpcSession(loginId);
  return road === "rpc"
    ? {
        method: "POST",
        headers: {},
        body: JSON.stringify(rpcBody(LIST, {}, { security, id: "[]" })),
      }
    : { method: "GET", headers: { "vmware-api-session-id": loginId }, body: undefined };
};

const wholeOf = (road: Road, ids: readonly string[]): string => {
  const list = JSON.stringify(ids);
  if (road === "api") return list;
  return road === "rest"
    ? `{"value":${list}}`
    : `{"jsonrpc":"2.0","id":"[]","result":{"output":${list}}}`;
};

for (const road of ROADS) {
  test(`a hundred thousand ids come in pieces, to the byte what the whole would be, on ${road}`, async () => {
    const rig = await WireRig.open(
      {},
      answering(() => new CountedPages(100_000)),
    );
    const { method, headers, body } = await asking(rig, road);
    const told = await rig.ask(method, PATHS[road], {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    assert.equal(told.status, 200);
    assert.equal(told.headers["content-length"], undefined);
    assert.equal(told.headers["transfer-encoding"], "chunked");
    assert.equal(told.headers["content-type"], "application/json");
    assert.match(String(told.headers["x-request-id"]), /^request-/);
    assert.equal(told.text, wholeOf(road, idsOf(100_000)));
    await rig.close();
  });

  test(`a list of at most one page is answered whole, with its length, on ${road}`, async () => {
    let count = 0;
    const rig = await WireRig.open(
      {},
      answering(() => new CountedPages(count)),
    );
    for (count of [0, 1, PAGE_LENGTH]) {
      const { method, headers, body } = await asking(rig, road);
      const told = await rig.ask(method, PATHS[road], {
        headers,
        ...(body === undefined ? {} : { body }),
      });
      assert.equal(told.text, wholeOf(road, idsOf(count)));
      assert.equal(told.headers["content-length"], String(told.bytes.length));
    }
    await rig.close();
  });
}

test("others are answered between two pages, however fast pages and reader are", async () => {
  const pages = new CountedPages(200 * PAGE_LENGTH);
  const rig = await WireRig.open(
    {},
    answering(() => pages),
  );
  const listing = rig.call("GET", PATHS.api);
  let answered = 0;
  let isListed = false;
  void listing.then(() => {
    isListed = true;
  });
  while (!isListed) {
    assert.equal((await rig.ask("GET", "/healthz")).status, 200);
    answered += 1;
  }
  assert.equal((await listing).text, wholeOf("api", pages.ids));
  assert.ok(answered > 3, `${answered} answers`);
  await rig.close();
});

test("pages that are empty leave no trace", async () => {
  const pages = [[], ["a"], [], ["b", "c"], []];
  const rig = await WireRig.open(
    {},
    answering(async function* () {
      yield* await Promise.resolve(pages);
    }),
  );
  assert.equal((await rig.call("GET", PATHS.api)).text, '["a","b","c"]');
  await rig.close();
});

/** A request whose answer is not read until it is asked for. */
const slowly = async (rig: WireRig, road: Road) => {
  const { method, headers, body } = await asking(rig, road);
  const sending = request({
    host: "127.0.0.1",
    port: rig.port,
    method,
    path: PATHS[road],
    headers,
    agent: false,
  });
  sending.end(body);
  return await new Promise<IncomingMessage>((resolve, reject) => {
    sending.on("response", resolve).on("error", reject);
  });
};

/** More than all buffers between two ends of a connection take. */
const PAGES = 600;
const QUIET_TURNS = 300;

/** Resolves when the pages have not been asked for a while: as many turns as no reply of a running server takes. */
const settled = async (pages: CountedPages): Promise<number> => {
  for (let quiet = 0, last = -1; quiet < QUIET_TURNS; quiet += 1) {
    if (pages.read !== last) {
      quiet = 0;
      last = pages.read;
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return pages.read;
};

test("a reader who takes nothing holds back the reading of pages, and gets all when he takes it", async () => {
  const pages = new CountedPages(PAGES * PAGE_LENGTH);
  const rig = await WireRig.open(
    {},
    answering(() => pages),
  );
  const response = await slowly(rig, "rpc");
  assert.ok((await settled(pages)) < PAGES / 2, `${pages.read} pages are held in memory`);
  assert.equal(await text(response), wholeOf("rpc", pages.ids));
  await pages.returned.promise;
  await rig.close();
});

test("a reader who leaves ends the reading of pages, and is no failure", async () => {
  const pages = new CountedPages(PAGES * PAGE_LENGTH);
  const rig = await WireRig.open(
    {},
    answering(() => pages),
  );
  const response = await slowly(rig, "api");
  response.destroy();
  await pages.returned.promise;
  assert.ok(pages.read < PAGES);
  assert.equal(
    rig.logLines.some((line) => line.includes("request.failed")),
    false,
  );
  await rig.close();
});

test("a reader who falls silent is cut off", async () => {
  const pages = new CountedPages(PAGES * PAGE_LENGTH);
  const rig = await WireRig.open(
    {},
    answering(() => pages),
  );
  const response = await slowly(rig, "rest");
  await settled(pages);
  await rig.clock.advance(PIECES_STALL_TIMEOUT_MS + 2000);
  await pages.returned.promise;
  await assert.rejects(text(response));
  await rig.close();
});

for (const road of ROADS) {
  test(`pages that fail midway break the answer off, and the log says why once, on ${road}`, async () => {
    const rig = await WireRig.open(
      {},
      answering(async function* () {
        yield ["a"];
        yield await Promise.resolve(["b"]);
        throw new Error("the disk is gone");
      }),
    );
    const { method, headers, body } = await asking(rig, road);
    await assert.rejects(
      rig.ask(method, PATHS[road], { headers, ...(body === undefined ? {} : { body }) }),
    );
    const failures = rig.logLines.filter((line) => line.includes("the disk is gone"));
    assert.equal(failures.length, 1);
    await rig.close();
  });
}

test("pages that fail before anything is sent are an ordinary failure", async () => {
  for (const before of [[], [["a"]]]) {
    const rig = await WireRig.open(
      {},
      answering(async function* () {
        yield* await Promise.resolve(before);
        throw new Error("the disk is gone");
      }),
    );
    const told = await rig.call("GET", PATHS.api);
    assert.equal(told.status, 500);
    assert.match(told.text, /INTERNAL_SERVER_ERROR/);
    await rig.close();
  }
});

/** A list for which there was no room, or whose catalog is gone. */
const noRoom = (retry: "never" | "safe") => () => ({
  [Symbol.asyncIterator]: () => ({
    next: async () => {
      await Promise.resolve();
      throw new PortError("unavailable", "There is no room.", { retry });
    },
  }),
});

for (const road of ROADS) {
  test(`a list for which there is no room now is to be asked for again, and no failure, on ${road}`, async () => {
    const rig = await WireRig.open({}, answering(noRoom("safe")));
    const { method, headers, body } = await asking(rig, road);
    const told = await rig.ask(method, PATHS[road], {
      headers,
      ...(body === undefined ? {} : { body }),
    });
    assert.equal(told.status, road === "rpc" ? 200 : 503);
    assert.equal(told.headers["retry-after"], "10");
    assert.match(told.text, /service_unavailable/i);
    assert.match(told.text, /no long list can be read just now/);
    if (road === "rpc")
      assert.equal(told.headers["vapi-error"], "com.vmware.vapi.std.errors.service_unavailable");
    assert.equal(
      rig.logLines.some((line) => line.includes("request.failed")),
      false,
    );
    await rig.close();
  });
}

test("a catalog that can not be read at all is a failure", async () => {
  const rig = await WireRig.open({}, answering(noRoom("never")));
  assert.equal((await rig.call("GET", PATHS.api)).status, 500);
  assert.ok(rig.logLines.some((line) => line.includes("request.failed")));
  await rig.close();
});

test("a first page that does not come is late, and the list is given up", async () => {
  const returned = Promise.withResolvers<void>();
  const entered = Promise.withResolvers<void>();
  const rig = await WireRig.open(
    {},
    answering(() => ({
      [Symbol.asyncIterator]: () => ({
        next: () => {
          entered.resolve();
          return new Promise(() => undefined);
        },
        return: async () => {
          returned.resolve();
          return await Promise.resolve({ done: true, value: undefined });
        },
      }),
    })),
  );
  const calling = rig.call("GET", PATHS.api);
  await entered.promise;
  await rig.clock.advance(61_000);
  assert.equal((await calling).status, 503);
  await returned.promise;
  await rig.close();
});

test("an HTTP/1.0 reader gets the list as well, ended by the end of the connection", async () => {
  const rig = await WireRig.open(
    {},
    answering(() => new CountedPages(3000)),
  );
  const told = await rig.raw(
    `GET ${PATHS.api} HTTP/1.0\r\nvmware-api-session-id: ${await rig.loginId()}\r\n\r\n`,
  );
  assert.ok(told.endsWith(`\r\n\r\n${JSON.stringify(idsOf(3000))}`));
  await rig.close();
});

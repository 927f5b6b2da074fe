import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { HandSource } from "@contentlib/testkit/bytes/byte-sources";
import { blobStoreAround } from "@contentlib/testkit/faults/blob-store-around";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { SessionRig } from "@contentlib/testkit/rigs/session-rig";
import fc from "fast-check";
import type { ByteSource } from "../../ports/index.ts";
import { Fault } from "../fault.ts";

type File = Awaited<ReturnType<SessionRig["add"]>>;

const CONTENT = "0123456789ab";
const RUNS = 60;

/** What a client does with the file, once. All clients have the same bytes, so any that get mixed up show in the checksum. */
type Act =
  | { readonly kind: "look" | "drop" }
  | { readonly kind: "go-on"; readonly sendBytes: number; readonly breaks: boolean }
  | { readonly kind: "guess"; readonly offsetBytes: number }
  | { readonly kind: "whole"; readonly breaksAfter: number | null };

const bytes = fc.nat({ max: CONTENT.length });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("look") }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("go-on"),
      sendBytes: bytes,
      breaks: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("guess"), offsetBytes: bytes }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("whole"),
      breaksAfter: fc.option(bytes, { nil: null }),
    }),
  },
) as fc.Arbitrary<Act>;

/** How many bytes a client was told are here, and how many restarts from 0 there had been when it asked. */
interface Told {
  readonly offsetBytes: number;
  readonly resetsBefore: number;
}

/** What clients may be told when others come between. */
const LOST: readonly string[] = [
  "transfer.superseded",
  "transfer.interrupted",
  "transfer.offset_mismatch",
];

class World {
  readonly #rig: SessionRig;
  readonly #file: File;
  readonly #turns: fc.Scheduler;
  readonly #told: Told[] = [];
  /** Grows when somebody begins, and when somebody ends, to send a whole file or to drop what is here. */
  #resets = 0;
  #resetting = 0;

  constructor(rig: SessionRig, file: File, turns: fc.Scheduler) {
    this.#rig = rig;
    this.#file = file;
    this.#turns = turns;
  }

  async act(act: Act): Promise<void> {
    try {
      await this.#perform(act);
    } catch (error) {
      if (!(error instanceof Fault) || !LOST.includes(error.code)) throw error;
    }
  }

  async #perform(act: Act): Promise<void> {
    switch (act.kind) {
      case "look":
        await this.#look();
        return;
      case "drop":
        return await this.#reset(() => this.#rig.drop(this.#file));
      case "guess":
        return await this.#append(act.offsetBytes, { sendBytes: 2, breaks: false });
      case "go-on":
        return await this.#append(await this.#look(), act);
      case "whole":
        return await this.#reset(async () => {
          const { breaksAfter } = act;
          const text = CONTENT.slice(0, breaksAfter ?? CONTENT.length);
          await this.#rig.send(this.#file, this.#source(text, breaksAfter !== null));
        });
    }
  }

  async #reset(work: () => Promise<void>): Promise<void> {
    this.#resets += 1;
    this.#resetting += 1;
    try {
      await work();
    } finally {
      this.#resets += 1;
      this.#resetting -= 1;
    }
  }

  async #look(): Promise<number> {
    const before = [...this.#told];
    const resetsBefore = this.#resets;
    const { offsetBytes } = await this.#rig.resume(this.#file);
    const lost = before.filter(
      (told) =>
        told.resetsBefore === this.#resets &&
        this.#resetting === 0 &&
        told.offsetBytes > offsetBytes,
    );
    assert.deepEqual(lost, [], `${offsetBytes} are here, and more were told of`);
    this.#tell(offsetBytes, resetsBefore);
    return offsetBytes;
  }

  async #append(
    offsetBytes: number,
    { sendBytes, breaks }: { readonly sendBytes: number; readonly breaks: boolean },
  ): Promise<void> {
    const resetsBefore = this.#resets;
    const text = CONTENT.slice(offsetBytes, offsetBytes + sendBytes);
    const source = this.#source(text, breaks);
    const contentLengthBytes = breaks ? CONTENT.length - offsetBytes : text.length;
    const sent = { offsetBytes, contentLengthBytes };
    const progress = await this.#rig.append(this.#file, source, sent);
    assert.equal(progress.offsetBytes, offsetBytes + text.length);
    this.#tell(progress.offsetBytes, resetsBefore);
  }

  #tell(offsetBytes: number, resetsBefore: number): void {
    if (this.#resetting === 0) this.#told.push({ offsetBytes, resetsBefore });
  }

  /** Bytes that come when the scheduler lets them. */
  #source(text: string, breaks: boolean): ByteSource {
    const source = new HandSource();
    const push = async (): Promise<void> => {
      await source.poured;
      for (let start = 0; start < text.length; start += 3) {
        await this.#turns.schedule(Promise.resolve(), "bytes");
        await source.flowing();
        if (source.stopped) return;
        source.push(Buffer.from(text.slice(start, start + 3)));
      }
      await source.flowing();
      if (breaks) source.break(new Error("The line went dead."));
      else source.end();
    };
    void push();
    return source;
  }
}

/** An app each of whose steps in the store and in the catalog waits for its turn, before and after. */
const openIn = (turns: fc.Scheduler): Promise<SessionRig> => {
  let isTaken = false;
  const inTurn = async <Result>(name: string, proceed: () => Promise<Result>): Promise<Result> => {
    if (!isTaken) return await proceed();
    await turns.schedule(Promise.resolve(), `before ${name}`);
    const result = await proceed();
    await turns.schedule(Promise.resolve(), `after ${name}`);
    return result;
  };
  const opening = SessionRig.open((storage) => ({
    ...storage,
    blobs: blobStoreAround(storage.blobs, inTurn),
    catalog: catalogAround(storage.catalog, inTurn),
  }));
  return opening.then((rig) => {
    isTaken = true;
    return rig;
  });
};

const sendTheRest = async (rig: SessionRig, file: File): Promise<void> => {
  const { offsetBytes, isComplete } = await rig.resume(file);
  if (!isComplete) await rig.append(file, CONTENT.slice(offsetBytes), { offsetBytes });
};

test("whoever comes last wins, what was told stays, and the file gets its own bytes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.array(act, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }),
      async (turns, clients) => {
        const rig = await openIn(turns);
        const checksum = createHash("sha1").update(CONTENT).digest("hex");
        const spec = { size: CONTENT.length, checksum_info: { checksum } };
        const file = await turns.waitFor(rig.add("boot.iso", spec));
        const world = new World(rig, file, turns);
        const running = clients.map(async (acts) => {
          for (const each of acts) await world.act(each);
        });
        await turns.waitFor(Promise.all(running));
        await turns.waitFor(sendTheRest(rig, file));
        const shown = await rig.file("boot.iso");
        assert.deepEqual([shown.status, shown.size], ["READY", CONTENT.length]);
        assert.equal((await turns.waitFor(rig.staged())).length, 1);
        await turns.waitFor(rig.complete());
        assert.deepEqual(await turns.waitFor(rig.staged()), []);
        assert.deepEqual(rig.rig.journal.troubles, []);
      },
    ),
    { numRuns: RUNS },
  );
});

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { HandSource } from "@contentlib/testkit/bytes/byte-sources";
import { EventRig, turn } from "@contentlib/testkit/rigs/event-rig";
import { refusedWith, type SessionRig, STAYS } from "@contentlib/testkit/rigs/session-rig";
import { LOOK_PERIOD_MS } from "./event-feed.ts";
import { STALL_AFTER_MS } from "./progress-watch.ts";

let rig: EventRig;
let session: SessionRig;
beforeEach(async () => {
  rig = await EventRig.open();
  ({ session } = rig);
});

const SECOND_MS = 1000;

type File = Awaited<ReturnType<SessionRig["add"]>>;

/** An upload in the test's hand. */
class HeldUpload {
  readonly #source = new HandSource();
  readonly ended: Promise<unknown>;

  constructor(ended: (source: HandSource) => Promise<unknown>) {
    this.ended = ended(this.#source);
    this.ended.catch(() => undefined);
  }

  static async begin(file: File): Promise<HeldUpload> {
    const slot = await session.openUpload(file);
    const upload = new HeldUpload((source) => slot.receive(source, STAYS));
    await upload.#source.poured;
    return upload;
  }

  async push(sizeBytes: number): Promise<void> {
    if (!this.#source.push(Buffer.alloc(sizeBytes))) await this.#source.flowing();
  }

  async finish(): Promise<void> {
    this.#source.end();
    await this.ended;
  }

  async breakOff(): Promise<void> {
    this.#source.break(new Error("The line is dead."));
    await refusedWith("transfer.interrupted", this.ended);
  }
}

test("while bytes move they are told at least once a second, never fall, and are all only once verified", async () => {
  const sizeBytes = 10_000;
  const upload = await HeldUpload.begin(await session.add("a.iso", { size: sizeBytes }));
  const follow = await rig.followSession();
  await follow.kinds();
  let shown = 0;
  for (let second = 1; second <= 10; second += 1) {
    await upload.push(sizeBytes / 10);
    await session.clock.advance(SECOND_MS);
    const news = await follow.news();
    assert.ok(news.length > 0, `second ${second}`);
    for (const { kind, file_status, bytes_transferred = 0, size } of news) {
      assert.equal(kind, second === 1 ? "FILE_STATUS" : "PROGRESS");
      assert.equal(file_status, "TRANSFERRING");
      assert.ok(bytes_transferred >= shown && bytes_transferred < sizeBytes);
      assert.equal(size, sizeBytes);
      shown = bytes_transferred;
    }
  }
  assert.equal(shown, sizeBytes - 1);
  await upload.finish();
  await session.clock.advance(SECOND_MS);
  assert.deepEqual(await follow.news(), [
    {
      kind: "FILE_STATUS",
      file_name: "a.iso",
      file_status: "READY",
      bytes_transferred: sizeBytes,
      size: sizeBytes,
    },
  ]);
});

test("the rate is that of the last moments", async () => {
  const follow = await rig.followSession();
  const upload = await HeldUpload.begin(await session.add("a.iso"));
  await upload.push(1);
  await session.clock.advance(LOOK_PERIOD_MS);
  const pushFor = async (seconds: number, bytesPerSecond: number): Promise<number | undefined> => {
    for (let look = 0; look < (seconds * SECOND_MS) / LOOK_PERIOD_MS; look += 1) {
      await upload.push((bytesPerSecond * LOOK_PERIOD_MS) / SECOND_MS);
      await session.clock.advance(LOOK_PERIOD_MS);
    }
    return (await follow.news()).at(-1)?.bytes_per_second;
  };
  assert.equal(await pushFor(2, 400), 400);
  assert.equal(await pushFor(6, 1000), 1000);
});

test("PROGRESS is not kept: who comes back is told the present figures", async () => {
  const first = await rig.followSession();
  const upload = await HeldUpload.begin(await session.add("a.iso"));
  await upload.push(1);
  await session.clock.advance(LOOK_PERIOD_MS);
  await upload.push(1);
  await session.clock.advance(LOOK_PERIOD_MS);
  assert.deepEqual(await first.kinds(), ["SESSION_STATE", "FILE_ADDED", "FILE_STATUS", "PROGRESS"]);
  assert.equal(first.told.at(-1)?.id, null);
  first.close();
  await upload.push(1);
  const again = await rig.followSession(first.lastId);
  await session.clock.advance(LOOK_PERIOD_MS);
  const [news] = await again.news();
  assert.deepEqual([news?.kind, news?.bytes_transferred], ["PROGRESS", 3]);
});

test("a transfer without a byte for 30 s is told as stalled, once, and as resumed when bytes come again", async () => {
  const follow = await rig.followSession();
  const upload = await HeldUpload.begin(await session.add("a.iso", { size: 100 }));
  await upload.push(10);
  await session.clock.advance(STALL_AFTER_MS - 1);
  assert.deepEqual(await follow.kinds(), ["SESSION_STATE", "FILE_ADDED", "FILE_STATUS"]);
  await session.clock.advance(1);
  const [stalled, ...more] = await follow.news();
  assert.deepEqual(more, []);
  assert.deepEqual(
    [
      stalled?.kind,
      stalled?.stalled_seconds,
      stalled?.bytes_transferred,
      stalled?.bytes_per_second,
    ],
    ["STALLED", 30, 10, 0],
  );
  await session.clock.advance(STALL_AFTER_MS);
  assert.deepEqual(await follow.kinds(), []);
  const late = await rig.followLibrary();
  const told = await late.news();
  assert.deepEqual(
    told.map(({ kind }) => kind),
    ["SESSION_STATE", "FILE_STATUS", "STALLED"],
  );
  assert.equal(told.at(-1)?.stalled_seconds, 60);
  await upload.push(10);
  await session.clock.advance(LOOK_PERIOD_MS);
  assert.deepEqual(await follow.kinds(), ["RESUMED", "PROGRESS"]);
  await session.clock.advance(STALL_AFTER_MS);
  assert.deepEqual(await follow.kinds(), ["STALLED"]);
});

test("a wall clock that jumps ahead while bytes move stalls nobody", async () => {
  const follow = await rig.followSession();
  const upload = await HeldUpload.begin(await session.add("a.iso"));
  await upload.push(10);
  await session.clock.advance(LOOK_PERIOD_MS);
  await follow.kinds();
  await upload.push(10);
  session.clock.jumpTo(session.clock.now() + 10 * STALL_AFTER_MS);
  await session.clock.advance(LOOK_PERIOD_MS);
  assert.deepEqual(await follow.kinds(), ["PROGRESS"]);
});

test("a transfer that breaks off leaves a file that waits, and the next one begins at its first byte", async () => {
  const follow = await rig.followSession();
  const file = await session.add("a.iso");
  const upload = await HeldUpload.begin(file);
  await upload.push(10);
  await session.clock.advance(LOOK_PERIOD_MS);
  await upload.breakOff();
  await session.clock.advance(LOOK_PERIOD_MS);
  const again = await HeldUpload.begin(file);
  await again.push(3);
  await session.clock.advance(LOOK_PERIOD_MS);
  assert.deepEqual(
    (await follow.news())
      .filter(({ kind }) => kind === "FILE_STATUS")
      .map(({ file_status, bytes_transferred }) => [file_status, bytes_transferred]),
    [
      ["TRANSFERRING", 10],
      ["WAITING_FOR_TRANSFER", 0],
      ["TRANSFERRING", 3],
    ],
  );
});

test("a newer writer is told as a new beginning, even between two looks", async () => {
  const follow = await rig.followSession();
  const file = await session.add("a.iso");
  const upload = await HeldUpload.begin(file);
  await upload.push(10);
  await session.clock.advance(LOOK_PERIOD_MS);
  await follow.kinds();
  const newer = await HeldUpload.begin(file);
  await newer.push(4);
  await refusedWith("transfer.superseded", upload.ended);
  await session.clock.advance(LOOK_PERIOD_MS);
  assert.deepEqual(
    (await follow.news()).map(({ file_status, bytes_transferred }) => [
      file_status,
      bytes_transferred,
    ]),
    [
      ["WAITING_FOR_TRANSFER", 0],
      ["TRANSFERRING", 4],
    ],
  );
});

test("nothing is told of a transfer after the end of its session, and nobody looks when nobody listens", async () => {
  const follow = await rig.followSession();
  const upload = await HeldUpload.begin(await session.add("a.iso"));
  await upload.push(10);
  await session.clock.advance(LOOK_PERIOD_MS);
  await session.cancel();
  await refusedWith("transfer.session_ended", upload.ended);
  const library = await rig.followLibrary();
  await session.clock.advance(2 * LOOK_PERIOD_MS);
  assert.equal((await follow.kinds()).at(-1), "SESSION_STATE");
  assert.deepEqual(await library.kinds(), []);
  library.close();
  let looks = 0;
  const { monotonicMs } = session.clock;
  session.clock.monotonicMs = () => {
    looks += 1;
    return monotonicMs.call(session.clock);
  };
  await session.clock.advance(10 * LOOK_PERIOD_MS);
  await turn();
  assert.equal(looks, 0);
});

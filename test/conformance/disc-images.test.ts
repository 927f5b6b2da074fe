import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { aDiscImage } from "@contentlib/testkit/ovf/disc-image";
import type { Client } from "./client.ts";
import { addPush, makeLibrary, openSession, push, send } from "./content.ts";
import { api, type Asking, FORMS } from "./forms.ts";
import { get, none } from "./http-asking.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();

const GOOD = aDiscImage({ iso: { label: "TOOLS" }, boots: [0, 0xef] });
const SHORT = GOOD.subarray(0, -1);

interface Facts {
  readonly version: string;
  readonly images?: readonly unknown[];
  readonly findings?: readonly unknown[];
}

const IMAGE = {
  file: "x.iso",
  formats: ["ISO9660"],
  volume_label: "TOOLS",
  volume_size: GOOD.length,
  boots: ["BIOS", "UEFI"],
  hybrid: false,
};

const FINDING = {
  code: "iso.shorter_than_volume",
  severity: "WARNING",
  file: "x.iso",
  text: `x.iso: x.iso has ${SHORT.length} bytes, its volume says ${GOOD.length}.`,
  mend: "Download the image again: its end is missing.",
};

for (const form of FORMS) {
  let client: Client;
  let ours: Client;
  before(async () => {
    client = await server.client(form);
    ours = await server.client(api);
  });

  const makeImage = async ({ rejects = false } = {}): Promise<string> => {
    const library_id = await makeLibrary(client);
    const path = `/api/contentlib/libraries/${library_id}/settings`;
    if (rejects) await ours.done(none("PATCH", path, { reject_bad_iso: true }));
    const spec = { library_id, name: freshName("image"), type: "iso" };
    return await client.done(form.createItem(spec));
  };
  const previewOf = async (session: string) =>
    (await client.done(form.getSession(session))).preview_info;
  const factsOf = async (item: string): Promise<Facts> =>
    await ours.done<Asking<Facts>>(get(`/api/contentlib/items/${item}/facts`));

  describe(`an image of a disc, ${form.name}`, () => {
    test("is taken though it is short, and what it says is told with both sizes [C112]", async () => {
      // S130, S131
      const item = await makeImage();
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "x.iso");
      assert.deepEqual(await previewOf(session), { state: "NOT_APPLICABLE" });
      assert.equal((await send(uri, SHORT)).status, 200);
      assert.deepEqual(await previewOf(session), { state: "NOT_APPLICABLE" });
      await client.done(form.completeSession(session));
      assert.deepEqual(await factsOf(item), {
        version: "2",
        images: [{ ...IMAGE, file_size: SHORT.length }],
        findings: [FINDING],
      });
      const next = await openSession(client, item);
      await push(client, next, "x.iso", GOOD);
      await client.done(form.completeSession(next));
      assert.deepEqual(await factsOf(item), {
        version: "3",
        images: [{ ...IMAGE, file_size: GOOD.length }],
        findings: [],
      });
      const { security_compliance, certificate_verification_info } = await client.done(
        form.getItem(item),
      );
      assert.deepEqual([security_compliance, certificate_verification_info], [true, undefined]);
    });

    test("that is short is refused where the library rejects bad ones, and can be sent again", async () => {
      // S132
      const item = await makeImage({ rejects: true });
      const session = await openSession(client, item);
      const uri = await addPush(client, session, "x.iso");
      const answer = await send(uri, SHORT);
      assert.equal(answer.status, 400);
      const { status, error_message } = await client.done(form.getFile(session, "x.iso"));
      assert.equal(status, "ERROR");
      const text = error_message?.default_message ?? "";
      assert.equal(text, `File x.iso is refused. ${FINDING.text} ${FINDING.mend}`);
      assert.ok(answer.text.includes(text), answer.text);
      assert.ok(answer.text.includes(FINDING.code), answer.text);
      assert.deepEqual(await previewOf(session), { state: "NOT_APPLICABLE" });
      const { has_errors, invalid_files } = await client.done(form.validate(session));
      assert.ok(has_errors);
      assert.deepEqual(
        invalid_files.map(({ name, error_message: why }) => [name, why.default_message]),
        [["x.iso", text]],
      );
      await client.refused(form.completeSession(session), "not_allowed_in_current_state");
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      assert.equal((await send(uri, GOOD)).status, 200);
      await client.done(form.completeSession(session));
      assert.deepEqual((await factsOf(item)).findings, []);
    });
  });
}

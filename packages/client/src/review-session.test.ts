import assert from "node:assert/strict";
import { test } from "node:test";
import type { TestContext } from "node:test";
import type { PreviewInfo } from "@contentlib/contract";
import { manualSystem } from "@contentlib/testkit/client/manual-system";
import { startSmallLibrary } from "@contentlib/testkit/client/small-library";
import { createClient } from "./client.ts";
import { WarningsError } from "./errors.ts";
import { PushError } from "./push-error.ts";
import type { PushEvent, PushOptions } from "./push-options.ts";
import { blobSource } from "./upload-source.ts";

const signer = {
  subject: "/CN=us",
  issuer: "/CN=us",
  self_signed: true,
  x509: "-----BEGIN CERTIFICATE-----",
};
const warningOf = (type: "SELF_SIGNED_CERTIFICATE" | "UNTRUSTED_CERTIFICATE", ignored = false) => ({
  type,
  message: { id: "contentlib.preview", default_message: `vm.cert: ${type}.`, args: [] },
  ignored,
});

/** A library whose sessions show one preview after the other, the last one again and again. */
async function rig(t: TestContext, ...previews: readonly (PreviewInfo | undefined)[]) {
  const library = await startSmallLibrary();
  t.after(library.server.close);
  library.addLibrary("images");
  let looks = 0;
  library.override = ({ operation, input }) => {
    if (operation !== "updateSession.get") return undefined;
    const session = library.sessions.get(String(input["update_session_id"]));
    if (session?.state !== "ACTIVE") return undefined;
    // The first look asks how long the session lives.
    const preview = previews[Math.min(looks, previews.length) - 1];
    looks += 1;
    return {
      output: {
        id: session.id,
        state: "ACTIVE",
        expiration_time: new Date(Date.now() + 300_000).toISOString(),
        library_item_content_version: "1",
        client_progress: 0,
        ...(preview === undefined ? {} : { preview_info: preview }),
      },
    };
  };
  const system = manualSystem(4_000);
  const client = createClient({ url: library.server.url, token: "t", system });
  const push = (more: Partial<PushOptions> = {}) =>
    client.push({
      library: "images",
      item: "vm",
      files: ["vm.vmdk", "vm.ovf", "vm.cert", "vm.mf"].map((name) => ({
        name,
        source: blobSource(new Blob([name])),
      })),
      ...more,
    });
  const behaviors = () =>
    library.server.requests
      .filter(({ operation }) => operation === "updateSession.create")
      .map(({ input }) => (input["create_spec"] as Record<string, unknown>)["warning_behavior"]);
  const states = () => [...library.sessions.values()].map(({ state }) => state);
  return { library, push, behaviors, states, looks: () => looks };
}

const AVAILABLE = { state: "AVAILABLE", certificate_info: signer } as const;

test("the files of a package are added in the order that servers want, whatever order they are given in", async (t) => {
  const { push, library } = await rig(t, undefined);
  await push().result;
  const steps = library.server.requests.flatMap(({ operation, input }) => {
    const spec = input["file_spec"] as { readonly name: string } | undefined;
    if (operation === "updateSessionFile.add") return [`add ${spec?.name}`];
    return operation === "updateSessionFile.get" ? [`sent ${String(input["file_name"])}`] : [];
  });
  const at = (step: string): number => {
    assert.ok(steps.includes(step), `${step} in ${steps.join(", ")}`);
    return steps.indexOf(step);
  };
  for (const proof of ["vm.mf", "vm.cert"])
    for (const other of ["vm.ovf", "vm.vmdk"])
      assert.ok(at(`sent ${proof}`) < at(`add ${other}`), steps.join(", "));
});

test("warnings that nobody has accepted end the push before it is completed, with what they say and who signed", async (t) => {
  const warnings = [warningOf("SELF_SIGNED_CERTIFICATE"), warningOf("UNTRUSTED_CERTIFICATE", true)];
  const { push, library, behaviors, states } = await rig(t, { ...AVAILABLE, warnings });
  await assert.rejects(push().result, (error) => {
    assert.ok(error instanceof PushError);
    assert.deepEqual([error.code, error.canGoOn], ["warnings", false]);
    assert.equal(error.message, "vm.cert: SELF_SIGNED_CERTIFICATE.");
    assert.deepEqual(error.warnings, [warnings[0]]);
    assert.ok(error.cause instanceof WarningsError);
    assert.deepEqual(error.cause.signer, signer);
    return true;
  });
  assert.deepEqual(behaviors(), [undefined]);
  assert.deepEqual(states(), ["ERROR"]);
  assert.ok(!library.server.operations().includes("updateSession.complete"));
});

test("warnings that are accepted are told of, and each is named to the server once", async (t) => {
  const warnings = [warningOf("SELF_SIGNED_CERTIFICATE", true)];
  const { push, behaviors, states } = await rig(t, { ...AVAILABLE, warnings });
  const events: PushEvent[] = [];
  await push({
    accept: ["SELF_SIGNED_CERTIFICATE", "SELF_SIGNED_CERTIFICATE"],
    warningBehavior: [
      { type: "SELF_SIGNED_CERTIFICATE", ignored: false },
      { type: "EXPIRED_CERTIFICATE", ignored: false },
    ],
    onEvent: (event) => void events.push(event),
  }).result;
  assert.deepEqual(behaviors(), [
    [
      { type: "EXPIRED_CERTIFICATE", ignored: false },
      { type: "SELF_SIGNED_CERTIFICATE", ignored: true },
    ],
  ]);
  const told = events.find(({ type }) => type === "warnings");
  assert.deepEqual(told, { type: "warnings", warnings, signer });
  assert.deepEqual(states(), ["DONE"]);
});

test("a preview that is being prepared is waited for, and none at all is no reason to wait", async (t) => {
  const warnings = [warningOf("UNTRUSTED_CERTIFICATE")];
  const late = await rig(
    t,
    { state: "PREPARING" },
    { state: "PREPARING" },
    { ...AVAILABLE, warnings },
  );
  await assert.rejects(late.push().result, { code: "warnings" });
  const none = await rig(t, { state: "UNAVAILABLE" });
  await none.push().result;
  assert.equal(none.looks(), 2);
  const endless = await rig(t, { state: "PREPARING" });
  await endless.push().result;
  assert.ok(endless.looks() < 100);
});

test("content that nobody signed has no preview that is worth a look", async (t) => {
  const { push, looks } = await rig(t, { ...AVAILABLE, warnings: [] });
  await push({ files: [{ name: "a.iso", source: blobSource(new Blob(["x"])) }] }).result;
  assert.equal(looks(), 1);
});

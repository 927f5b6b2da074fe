import assert from "node:assert/strict";
import { before, describe, test } from "node:test";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { aSignerCertificate } from "@contentlib/testkit/ovf/signer-certificate";
import type { Client } from "./client.ts";
import {
  addPush,
  fileNames,
  hexDigest,
  makeLibrary,
  openSession,
  push,
  readFile,
  send,
} from "./content.ts";
import { api, type Asking, FORMS } from "./forms.ts";
import { get } from "./http-asking.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const server = await serverUnderTest();
const DISK = "vm-disk1.vmdk";
const LIE = "bytes of a fisk";
const SIGNER = aSignerCertificate();
const SIGNED = packageFiles({ signers: [SIGNER] });

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  const makePackage = async (libraryId?: string): Promise<string> => {
    const library_id = libraryId ?? (await makeLibrary(client));
    return await client.done(
      form.createItem({ library_id, name: freshName("appliance"), type: "ovf" }),
    );
  };
  const openPackage = async (): Promise<{ item: string; session: string }> => {
    const item = await makePackage();
    return { item, session: await openSession(client, item) };
  };
  const pushAll = async (
    session: string,
    files: Readonly<Record<string, string>>,
  ): Promise<void> => {
    for (const [name, body] of Object.entries(files)) await push(client, session, name, body);
  };
  const previewOf = async (session: string) =>
    (await client.done(form.getSession(session))).preview_info;
  const validated = async (session: string) => {
    const { has_errors, missing_files, invalid_files } = await client.done(form.validate(session));
    assert.equal(has_errors, missing_files.length + invalid_files.length > 0);
    const invalid = invalid_files.map(
      ({ name, error_message }) => [name, error_message.default_message] as const,
    );
    return { missing: missing_files, invalid: Object.fromEntries(invalid) };
  };
  const fileText = async (session: string, name: string) => {
    const { status, error_message } = await client.done(form.getFile(session, name));
    return { status, text: error_message?.default_message ?? "" };
  };
  const ignoring = (...types: string[]) => ({
    warning_behavior: types.map((type) => ({ type, ignored: true })),
  });

  describe(`a package, ${form.name}`, () => {
    test("in an archive is listed by its members, verified by them, and read as they are and as it came", async () => {
      // S120, S122, S127
      const { item, session } = await openPackage();
      const archive = ovaOf(archivedFiles({ signers: [SIGNER] }));
      const uri = await addPush(client, session, "vm.ova");
      assert.deepEqual(await previewOf(session), { state: "PREPARING" });
      assert.equal((await send(uri, archive)).status, 200);
      const preview = await previewOf(session);
      assert.equal(preview?.state, "AVAILABLE");
      assert.equal(preview.certificate_info?.subject, "/CN=signer");
      const shown = await client.done(form.listFiles(session));
      assert.deepEqual(
        shown.map(({ name, keep_in_storage = true }) => [name, keep_in_storage]),
        [
          ["vm.ova", false],
          ["vm.ovf", true],
          ["vm.mf", false],
          ["vm.cert", false],
          [DISK, true],
        ],
      );
      assert.ok(shown.every(({ upload_endpoint }) => upload_endpoint?.uri === uri));
      assert.deepEqual(await client.done(form.getFile(session, DISK)), shown.at(-1));
      const removing = form.removeFile(session, DISK);
      const told = await client.refused(removing, "not_allowed_in_current_state");
      assert.match(told, /it is part of vm\.ova/);
      const types = preview.warnings?.map(({ type }) => type) ?? [];
      await client.done(form.updateSession(session, ignoring(...types)));
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, item), ["vm.ovf", DISK]);
      assert.equal(await readFile(client, item, DISK), SIGNED[DISK]);
      assert.equal(await readFile(client, item, "vm.ova"), archive.toString());
    });

    test("in an archive that its manifest contradicts is refused, by archive and member", async () => {
      // S120
      const { session } = await openPackage();
      const uri = await addPush(client, session, "vm.ova");
      const answer = await send(uri, ovaOf({ ...archivedFiles(), [DISK]: LIE }));
      assert.equal(answer.status, 400);
      const { status, text } = await fileText(session, "vm.ova");
      assert.equal(status, "ERROR");
      assert.match(text, /vm\.ova: vm\.mf:2: vm-disk1\.vmdk /);
      assert.ok(answer.text.includes("vm.mf:2"));
      assert.deepEqual(await validated(session), { missing: [], invalid: { "vm.ova": text } });
    });

    test("without a signature previews AVAILABLE without warnings, and is completed [C112]", async () => {
      // S18, S94
      const { item, session } = await openPackage();
      const files = packageFiles();
      assert.deepEqual(await previewOf(session), { state: "UNAVAILABLE" });
      const { "vm.ovf": descriptor = "", ...others } = files;
      await pushAll(session, others);
      const uri = await addPush(client, session, "vm.ovf");
      assert.deepEqual(await previewOf(session), { state: "PREPARING" });
      assert.equal((await send(uri, descriptor)).status, 200);
      assert.deepEqual(await previewOf(session), { state: "AVAILABLE", warnings: [] });
      const shown = await client.done(form.listFiles(session));
      assert.deepEqual(
        shown.map(({ name, keep_in_storage }) => [name, keep_in_storage]),
        [
          ["vm.mf", false],
          [DISK, undefined],
          ["vm.ovf", undefined],
        ],
      );
      assert.deepEqual(await validated(session), { missing: [], invalid: {} });
      await client.done(form.completeSession(session));
      assert.deepEqual(await fileNames(client, item), [DISK, "vm.ovf"]);
      assert.equal(await readFile(client, item, DISK), files[DISK]);
      assert.equal(await previewOf(session), undefined);
    });

    test("whose disk is another one is told so with the last byte, and mended in the same session [C109]", async () => {
      // S69, S91
      const { item, session } = await openPackage();
      const { [DISK]: disk = "", ...described } = packageFiles({ algorithm: "SHA512" });
      await pushAll(session, described);
      const uri = await addPush(client, session, DISK);
      const answer = await send(uri, LIE);
      assert.equal(answer.status, 400);
      const { status, text } = await fileText(session, DISK);
      assert.equal(status, "ERROR");
      assert.ok(answer.text.includes(JSON.stringify(text).slice(1, -1)), answer.text);
      for (const part of [
        DISK,
        "vm.mf:2",
        `SHA512 ${hexDigest("sha512", disk)}`,
        `SHA512 ${hexDigest("sha512", LIE)}`,
      ])
        assert.ok(text.includes(part), text);
      assert.deepEqual(await validated(session), { missing: [], invalid: { [DISK]: text } });
      const refusal = await client.refused(
        form.completeSession(session),
        "not_allowed_in_current_state",
      );
      assert.ok(refusal.includes(text), refusal);
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      assert.equal((await send(uri, disk)).status, 200);
      await client.done(form.completeSession(session));
      assert.equal(await readFile(client, item, DISK), disk);
    });

    test("whose manifest comes after a wrong disk turns that one to ERROR; the manifest is READY", async () => {
      // S92
      const { session } = await openPackage();
      const files = packageFiles({ algorithm: "SHA1" });
      await push(client, session, DISK, LIE);
      await push(client, session, "vm.mf", files["vm.mf"] ?? "");
      assert.equal((await fileText(session, "vm.mf")).status, "READY");
      const { status, text } = await fileText(session, DISK);
      assert.equal(status, "ERROR");
      assert.match(text, /vm\.mf:2: /);
    });

    test("whose descriptor is none is refused as a file, not as a session", async () => {
      // S91
      const { session } = await openPackage();
      const uri = await addPush(client, session, "vm.ovf");
      assert.equal((await send(uri, "<Envelope")).status, 400);
      assert.match((await fileText(session, "vm.ovf")).text, /vm\.ovf:1:\d+: .*not well-formed/);
      assert.deepEqual(await previewOf(session), { state: "PREPARING" });
      await client.refused(form.completeSession(session), "not_allowed_in_current_state");
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });

    test("lacks what the descriptor refers to, which validate names before any was added [C110]", async () => {
      // S93
      const { item, session } = await openPackage();
      const files = packageFiles({ algorithm: null, disks: { "a.vmdk": "a", "b.vmdk": "b" } });
      await push(client, session, "vm.ovf", files["vm.ovf"] ?? "");
      assert.deepEqual((await validated(session)).missing.toSorted(), ["a.vmdk", "b.vmdk"]);
      const text = await client.refused(
        form.completeSession(session),
        "not_allowed_in_current_state",
      );
      assert.match(text, /a\.vmdk[^]*b\.vmdk/);
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
      assert.deepEqual(await fileNames(client, item), []);
      await pushAll(session, { "a.vmdk": "a", "b.vmdk": "b" });
      await client.done(form.completeSession(session));
    });

    test("takes no manifest or certificate after its descriptor, and no second descriptor [C104]", async () => {
      // S95
      const { session } = await openPackage();
      await addPush(client, session, "vm.ovf");
      for (const name of ["vm.mf", "vm.CERT"]) {
        const adding = form.addFile(session, { name, source_type: "PUSH" });
        const text = await client.refused(adding, "not_allowed_in_current_state");
        assert.match(text, /must be added before the descriptor vm\.ovf/);
      }
      const second = form.addFile(session, { name: "other.OVF", source_type: "PUSH" });
      await client.refused(second, "invalid_argument");
      assert.equal((await client.done(form.listFiles(session))).length, 1);
    });

    test("with a certificate and no manifest has an invalid file", async () => {
      // S93
      const { session } = await openPackage();
      const { "vm.mf": _, ...files } = SIGNED;
      await pushAll(session, files);
      const { invalid } = await validated(session);
      assert.match(invalid["vm.cert"] ?? "", /no manifest that it could sign/);
      const text = await client.refused(
        form.completeSession(session),
        "not_allowed_in_current_state",
      );
      assert.ok(text.includes(invalid["vm.cert"] ?? "-"), text);
      assert.equal((await client.done(form.getSession(session))).state, "ACTIVE");
    });
  });

  describe(`a signed package, ${form.name}`, () => {
    test("shows who signed it, and each warning as it was decided about", async () => {
      // S18
      const { session } = await openPackage();
      await pushAll(session, SIGNED);
      const shown = await previewOf(session);
      assert.deepEqual(shown?.certificate_info, {
        issuer: "/CN=signer",
        subject: "/CN=signer",
        self_signed: true,
        x509: SIGNER.pem,
      });
      assert.deepEqual(shown?.cert_chain, [SIGNER.der.toString("base64")]);
      await client.done(form.updateSession(session, ignoring("SELF_SIGNED_CERTIFICATE")));
      const warnings = (await previewOf(session))?.warnings ?? [];
      assert.deepEqual(
        warnings.map(({ type, ignored }) => [type, ignored]),
        [
          ["SELF_SIGNED_CERTIFICATE", true],
          ["UNTRUSTED_CERTIFICATE", false],
        ],
      );
      for (const { message } of warnings) assert.match(message.default_message, /^vm\.cert: /);
    });

    test("with a warning that is not ignored fails in complete; ignored, it succeeds [C89]", async () => {
      // S96
      const { item, session } = await openPackage();
      await pushAll(session, SIGNED);
      const text = await client.refused(
        form.completeSession(session),
        "not_allowed_in_current_state",
      );
      assert.match(text, /SELF_SIGNED_CERTIFICATE, UNTRUSTED_CERTIFICATE.*warning_behavior/s);
      const { state, error_message } = await client.done(form.getSession(session));
      assert.deepEqual([state, error_message?.default_message], ["ERROR", text]);
      assert.deepEqual(await fileNames(client, item), []);
      const next = await client.done(
        form.createSession({
          library_item_id: item,
          ...ignoring("SELF_SIGNED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"),
        }),
      );
      await pushAll(next, SIGNED);
      await client.done(form.completeSession(next));
      assert.deepEqual(await fileNames(client, item), ["vm.ovf", DISK]);
    });

    const { younger } = form;
    if (younger === null) return;

    test("comes into a library with the strict policy once its signer is trusted; else the session is in ERROR [C90]", async () => {
      // S74, S97
      const [policy] = await client.done(younger.listPolicies());
      const security_policy_id = policy?.policy ?? "";
      const library_id = await client.done(
        form.createLibrary({ name: freshName("secure"), security_policy_id }),
      );
      const item = await makePackage(library_id);
      const spec = {
        library_item_id: item,
        ...ignoring("SELF_SIGNED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"),
      };
      const refused = await client.done(form.createSession(spec));
      await pushAll(refused, SIGNED);
      const text = await client.refused(
        form.completeSession(refused),
        "not_allowed_in_current_state",
      );
      assert.match(text, /OVF default policy.*No trusted certificate/s);
      assert.equal((await client.done(form.getSession(refused))).state, "ERROR");
      assert.deepEqual(await fileNames(client, item), []);
      const id = await client.done(younger.addCertificate(SIGNER.pem));
      const session = await client.done(form.createSession(spec));
      await pushAll(session, SIGNED);
      assert.deepEqual((await previewOf(session))?.warnings, []);
      await client.done(form.completeSession(session));
      await client.done(younger.deleteCertificate(id));
      const shown = await client.done(form.getItem(item));
      assert.equal(shown.security_compliance, true);
      assert.deepEqual(shown.certificate_verification_info, {
        status: "VERIFIED",
        cert_chain: [SIGNER.der.toString("base64")],
      });
    });
  });
}

const SECTIONS = `  <NetworkSection><Info>Networks</Info><Network ovf:name="VM Network"/></NetworkSection>
`;
const SYSTEM = `<VirtualSystem ovf:id="web"><Info>A machine</Info><Name>web server</Name>
    <ProductSection><Info>What it is</Info><Product>Web &lt;b&gt;</Product><Vendor>Example</Vendor><Version>1.2</Version></ProductSection>
    <EulaSection><Info>Licence</Info><License>Be good.</License></EulaSection>
  </VirtualSystem>`;

describe("the facts of an item", () => {
  interface Facts {
    readonly version: string;
    readonly verification?: Readonly<Record<string, unknown>>;
    readonly ovf?: Readonly<Record<string, unknown>>;
  }
  const factsOf = async (client: Client, item: string): Promise<Facts> =>
    await client.done<Asking<Facts>>(get(`/api/contentlib/items/${item}/facts`));

  test("are those of its descriptor and its signature, follow its content, and are nothing without one", async () => {
    // S97
    const client = await server.client(api);
    const library_id = await makeLibrary(client);
    const item = await client.done(
      api.createItem({ library_id, name: freshName("web"), type: "ovf" }),
    );
    assert.deepEqual(await factsOf(client, item), { version: "1" });
    const warning_behavior = ["SELF_SIGNED_CERTIFICATE", "UNTRUSTED_CERTIFICATE"].map((type) => ({
      type,
      ignored: true,
    }));
    const session = await client.done(
      api.createSession({ library_item_id: item, warning_behavior }),
    );
    const files = packageFiles({ signers: [SIGNER], sections: SECTIONS, systems: SYSTEM });
    for (const [name, body] of Object.entries(files)) await push(client, session, name, body);
    await client.done(api.completeSession(session));
    const { version, verification, ovf } = await factsOf(client, item);
    assert.equal(version, "2");
    const { time, reason, ...verified } = verification ?? {};
    assert.ok(Date.parse(String(time)) <= Date.now());
    assert.match(String(reason), /No trusted certificate/);
    assert.deepEqual(verified, {
      status: "UNTRUSTED",
      cert_chain: [SIGNER.der.toString("base64")],
      ignored_warnings: [
        { type: "SELF_SIGNED_CERTIFICATE", user: "administrator@vsphere.local" },
        { type: "UNTRUSTED_CERTIFICATE", user: "administrator@vsphere.local" },
      ],
    });
    assert.deepEqual(ovf, {
      standard: "1",
      product: { name: "Web <b>", vendor: "Example", release: "1.2" },
      systems: [{ id: "web", name: "web server", network_cards: 0 }],
      disks: [{ id: "disk0", capacity_bytes: "1024" }],
      networks: ["VM Network"],
      licences: ["Be good."],
      extra_config_keys: [],
    });
    const copy = await client.done(api.copyItem(item, { library_id, name: freshName("copy") }));
    assert.deepEqual((await factsOf(client, copy)).ovf, ovf);
    const next = await openSession(client, item);
    await push(client, next, "notes.txt", "a note");
    await client.done(api.completeSession(next));
    const after = await factsOf(client, item);
    assert.deepEqual([after.version, after.verification?.["status"]], ["3", "NOT_AVAILABLE"]);
    assert.deepEqual(after.ovf, ovf);
  });

  test("of a plain item are its version alone, and nobody's of an item that is not there", async () => {
    const client = await server.client(api);
    const library_id = await makeLibrary(client);
    const item = await client.done(api.createItem({ library_id, name: freshName("plain") }));
    assert.deepEqual(await factsOf(client, item), { version: "1" });
    await client.refused(
      get(`/api/contentlib/items/00000000-0000-4000-8000-000000000000/facts`),
      "not_found",
    );
  });
});

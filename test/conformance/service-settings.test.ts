import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { A_CERTIFICATE, ANOTHER_CERTIFICATE } from "@contentlib/testkit/builders/certificates";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import type { Client } from "./client.ts";
import { makeItem, makeLibrary, openSession, push } from "./content.ts";
import { FORMS } from "./forms.ts";
import { freshName, serverUnderTest } from "./server-under-test.ts";

const UNKNOWN = "00000000-0000-4000-8000-000000000000";
const DEFAULTS = {
  automatic_sync_enabled: false,
  automatic_sync_start_hour: 20,
  automatic_sync_stop_hour: 7,
  maximum_concurrent_item_syncs: 5,
  contentlib_maximum_concurrent_pulls: 8,
  contentlib_maximum_concurrent_pulls_per_server: 4,
};

const server = await serverUnderTest();

for (const form of FORMS) {
  let client: Client;
  before(async () => {
    client = await server.client(form);
  });

  describe(`the configuration, ${form.name}`, () => {
    after(async () => {
      await client.done(form.updateConfiguration(DEFAULTS));
    });

    test("has its defaults, and keeps what it is told; what is absent or null stays", async () => {
      assert.deepEqual(await client.done(form.getConfiguration()), DEFAULTS);
      await client.done(form.updateConfiguration({ automatic_sync_start_hour: 0 }));
      await client.done(
        form.updateConfiguration({ automatic_sync_start_hour: null, automatic_sync_stop_hour: 23 }),
      );
      await client.done(form.updateConfiguration({}));
      const told = { ...DEFAULTS, automatic_sync_start_hour: 0, automatic_sync_stop_hour: 23 };
      assert.deepEqual(await client.done(form.getConfiguration()), told);
      const rest = { automatic_sync_enabled: true, maximum_concurrent_item_syncs: 1 };
      await client.done(form.updateConfiguration(rest));
      for (const other of FORMS) {
        const reader = await server.client(other);
        assert.deepEqual(await reader.done(other.getConfiguration()), { ...told, ...rest });
      }
    });

    test("takes all of an update or nothing: hours are 0 to 23, and at least one at a time", async () => {
      const before = await client.done(form.getConfiguration());
      for (const wrong of [
        { automatic_sync_start_hour: 24 },
        { automatic_sync_start_hour: -1 },
        { automatic_sync_stop_hour: 24 },
        { automatic_sync_stop_hour: 7.5 },
        { maximum_concurrent_item_syncs: 0 },
        { maximum_concurrent_item_syncs: -3 },
        { contentlib_maximum_concurrent_pulls: 0 },
        { contentlib_maximum_concurrent_pulls_per_server: -1 },
        { automatic_sync_enabled: "perhaps" },
      ]) {
        const update = form.updateConfiguration({ automatic_sync_start_hour: 11, ...wrong });
        await client.refused(update, "invalid_argument");
      }
      const unknown = form.updateConfiguration({ automatic_sync_start_hour: 11, colour: "red" });
      await client.refused(unknown, "unexpected_input");
      assert.deepEqual(await client.done(form.getConfiguration()), before);
    });
  });

  test(`the types with an adapter are ovf and iso, ${form.name}`, async () => {
    const types = await client.done(form.listTypes());
    assert.deepEqual(
      types.map(({ type, supported_rules }) => [type, supported_rules]),
      [
        ["ovf", ["OVF_STRICT_VERIFICATION"]],
        ["iso", undefined],
      ],
    );
    for (const { name, description, vendor, version } of types)
      for (const text of [name, description, vendor, version]) assert.match(text, /\S/);
  });

  const { younger } = form;
  if (younger === null) continue;

  describe(`security policies, ${form.name}`, () => {
    test("there is the default one for OVF, and a library has it, loses it, and no other", async () => {
      const [policy, ...others] = await client.done(younger.listPolicies());
      assert.ok(policy);
      assert.deepEqual(others, []);
      assert.equal(policy.name, "OVF default policy");
      assert.deepEqual(policy.item_type_rules, { ovf: "OVF_STRICT_VERIFICATION" });
      const security_policy_id = policy.policy;
      const secure = await client.done(
        form.createLibrary({ name: freshName("secure"), security_policy_id }),
      );
      const policyOf = async (id: string) =>
        (await client.done(form.getLibrary(id))).security_policy_id;
      assert.equal(await policyOf(secure), security_policy_id);
      await client.done(form.updateLocalLibrary(secure, { unset_security_policy_id: true }));
      assert.equal(await policyOf(secure), undefined);
      await client.done(form.updateLibrary(secure, { security_policy_id }));
      assert.equal(await policyOf(secure), security_policy_id);
      const unknown = { name: freshName("x"), security_policy_id: UNKNOWN };
      await client.refused(form.createLibrary(unknown), "not_found");
      const plain = await makeLibrary(client);
      await client.refused(
        form.updateLocalLibrary(plain, { security_policy_id: UNKNOWN }),
        "not_found",
      );
      assert.equal(await policyOf(plain), undefined);
    });

    test("an ovf item of a secure library takes no content that nobody could verify; others do", async () => {
      const [policy] = await client.done(younger.listPolicies());
      const library_id = await client.done(
        form.createLibrary({
          name: freshName("secure"),
          security_policy_id: policy?.policy ?? "",
        }),
      );
      for (const [type, isTaken] of [
        ["ovf", false],
        ["iso", true],
      ] as const) {
        const spec = { library_id, name: freshName(type), type };
        const item = await client.done(form.createItem(spec));
        assert.equal((await client.done(form.getItem(item))).security_compliance, isTaken);
        const session = await openSession(client, item);
        const files = type === "ovf" ? packageFiles({ base: "a", disks: {} }) : { "a.iso": "x" };
        for (const [name, body] of Object.entries(files)) await push(client, session, name, body);
        const complete = form.completeSession(session);
        if (isTaken) await client.done(complete);
        else await client.refused(complete, "not_allowed_in_current_state");
        assert.equal((await client.done(form.listItemFiles(item))).length, isTaken ? 1 : 0);
      }
      const source = await makeItem(client, { "a.txt": "elsewhere" });
      const copy = form.copyItem(source, { library_id, name: freshName("copy"), type: "ovf" });
      const before = await client.done(form.listItems(library_id));
      await client.refused(copy, "not_allowed_in_current_state");
      assert.deepEqual(await client.done(form.listItems(library_id)), before);
    });
  });

  describe(`trusted certificates, ${form.name}`, () => {
    test("are kept under the print of their bytes, once, and shown until they are deleted", async () => {
      const { id, pem } = A_CERTIFICATE;
      assert.equal(await client.done(younger.addCertificate(pem)), id);
      assert.equal(await client.done(younger.addCertificate(`${pem}\n`)), id);
      await client.done(younger.addCertificate(ANOTHER_CERTIFICATE.pem));
      const { certificates } = await client.done(younger.listCertificates());
      assert.deepEqual(
        certificates.map(({ certificate }) => certificate),
        [id, ANOTHER_CERTIFICATE.id],
      );
      const { cert_text } = await client.done(younger.getCertificate(id));
      assert.equal(cert_text.trim(), pem.trim());
      for (const each of certificates)
        await client.done(younger.deleteCertificate(each.certificate));
      assert.deepEqual(await client.done(younger.listCertificates()), { certificates: [] });
      await client.refused(younger.getCertificate(id), "not_found");
      await client.refused(younger.deleteCertificate(id), "not_found");
    });

    test("are one block of PEM a call that holds a certificate", async () => {
      const { pem } = A_CERTIFICATE;
      for (const text of [
        "",
        "text",
        pem + ANOTHER_CERTIFICATE.pem,
        pem.replaceAll("CERTIFICATE", "PRIVATE KEY"),
        pem.replace(/\n[A-Za-z0-9+/=]+\n/, "\n"),
      ])
        await client.refused(younger.addCertificate(text), "invalid_argument");
      assert.deepEqual(await client.done(younger.listCertificates()), { certificates: [] });
    });
  });
}

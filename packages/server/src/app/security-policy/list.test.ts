import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { catalogAround } from "@contentlib/testkit/faults/catalog-around";
import { packageFiles } from "@contentlib/testkit/ovf/package-files";
import { pushAll } from "@contentlib/testkit/rigs/package-rig";
import { aCall, wholeList } from "@contentlib/testkit/rigs/app-rig";
import { refusedWith, SessionRig } from "@contentlib/testkit/rigs/session-rig";

type UpdateSpec = Parameters<SessionRig["handlers"]["library.update"]>[0]["update_spec"];

const policyIdOf = async (rig: SessionRig): Promise<string> => {
  const [policy] = await rig.handlers["securityPolicy.list"]({}, aCall());
  assert.ok(policy);
  return policy.policy;
};

const libraryOf = async (rig: SessionRig) =>
  await rig.handlers["library.get"]({ library_id: (await rig.item()).library_id }, aCall());

const updateLibrary = async (
  rig: SessionRig,
  update_spec: UpdateSpec,
  service: "library" | "localLibrary" = "library",
): Promise<void> => {
  const { library_id } = await rig.item();
  await rig.handlers[`${service}.update`]({ library_id, update_spec }, aCall());
};

const setType = async (rig: SessionRig, type: string): Promise<void> =>
  await rig.handlers["item.update"](
    { library_item_id: rig.itemId, update_spec: { type } },
    aCall(),
  );

/** A rig whose library has the policy, and whose item is of the type. */
const secured = async (type = "Ovf"): Promise<SessionRig> => {
  const rig = await SessionRig.open();
  await setType(rig, type);
  await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
  return rig;
};

/** A package that nobody signed. */
const PACKAGE = packageFiles();

const UNVERIFIED = {
  security_compliance: false,
  certificate_verification_info: { status: "NOT_AVAILABLE" },
};

const complianceOf = async (rig: SessionRig) => {
  const { security_compliance, certificate_verification_info } = await rig.item();
  return certificate_verification_info === undefined
    ? { security_compliance }
    : { security_compliance, certificate_verification_info };
};

test("there is one policy, which asks OVF packages to be verified", async () => {
  const rig = await SessionRig.open();
  assert.deepEqual(await rig.handlers["securityPolicy.list"]({}, aCall()), [
    {
      policy: await policyIdOf(rig),
      name: "OVF default policy",
      item_type_rules: { ovf: "OVF_STRICT_VERIFICATION" },
    },
  ]);
});

test("the kinds of items are told, with the rules they can be held to", async () => {
  const rig = await SessionRig.open();
  const types = await rig.handlers["type.list"]({}, aCall());
  assert.deepEqual(
    types.map(({ type, vendor, supported_rules }) => [type, vendor, supported_rules]),
    [
      ["ovf", "contentlib", ["OVF_STRICT_VERIFICATION"]],
      ["iso", "contentlib", undefined],
    ],
  );
});

describe("the policy of a library", () => {
  test("is given at create, and shown only while it is set", async () => {
    const rig = await SessionRig.open();
    const security_policy_id = await policyIdOf(rig);
    const library_id = await rig.handlers["localLibrary.create"](
      { create_spec: { name: "secured", security_policy_id } },
      aCall(),
    );
    const library = await rig.handlers["localLibrary.get"]({ library_id }, aCall());
    assert.equal(library.security_policy_id, security_policy_id);
    assert.ok(!("security_policy_id" in (await libraryOf(rig))));
  });

  for (const service of ["library", "localLibrary"] as const) {
    test(`is set and taken away by ${service}.update; taking it away goes before setting it`, async () => {
      const rig = await SessionRig.open();
      const security_policy_id = await policyIdOf(rig);
      await updateLibrary(rig, { security_policy_id }, service);
      assert.equal((await libraryOf(rig)).security_policy_id, security_policy_id);
      await updateLibrary(rig, { unset_security_policy_id: false }, service);
      assert.equal((await libraryOf(rig)).security_policy_id, security_policy_id);
      await updateLibrary(
        rig,
        { security_policy_id: "no policy", unset_security_policy_id: true },
        service,
      );
      const library = await libraryOf(rig);
      assert.ok(!("security_policy_id" in library));
      assert.ok(!("unset_security_policy_id" in library));
      assert.equal(library.version, "3");
    });
  }

  test("must be there", async () => {
    const rig = await SessionRig.open();
    const security_policy_id = "OVF default policy";
    await refusedWith("security_policy.not_found", updateLibrary(rig, { security_policy_id }));
    await refusedWith(
      "security_policy.not_found",
      rig.handlers["localLibrary.create"](
        { create_spec: { name: "secured", security_policy_id } },
        aCall(),
      ),
    );
    assert.equal((await libraryOf(rig)).version, "1");
  });
});

test("an ovf item of a secured library is not known to be compliant; all others are", async () => {
  const rig = await secured();
  assert.deepEqual(await complianceOf(rig), UNVERIFIED);
  await updateLibrary(rig, { unset_security_policy_id: true });
  assert.deepEqual(await complianceOf(rig), { security_compliance: true });
  assert.deepEqual(await complianceOf(await secured("iso")), { security_compliance: true });
});

describe("S74: unverified content", () => {
  test("is not completed into an ovf item of a secured library; without the policy the same session is", async () => {
    const rig = await secured();
    await pushAll(rig, PACKAGE);
    const text = await refusedWith("security_policy.content_refused", rig.complete());
    assert.match(
      text,
      /policy OVF default policy .*verified: it is not signed\. .*take the policy from/,
    );
    const { state, error_message } = await rig.session();
    assert.equal(state, "ERROR");
    assert.equal(error_message?.default_message, text);
    assert.deepEqual(await rig.itemFiles(), []);
    assert.deepEqual(await rig.staged(), []);
    await updateLibrary(rig, { unset_security_policy_id: true });
    await rig.openSession();
    await rig.fill(PACKAGE);
    assert.equal((await rig.itemFiles()).length, 2);
  });

  test("is no matter of a session without changes, or of items of another type", async () => {
    const unchanged = await secured();
    await unchanged.complete();
    assert.equal((await unchanged.session()).state, "DONE");
    const iso = await secured("iso");
    await iso.fill({ "boot.iso": "bytes" });
    assert.equal((await iso.itemFiles()).length, 1);
  });

  test("may not be taken from an ovf item either", async () => {
    const rig = await SessionRig.open();
    await setType(rig, "ovf");
    await rig.fill(PACKAGE);
    await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
    assert.deepEqual(await complianceOf(rig), UNVERIFIED);
    await rig.openSession();
    await rig.handlers["updateSessionFile.remove"](
      { update_session_id: rig.sessionId, file_name: "vm-disk1.vmdk" },
      aCall(),
    );
    // What is not a package is told first, and can be mended.
    await refusedWith("update_session.file_not_received", rig.complete());
    await rig.handlers["updateSessionFile.remove"](
      { update_session_id: rig.sessionId, file_name: "vm.ovf" },
      aCall(),
    );
    await refusedWith("security_policy.content_refused", rig.complete());
    assert.equal((await rig.itemFiles()).length, 2);
  });

  test("does not slip in while the policy is set", async () => {
    let isArmed = false;
    const rig = await SessionRig.open((storage) => ({
      ...storage,
      catalog: catalogAround(storage.catalog, async (name, proceed) => {
        if (isArmed && name.includes("revision.put")) {
          isArmed = false;
          await updateLibrary(rig, { security_policy_id: await policyIdOf(rig) });
        }
        return await proceed();
      }),
    }));
    await setType(rig, "ovf");
    await pushAll(rig, PACKAGE);
    isArmed = true;
    await refusedWith("security_policy.content_refused", rig.complete());
    assert.deepEqual(await rig.itemFiles(), []);
  });

  test("is not copied into a secured library; an empty item is, and so are files of another type", async () => {
    const rig = await SessionRig.open();
    await setType(rig, "ovf");
    const security_policy_id = await policyIdOf(rig);
    const library_id = await rig.handlers["localLibrary.create"](
      { create_spec: { name: "secured", security_policy_id } },
      aCall(),
    );
    const copy = async (name: string, type?: string): Promise<string> =>
      await rig.handlers["item.copy"](
        {
          source_library_item_id: rig.itemId,
          destination_create_spec: {
            library_id,
            name,
            ...(type === undefined ? {} : { type }),
          },
        },
        aCall(),
      );
    await copy("empty");
    await rig.fill(PACKAGE);
    await refusedWith("security_policy.content_refused", copy("full"));
    const found = await rig.handlers["item.find"]({ spec: { name: "full" } }, aCall());
    assert.deepEqual(await wholeList(found), []);
    await copy("full", "plain");
  });
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { archivedFiles, ovaOf } from "@contentlib/testkit/ovf/ova-of";
import { withArchiveRig } from "@contentlib/testkit/rigs/archive-rig";
import { STAYS } from "@contentlib/testkit/rigs/session-rig";
import { push } from "@contentlib/testkit/rigs/package-rig";
import { composeItemTypes } from "@contentlib/server/main/compose-item-types";
import { parseUpdateSessionId } from "../../domain/ids.ts";
import { PackageJudge } from "./package-judge.ts";

test("S120: a judgement keeps the digests that it makes, however many others are made meanwhile", () =>
  withArchiveRig(async (rig) => {
    const disks = { "a.vmdk": "one", "b.vmdk": "two", "c.vmdk": "three" };
    const { "vm.mf": manifest = "", ...others } = archivedFiles({ algorithm: "SHA1", disks });
    await push(rig, "vm.ova", ovaOf({ ...others, "vm.mf": manifest }));
    const sessionId = parseUpdateSessionId(rig.sessionId);
    const row = sessionId === null ? null : await rig.storage.catalog.findSession(sessionId);
    assert.ok(row);
    const { itemId } = row.value;
    const files = row.files.map(({ value }) => value);
    const itemType = composeItemTypes().of("ovf");
    const judge = new PackageJudge({ ...rig.storage, clock: rig.clock }, 1);
    const given = { itemType, itemId, itemName: "vm", files, signal: STAYS };
    const { faults, missing, wanted } = await judge.judge(given);
    assert.deepEqual({ faults, missing, wanted }, { faults: [], missing: [], wanted: [] });
  }));

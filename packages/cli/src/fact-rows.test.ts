import assert from "node:assert/strict";
import { test } from "node:test";
import { factRows } from "./fact-rows.ts";

test("facts stand in rows, each where there is something to say", () => {
  const rows = factRows({
    version: "2",
    verification: {
      status: "UNTRUSTED",
      reason: "nobody vouches for it",
      time: "2026-01-01T00:00:00.000Z",
      ignored_warnings: [{ type: "UNTRUSTED_CERTIFICATE", user: "maria@vsphere.local" }],
    },
    ovf: {
      standard: "1",
      product: { name: "Web", release: "1", full_release: "1.2.3", vendor: "Example" },
      systems: [
        {
          id: "vm",
          name: "web",
          operating_system: "Debian",
          cpus: 2,
          memory_bytes: "1073741824",
          network_cards: 1,
        },
      ],
      disks: [{ id: "disk1", capacity_bytes: "9".repeat(20) }, { id: "disk2" }],
      networks: ["VM Network", "backup"],
      licences: ["Be good."],
      extra_config_keys: ["nvram"],
    },
  });
  assert.deepEqual(rows, [
    ["signature", "UNTRUSTED: nobody vouches for it"],
    ["ignored", "UNTRUSTED_CERTIFICATE by maria@vsphere.local"],
    ["product", "Web 1.2.3 by Example"],
    ["machine", "web, Debian, 2 CPUs, 1.1 GB, 1 network cards"],
    ["disk", `disk1, ${"9".repeat(20)} bytes`],
    ["disk", "disk2"],
    ["networks", "VM Network, backup"],
    ["licences", "1, to be agreed to"],
    ["advanced", "nvram"],
  ]);
});

test("of content that nobody looked into there is nothing to say", () => {
  assert.deepEqual(factRows({ version: "1" }), []);
});

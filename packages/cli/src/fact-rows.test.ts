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

test("images tell what they are, findings what is amiss, and an archive how it is had again", () => {
  const checksum_info = { algorithm: "SHA256", checksum: "ab" } as const;
  const rows = factRows({
    version: "2",
    images: [
      {
        file: "a.iso",
        formats: ["ISO9660", "UDF"],
        volume_label: "DEBIAN",
        volume_size: 2_000_000,
        file_size: 1_000_000,
        boots: ["BIOS", "UEFI"],
        hybrid: true,
      },
      { file: "b.iso", formats: [], file_size: 5, boots: [], hybrid: false },
    ],
    findings: [
      {
        code: "iso.shorter_than_volume",
        severity: "WARNING",
        file: "a.iso",
        text: "a.iso has 1000000 bytes, its volume says 2000000.",
        mend: "Download the image again: its end is missing.",
      },
    ],
    original: { name: "vm.ova", size: 1_200_000_000, checksum_info },
  });
  assert.deepEqual(rows, [
    [
      "image",
      "a.iso, ISO9660 and UDF, labelled DEBIAN, volume of 2.0 MB, boots by BIOS and UEFI, from a stick too",
    ],
    ["image", "b.iso, no volume"],
    ["warning", "a.iso has 1000000 bytes, its volume says 2000000. [iso.shorter_than_volume]"],
    ["archive", "vm.ova (1.2 GB), as it was pushed: pull --as ova"],
  ]);
});

test("of content that nobody looked into there is nothing to say", () => {
  assert.deepEqual(factRows({ version: "1" }), []);
});

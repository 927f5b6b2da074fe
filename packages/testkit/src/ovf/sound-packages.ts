import { gzipSync } from "node:zlib";
import { aDiscImage } from "./disc-image.ts";
import { envelopeAround, envelopeText } from "./envelope-text.ts";
import type { PackageRecipe } from "./package-recipe.ts";
import { certificateFileOf } from "./signer-certificate.ts";
import { MIDDLE, ROOT, SIGNER } from "./signer-rig.ts";
import {
  archive,
  archiveOf,
  archiveWith,
  coveredContents,
  descriptorText,
  digestOf,
  DISK,
  folder,
  manifestText,
} from "./sound-package.ts";
import { longName, paxHeader, tarEnd, tarMember } from "./tar-writer.ts";

const sound = (name: string, files: PackageRecipe["files"]): PackageRecipe => ({
  name,
  raises: [],
  files,
});

const DESCRIPTOR = descriptorText();
const LONG = `${"long-".repeat(40)}disk.vmdk`;
const LONG_DESCRIPTOR = envelopeText({
  files: [{ id: "f", href: LONG, size: DISK.length }],
});

/** The same two members, the disk by a long name, in a form of tar. */
const longNamed = (...header: readonly Uint8Array[]) =>
  archiveOf(tarMember({ name: "x.ovf" }, LONG_DESCRIPTOR), ...header, tarEnd);

const MANIFEST = Buffer.from(coveredContents()["x.mf"]!);
const CERTIFICATE = certificateFileOf({ name: "x.mf", bytes: MANIFEST }, [SIGNER, MIDDLE]);

/** Packages and images of every form, in which nothing is to be found. */
export const soundPackages = (): readonly PackageRecipe[] => [
  sound("a descriptor with its disk", folder(DESCRIPTOR)),
  sound("a descriptor with a manifest", folder(DESCRIPTOR, { "x.mf": MANIFEST })),
  sound("an archive without a manifest", archiveWith({})),
  ...(["SHA256", "SHA512"] as const).map((algorithm) =>
    sound(
      `an archive with a manifest of ${algorithm}`,
      archiveWith({
        "x.mf": manifestText({ "x.ovf": DESCRIPTOR, "disk.vmdk": DISK }, algorithm),
      }),
    ),
  ),
  sound(
    "a manifest in the words of OpenSSL 3 and of BSD",
    archiveWith({
      "x.mf": `SHA2-256(x.ovf)= ${digestOf(DESCRIPTOR)}\nSHA256 (disk.vmdk) = ${digestOf(DISK)}\n`,
    }),
  ),
  {
    ...sound("a signed archive", archiveWith({ ...coveredContents(), "x.cert": CERTIFICATE })),
    trusted: [ROOT.der],
  },
  {
    ...sound(
      "a signed archive with its certificate at the end",
      archive({ ...coveredContents(), "disk.vmdk": DISK, "x.cert": CERTIFICATE }),
    ),
    trusted: [ROOT.der],
  },
  sound("a long name of GNU", longNamed(longName(LONG), tarMember({}, DISK))),
  sound("a long name of pax", longNamed(paxHeader([["path", LONG]]), tarMember({}, DISK))),
  sound(
    "a long size of pax",
    archiveOf(
      tarMember({ name: "x.ovf" }, DESCRIPTOR),
      paxHeader([["size", String(DISK.length)]]),
      tarMember({ name: "disk.vmdk", size: 0 }, DISK),
      tarEnd,
    ),
  ),
  sound(
    "names with ./ before them",
    archiveOf(
      tarMember({ name: "./", kind: "5" }),
      tarMember({ name: "./x.ovf" }, DESCRIPTOR),
      tarMember({ name: "./disk.vmdk" }, DISK),
      tarEnd,
    ),
  ),
  sound(
    "a compressed disk",
    archive({
      "x.ovf": envelopeText({ files: [{ id: "f", href: "d.gz", compression: "gzip" }] }),
      "d.gz": gzipSync(DISK),
    }),
  ),
  sound(
    "an image in a package",
    archive({
      "x.ovf": envelopeText({ files: [{ id: "f", href: "cd.iso" }] }),
      "cd.iso": aDiscImage(),
    }),
  ),
  sound(
    "names with blanks and percent signs",
    folder(
      envelopeText({
        files: [
          { id: "f", href: "my%20disk%20(1).vmdk" },
          { id: "g", href: "100%.vmdk" },
        ],
      }),
      { "my disk (1).vmdk": "1", "100%.vmdk": "1" },
    ),
  ),
  ...[
    ["OVF 0.9", "http://www.vmware.com/schema/ovf/1/envelope"],
    ["OVF 2", "http://schemas.dmtf.org/ovf/envelope/2"],
  ].map(([version = "", namespace = ""]) =>
    sound(
      `a descriptor of ${version}`,
      folder(envelopeAround('<References/><VirtualSystem ovf:id="vm"/>', namespace)),
    ),
  ),
  sound("an image", () => [{ name: "x.iso", parts: [aDiscImage()] }]),
];

import { type Finding, FINDINGS, mendOf, textOf } from "@contentlib/ovf";
import type { ImageFacts } from "../../../domain/item-facts.ts";
import type { PackageFault, Remark } from "../../../domain/package.ts";
import type { ReadImage } from "./read-image.ts";

const FORMATS = { iso9660: "ISO9660", udf: "UDF" } as const;
const BOOTS = { bios: "BIOS", uefi: "UEFI" } as const;
const SEVERITIES = { error: "ERROR", warning: "WARNING", note: "NOTE" } as const;

/** What an image says of itself, in the words of the domain. */
export const factsOfImage = (file: string, { facts }: ReadImage): ImageFacts => ({
  file,
  formats: facts.formats.map((one) => FORMATS[one]),
  ...(facts.volumeLabel === null ? {} : { volumeLabel: facts.volumeLabel }),
  ...(facts.volumeBytes === null ? {} : { volumeBytes: facts.volumeBytes }),
  fileBytes: facts.sizeBytes,
  boots: facts.boots.map((one) => BOOTS[one]),
  isHybrid: facts.isHybrid,
});

/** Why a library that rejects bad images takes no such file. */
export const faultOfImage = (finding: Finding): PackageFault => ({
  name: finding.file,
  text: textOf(finding),
  mend: mendOf(finding),
  code: finding.code,
  isWrong: true,
});

/** What others are told of it. */
export const remarkOf = (finding: Finding): Remark => ({
  code: finding.code,
  severity: SEVERITIES[FINDINGS[finding.code].severity],
  file: finding.file,
  text: textOf(finding),
  mend: mendOf(finding),
});

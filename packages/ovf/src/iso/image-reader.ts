import type { Report } from "../finding.ts";
import { makeFinding } from "../make-finding.ts";
import { CATALOGUE_BYTES, readBootCatalogue } from "./el-torito.ts";
import { ImageBytes } from "./image-bytes.ts";
import type { ImageFacts } from "./image-facts.ts";
import { hasPartitions } from "./partition-table.ts";
import { findUdfSequence, readUdfVolume, UDF_HEAD_BYTES, type UdfVolume } from "./udf-volume.ts";
import { type IsoVolume, readVolumeSequence } from "./volume-descriptors.ts";

/** Joliet has room for so many characters; a label of so many may have been cut. */
const JOLIET_LABEL_CHARACTERS = 16;

const isoLabel = ({ label, jolietLabel }: IsoVolume): string | null =>
  jolietLabel !== null && jolietLabel.length < JOLIET_LABEL_CHARACTERS
    ? jolietLabel
    : (label ?? jolietLabel);

/**
 * Reads what an image of a disc says of itself (ISO 9660, UDF) while its bytes pass, and keeps about a mebibyte of them: its
 * head, and what the head points to.
 */
export class ImageReader {
  readonly #fileName: string;
  readonly #report: Report;
  readonly #image = new ImageBytes({ offset: 0, bytes: UDF_HEAD_BYTES });
  #hasHead = false;

  constructor(fileName: string, report: Report) {
    this.#fileName = fileName;
    this.#report = report;
  }

  /** Takes the next bytes; they may be cut anywhere. */
  write(bytes: Uint8Array): void {
    const head = Math.max(0, UDF_HEAD_BYTES - this.#image.position);
    this.#image.write(bytes.subarray(0, head));
    if (this.#image.position >= UDF_HEAD_BYTES) this.#keepWhatHeadPointsTo();
    if (head < bytes.length) this.#image.write(bytes.subarray(head));
  }

  /** Where the next bytes lie that matter; null where no more do. Who can seek goes on there, after `skip`. */
  get nextWanted(): number | null {
    return this.#image.nextKept;
  }

  /** Passes over so many bytes, none of which may be wanted. */
  skip(bytes: number): void {
    this.#image.skip(bytes);
  }

  /** Says that there are no more bytes. Who has the first ones only names the size of the whole. */
  end(sizeBytes = this.#image.position): ImageFacts {
    const facts = this.#facts(sizeBytes);
    if (facts.formats.length === 0) this.#report(makeFinding("iso.no_volume", this.#fileName));
    else if (facts.volumeBytes !== null && sizeBytes < facts.volumeBytes) {
      const details = { expected: facts.volumeBytes, actual: sizeBytes };
      this.#report(makeFinding("iso.shorter_than_volume", this.#fileName, details));
    }
    return facts;
  }

  #keepWhatHeadPointsTo(): void {
    if (this.#hasHead) return;
    this.#hasHead = true;
    const catalogueAt = readVolumeSequence(this.#image).iso?.catalogueAt;
    if (typeof catalogueAt === "number")
      this.#image.keep({ offset: catalogueAt, bytes: CATALOGUE_BYTES });
    const sequence = findUdfSequence(this.#image);
    if (sequence !== null) this.#image.keep(sequence.window);
  }

  #facts(sizeBytes: number): ImageFacts {
    const { iso, hasUdf } = readVolumeSequence(this.#image);
    const udf = hasUdf ? this.#udf() : null;
    const catalogueAt = iso?.catalogueAt ?? null;
    const volumeBytes = Math.max(iso?.bytes ?? 0, udf?.bytes ?? 0);
    return {
      formats: [...(iso === null ? [] : ["iso9660" as const]), ...(hasUdf ? ["udf" as const] : [])],
      volumeLabel: (iso === null ? null : isoLabel(iso)) ?? udf?.label ?? null,
      volumeBytes: volumeBytes === 0 ? null : volumeBytes,
      boots:
        catalogueAt === null ? [] : readBootCatalogue(this.#image.at(catalogueAt, CATALOGUE_BYTES)),
      isHybrid: (iso !== null || hasUdf) && hasPartitions(this.#image),
      publisherId: iso?.publisherId ?? null,
      applicationId: iso?.applicationId ?? null,
      sizeBytes,
    };
  }

  #udf(): UdfVolume | null {
    const sequence = findUdfSequence(this.#image);
    return sequence === null ? null : readUdfVolume(this.#image, sequence);
  }
}

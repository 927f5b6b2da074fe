import { fromBase64 } from "../base64.ts";
import type { FindingCode } from "../finding-codes.ts";
import type { Report } from "../finding.ts";
import { CERTIFICATE_BYTES_MAX, PEM_BLOCK_BYTES_MAX, PEM_BLOCKS_MAX } from "../limits.ts";
import { type FindingDetails, makeFinding } from "../make-finding.ts";
import { textOfBytes } from "../text-of-bytes.ts";
import type { CertificateFile } from "./certificate-file.ts";
import { type LooseLine, type PemBlock, splitPem } from "./pem-blocks.ts";
import { signatureAlgorithmOf } from "./signature-algorithm.ts";
import { readSignatureLine } from "./signature-line.ts";

type Signed = Pick<CertificateFile, "algorithm" | "line" | "signature" | "signedName">;

const FIRST_ROOM_BYTES = 8192;
const LABELS = new Set(["CERTIFICATE", "X509 CERTIFICATE"]);

/**
 * Reads the file that signs a manifest (DSP0243 7.4) while its bytes pass: a line with the signature, and certificates in PEM.
 * Other text and other blocks are passed over. It keeps what it is given, up to the largest size, and reads it at the end.
 */
export class CertificateReader {
  readonly #fileName: string;
  readonly #reportTo: Report;
  #kept = new Uint8Array(FIRST_ROOM_BYTES);
  #bytes = 0;

  constructor(fileName: string, report: Report) {
    this.#fileName = fileName;
    this.#reportTo = report;
  }

  /** Takes the next bytes; past the largest size they are not kept. */
  write(bytes: Uint8Array): void {
    const wanted = this.#bytes + bytes.length;
    if (this.#bytes > CERTIFICATE_BYTES_MAX || wanted > CERTIFICATE_BYTES_MAX) {
      if (this.#bytes <= CERTIFICATE_BYTES_MAX)
        this.#report("certificate.too_large", { expected: CERTIFICATE_BYTES_MAX });
      this.#bytes = CERTIFICATE_BYTES_MAX + 1;
      this.#kept = new Uint8Array();
      return;
    }
    if (wanted > this.#kept.length) {
      const room = new Uint8Array(Math.max(wanted, 2 * this.#kept.length));
      room.set(this.#kept.subarray(0, this.#bytes));
      this.#kept = room;
    }
    this.#kept.set(bytes, this.#bytes);
    this.#bytes = wanted;
  }

  /** What the file says; null where something of it can not be used, which was reported then. */
  end(): CertificateFile | null {
    if (this.#bytes > CERTIFICATE_BYTES_MAX) return null;
    const text = textOfBytes(this.#kept.subarray(0, this.#bytes)).replace(/^\uFEFF/, "");
    const { blocks, lines } = splitPem(text);
    const signed = this.#signed(lines);
    const certificates = this.#certificates(blocks);
    return signed === null || certificates === null
      ? null
      : { fileName: this.#fileName, ...signed, certificates };
  }

  #report(code: FindingCode, details: FindingDetails): null {
    this.#reportTo(makeFinding(code, this.#fileName, details));
    return null;
  }

  #signed(lines: readonly LooseLine[]): Signed | null {
    for (const { text, line } of lines) {
      const read = readSignatureLine(text);
      if (read === null) continue;
      const { algorithmWord, signedName, signature } = read;
      const algorithm = signatureAlgorithmOf(algorithmWord);
      return algorithm === null
        ? this.#report("certificate.algorithm_unknown", { place: { line }, actual: algorithmWord })
        : { algorithm, line, signature, signedName };
    }
    return this.#report("certificate.no_signature", {});
  }

  #certificates(blocks: readonly PemBlock[]): Uint8Array[] | null {
    if (blocks.length > PEM_BLOCKS_MAX)
      return this.#report("certificate.too_many_blocks", { expected: PEM_BLOCKS_MAX });
    const certificates: Uint8Array[] = [];
    for (const block of blocks) {
      const { label, line } = block;
      const place = { line };
      if (block.text === null)
        return this.#report("certificate.unreadable", { place, actual: "it has no END line" });
      if (block.text.length > PEM_BLOCK_BYTES_MAX)
        return this.#report("certificate.block_too_large", {
          place,
          expected: PEM_BLOCK_BYTES_MAX,
        });
      if (!LABELS.has(label)) continue;
      const der = fromBase64(block.text);
      if (der === null)
        return this.#report("certificate.unreadable", { place, actual: "it is not Base64" });
      certificates.push(der);
    }
    return certificates.length > 0 ? certificates : this.#report("certificate.no_certificate", {});
  }
}

import { CERTIFICATE_CHARACTERS_MAX, faultOf } from "@contentlib/contract/vocabulary";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import type { CertificateId, Instant } from "./ids.ts";
import type { Reason } from "./names.ts";

/** A certificate that signed content and remote servers are trusted by (contract L24). */
export interface TrustedCertificate {
  readonly id: CertificateId;
  /** One PEM block in its canonical form, ended by a line feed. */
  readonly certText: string;
  readonly addedAt: Instant;
}

const LABEL = "CERTIFICATE";

/** The labels of the PEM blocks that the text begins. */
const labelsOf = (text: string): readonly string[] =>
  Array.from(text.matchAll(/-----BEGIN ([A-Z0-9 ]{1,64})-----/g), ([, label = ""]) => label);

const whyNoBlock = (text: string): Reason => {
  if (text.length > CERTIFICATE_CHARACTERS_MAX)
    return `it has ${text.length} characters, and at most ${CERTIFICATE_CHARACTERS_MAX} are allowed`;
  const labels = labelsOf(text);
  const [label] = labels;
  if (label === undefined) return `it has no line -----BEGIN ${LABEL}-----`;
  if (labels.length > 1) return `it holds ${labels.length} blocks; add one certificate at a time`;
  return label === LABEL ? null : `it holds a block named ${label}`;
};

/** Null where the text may be one certificate; whether it is, only its bytes tell. What it holds is never repeated: it may be a key. */
export const checkCertificateText = (text: string): FaultValue | null => {
  const reason = whyNoBlock(text);
  return reason === null ? null : faultOf("trusted_certificate.invalid", reason);
};

/** The refusal of a text that looks like a certificate and can not be read as one. */
export const certificateUnreadable = (): FaultValue =>
  faultOf(
    "trusted_certificate.invalid",
    "what it holds can not be read as one, or there is something before or after the block",
  );

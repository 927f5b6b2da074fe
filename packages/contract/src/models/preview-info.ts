import { z } from "zod";
import { PREVIEW_STATES, WARNING_TYPES } from "../vocabulary/enumerations.ts";
import { message } from "./message.ts";
import { flag, listOf, of, oneOf, optional, structure, text } from "./schema.ts";

/** Whether a kind of warning is to be ignored. */
export const warningBehavior = structure(
  "WarningBehavior",
  "Whether a kind of warning is to be ignored by complete.",
  {
    type: oneOf(WARNING_TYPES, "The kind of warning; each at most once in a list."),
    ignored: flag("True lets complete pass in spite of the warning."),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.warning_behavior",
    required: ["type", "ignored"],
  },
);

/** The certificate that signed the content of a session. */
export const certificateInfo = structure(
  "CertificateInfo",
  "The certificate that signed the content of a session.",
  {
    issuer: text("Who issued the certificate, in slash form."),
    subject: text("Whom the certificate names, in slash form."),
    self_signed: flag("Whether the certificate signed itself."),
    x509: text("The certificate as PEM text."),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.certificate_info",
    required: ["issuer", "subject", "self_signed", "x509"],
  },
);

/** A warning that the content of a session raises. */
export const previewWarning = structure(
  "PreviewWarning",
  "A warning that the content of a session raises.",
  {
    type: oneOf(WARNING_TYPES, "The kind of warning."),
    message: of(message, "What is amiss."),
    ignored: flag("Whether warning_behavior says to ignore it."),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.preview_warning_info",
    required: ["type", "message", "ignored"],
  },
);

/** What the metadata files of a session show before it is completed. */
export const previewInfo = structure(
  "PreviewInfo",
  "What the metadata files of a session show before it is completed.",
  {
    state: oneOf(PREVIEW_STATES, "How far the preview is."),
    certificate_info: optional(
      of(certificateInfo, "The signing certificate; absent when unsigned."),
    ),
    warnings: optional(
      listOf(previewWarning, "The warnings; present when the preview is available, and only then."),
    ),
    cert_chain: optional(
      listOf(
        z.string(),
        "The certificates, the signing one first, in base64; absent when unsigned.",
      ),
    ),
  },
  {
    canonical: "com.vmware.content.library.item.updatesession.preview_info",
    required: ["state"],
    unions: [
      {
        tag: "state",
        cases: {
          AVAILABLE: { required: ["warnings"], allowed: ["certificate_info"] },
          UNAVAILABLE: {},
          NOT_APPLICABLE: {},
          PREPARING: {},
        },
      },
    ],
  },
);

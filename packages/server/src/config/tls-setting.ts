import { resolve } from "node:path";
import type { Reader } from "./reader.ts";

/** How the server speaks TLS: not at all, with a certificate that it makes and keeps itself, or with one in files. */
export type TlsSetting =
  | { readonly kind: "off" }
  | { readonly kind: "self-signed" }
  | {
      readonly kind: "files";
      /** The certificate, and behind it those that lead to an authority, in PEM. */
      readonly certFile: string;
      /** The private key, in PEM and not encrypted. */
      readonly keyFile: string;
    };

const parseKind = (text: string): "off" | "self-signed" | null => {
  const kind = text.trim().toLowerCase();
  return kind === "off" || kind === "self-signed" ? kind : null;
};

/** How to speak TLS; files are sought from `workingDirectory`. What does not go together is noted in the reader. */
export const readTls = (reader: Reader, workingDirectory: string): TlsSetting => {
  const kind = reader.read<"off" | "self-signed" | null>(
    "tls",
    null,
    parseKind,
    "self-signed or off (a certificate of your own is given by --tls-cert and --tls-key)",
  );
  const [certFile, keyFile] = [reader.text("tlsCert"), reader.text("tlsKey")];
  if (certFile === null && keyFile === null) return { kind: kind ?? "off" };
  if (certFile === null || keyFile === null) {
    const [given, missing] =
      certFile === null
        ? [reader.source("tlsKey"), "--tls-cert, or CONTENTLIB_TLS_CERT"]
        : [reader.source("tlsCert"), "--tls-key, or CONTENTLIB_TLS_KEY"];
    reader.problems.push(`${given ?? ""} needs ${missing} too`);
  }
  if (kind !== null) {
    const file = reader.source("tlsCert") ?? reader.source("tlsKey") ?? "";
    reader.problems.push(
      `${reader.source("tls") ?? ""} ${kind} and ${file} contradict each other: leave one of them out`,
    );
  }
  return {
    kind: "files",
    certFile: resolve(workingDirectory, certFile ?? ""),
    keyFile: resolve(workingDirectory, keyFile ?? ""),
  };
};

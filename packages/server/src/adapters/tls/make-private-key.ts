import { generateKeyPairSync } from "node:crypto";

/** The curve of keys that the server makes: every client of the last twenty years knows it. */
export const CURVE = "P-256";

/** A fresh P-256 key in PKCS#8 PEM. */
export const makePrivateKey = (): string =>
  generateKeyPairSync("ec", {
    namedCurve: CURVE,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  }).privateKey;

import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import type { Finding } from "../finding.ts";
import { CertificateReader } from "./certificate-reader.ts";
import { type JudgedSigner, judgeSigner } from "./judge-signer.ts";

const options =
  spawnSync("openssl", ["version"]).status === 0 ? {} : { skip: "OpenSSL is not here" };

const folder = mkdtempSync(join(tmpdir(), "contentlib-signed-"));
after(() => rmSync(folder, { recursive: true }));

const MANIFEST = "SHA256(x.ovf)= 0123\r\n";
writeFileSync(join(folder, "x.mf"), MANIFEST);

const openssl = (...args: string[]): Buffer =>
  execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });

const pem = (name: string): string => readFileSync(join(folder, name), "latin1");
const der = (name: string): Uint8Array => openssl("x509", "-in", name, "-outform", "DER");

const SUBJECT = "/C=US/ST=Washington/O=Example, Inc./OU=a b/CN=signer/emailAddress=a@example.com";

/** Makes a key and a certificate that signs itself. */
const selfSigned = (name: string, algorithm: readonly string[], ...more: string[]): void => {
  openssl("genpkey", ...algorithm, "-out", `${name}.key`);
  const subject = ["-subj", SUBJECT, "-days", "30"];
  openssl("req", "-x509", "-key", `${name}.key`, "-out", `${name}.pem`, ...subject, ...more);
};

const signedBy = (name: string, hash: string, word: string, ...chain: string[]): string => {
  const signature = openssl("dgst", `-${hash}`, "-sign", `${name}.key`, "x.mf").toString("hex");
  return `${word}(x.mf)= ${signature}\n${[name, ...chain].map((at) => pem(`${at}.pem`)).join("")}`;
};

const judge = async (
  text: string,
  trusted: readonly string[],
  manifest = MANIFEST,
): Promise<JudgedSigner> => {
  const findings: Finding[] = [];
  const reader = new CertificateReader("x.cert", (finding) => void findings.push(finding));
  reader.write(Buffer.from(text));
  const file = reader.end();
  assert.deepEqual(findings, []);
  return await judgeSigner(file ?? assert.fail(), Buffer.from(manifest), {
    now: new Date(),
    trusted: trusted.map((name) => der(`${name}.pem`)),
  });
};

const codesOf = ({ findings }: JudgedSigner): string[] => findings.map(({ code }) => code);

describe("packages signed by OpenSSL", () => {
  for (const [name, algorithm] of [
    ["rsa", ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]],
    ["pss", ["-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"]],
    ["p256", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]],
    ["p384", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]],
    ["p521", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"]],
  ] as const)
    test(`with a key of ${name}`, options, async () => {
      selfSigned(name, algorithm);
      for (const [hash, word] of [
        ["sha256", "SHA2-256"],
        ["sha384", "SHA384"],
        ["sha512", "SHA512"],
      ] as const) {
        const text = signedBy(name, hash, word);
        assert.deepEqual(codesOf(await judge(text, [name])), []);
        const { verdict, findings } = await judge(text, [], `${MANIFEST}\n`);
        assert.equal(verdict?.fits, false);
        assert.deepEqual(codesOf({ verdict, findings }), [
          "certificate.signature_differs",
          "certificate.self_signed",
          "certificate.untrusted",
        ]);
      }
      assert.deepEqual(codesOf(await judge(signedBy(name, "sha1", "SHA1"), [name])), [
        "certificate.weak",
      ]);
    });

  test("names are shown as OpenSSL shows them", options, async () => {
    selfSigned("shown", ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]);
    const { verdict } = await judge(signedBy("shown", "sha256", "SHA256"), []);
    const line = openssl("x509", "-in", "shown.pem", "-noout", "-subject", "-nameopt", "compat");
    assert.equal(
      verdict?.signer.subject,
      line
        .toString()
        .trim()
        .replace(/^subject=\s*/, ""),
    );
    assert.equal(verdict?.signer.issuer, SUBJECT);
    const dates = openssl("x509", "-in", "shown.pem", "-noout", "-enddate").toString();
    const end = new Date(dates.trim().replace("notAfter=", ""));
    assert.equal(verdict?.signer.notAfter.getTime(), end.getTime());
  });

  test("a chain holds where OpenSSL says it does", options, async () => {
    const rsa = ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    selfSigned("root", rsa, "-sha384");
    const issue = (name: string, issuer: string, extensions: string): void => {
      openssl("genpkey", ...rsa, "-out", `${name}.key`);
      openssl("req", "-new", "-key", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
      writeFileSync(join(folder, `${name}.ext`), extensions);
      const by = ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
      const request = ["-in", `${name}.csr`, "-extfile", `${name}.ext`, "-out", `${name}.pem`];
      openssl("x509", "-req", ...by, ...request, "-days", "20", "-sha512");
    };
    const authority =
      "basicConstraints=critical,CA:true,pathlen:0\nkeyUsage=critical,keyCertSign\n";
    issue("middle", "root", authority);
    issue("false-middle", "root", "basicConstraints=critical,CA:false\n");
    const signer = "keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n";
    issue("good", "middle", `${signer}subjectAltName=critical,DNS:a.example\n`);
    issue("bad", "false-middle", signer);
    for (const [name, middle] of [
      ["good", "middle"],
      ["bad", "false-middle"],
    ] as const) {
      const untrusted = ["-untrusted", `${middle}.pem`, `${name}.pem`];
      const { status } = spawnSync("openssl", ["verify", "-CAfile", "root.pem", ...untrusted], {
        cwd: folder,
      });
      const judged = await judge(signedBy(name, "sha256", "SHA256", middle), ["root"]);
      assert.deepEqual(codesOf(judged), status === 0 ? [] : ["certificate.untrusted"]);
      assert.equal(status === 0, name === "good");
    }
    const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:-1"];
    selfSigned("pss-root", rsa, ...pss);
    const request = ["-in", "good.csr", "-extfile", "good.ext", "-out", "good.pem", "-days", "20"];
    const by = ["-CA", "pss-root.pem", "-CAkey", "pss-root.key", "-CAcreateserial"];
    openssl("x509", "-req", ...by, ...request, ...pss);
    assert.deepEqual(codesOf(await judge(signedBy("good", "sha256", "SHA256"), ["pss-root"])), []);
  });
});

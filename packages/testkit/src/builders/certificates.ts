/** A self-signed certificate in canonical PEM, valid from 2024 to 2124, and its id: the SHA-256 print of its DER bytes. */
export interface BuiltCertificate {
  readonly pem: string;
  readonly id: string;
}

export const A_CERTIFICATE: BuiltCertificate = {
  id: "e354d7647818ac7e12b0e95d34e7a2b7341ea4e5d9f157697a132704cf219aa0",
  pem: `-----BEGIN CERTIFICATE-----
MIIBMDCB1wIULmKmN/2E0CufuYJBzQwp6V4EwjIwCgYIKoZIzj0EAwIwGjEYMBYG
A1UEAwwPY29udGVudGxpYiB0ZXN0MCAXDTI0MDEwMTAwMDAwMFoYDzIxMjQwMTAx
MDAwMDAwWjAaMRgwFgYDVQQDDA9jb250ZW50bGliIHRlc3QwWTATBgcqhkjOPQIB
BggqhkjOPQMBBwNCAARyUn13LS6xvUjZ8fqipzOsPfmBRXmAMpYzg0iqmljsqAEN
ZvDgatG2xLNWAlUjL+up8Z0NQcc8MVcdeetToO7vMAoGCCqGSM49BAMCA0gAMEUC
IClCaRV74cGJOcesD3KJulpSVkliCE8TY39BcB9yenWOAiEApo8CGJcT+xdDjfdy
4/JRgq5j0P4Mw5gcIyjLdSj7Z5c=
-----END CERTIFICATE-----
`,
};

export const ANOTHER_CERTIFICATE: BuiltCertificate = {
  id: "f4ff96680cffa45dd06ed07aad01a75b5fb0630beb5f60903331bfa9591b0f1a",
  pem: `-----BEGIN CERTIFICATE-----
MIIBPzCB5wIUWwv9VAhC2xaZE/FWea9H4mYoHfkwCgYIKoZIzj0EAwIwIjEgMB4G
A1UEAwwXYW5vdGhlciBjb250ZW50bGliIHRlc3QwIBcNMjQwMTAxMDAwMDAwWhgP
MjEyNDAxMDEwMDAwMDBaMCIxIDAeBgNVBAMMF2Fub3RoZXIgY29udGVudGxpYiB0
ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAECf/Go9WfLVcgX+wp9v0fuvWa
xsWAcqg+Th2/zk92sxVC5TD59mZJrmzbTNalnfXoTnVWNpoCUxBwrdkWXK/IoDAK
BggqhkjOPQQDAgNHADBEAiBkmpMUeJktJ1Gu1MZX1D+1ThP7MVQe0O5ei5A74TdN
mQIgVdFJNsYrUFbChhOra7CsjwsUMaAfWTf8sytojPK3CuE=
-----END CERTIFICATE-----
`,
};

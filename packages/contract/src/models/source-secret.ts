import { instant, optional, secret, structure, text } from "./schema.ts";

const name = text("Name of the secret, by which sources name it.");
const origin = text(
  "Scheme, host and port of the one server that it is told to, such as https://files.example:8443.",
);
const userName = text("The name to log in with there; empty when absent.");

/** What a secret is made of, new or in place of one of its name. */
export const sourceSecretSetSpec = structure(
  "SourceSecretSetSpec",
  "A login that this server may present where it fetches files.",
  {
    name,
    origin,
    user_name: optional(userName),
    password: secret("The password to log in with there; shown to nobody again."),
  },
  { canonical: "contentlib.secrets.set_spec", required: ["name", "origin", "password"] },
);

/** A secret, as list answers it. */
export const sourceSecretInfo = structure(
  "SourceSecretInfo",
  "A login that this server may present where it fetches files, without its password.",
  {
    name,
    origin,
    user_name: userName,
    set_time: instant("When it was last set."),
    set_by: text("Name of the user who did."),
  },
  {
    canonical: "contentlib.secrets.info",
    required: ["name", "origin", "user_name", "set_time", "set_by"],
  },
);

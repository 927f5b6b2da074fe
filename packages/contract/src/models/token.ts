import { GRANT_ROLES } from "../vocabulary/enumerations.ts";
import { grantInfo } from "./grant.ts";
import { instant, listOf, oneOf, optional, secret, structure, text } from "./schema.ts";

const tokenId = text("Id of the token, by which it is revoked; not the secret itself.");
const name = text("What the token is for; no two tokens of a user share a name.");

/** What a new token is cut down to. */
export const tokenGrantSpec = structure(
  "TokenGrantSpec",
  "A role that a token is cut down to; it never gives more than its user has.",
  {
    role: oneOf(GRANT_ROLES, "What may be done; each role includes those before it."),
    library_id: optional(text("Id of the library it is on; on everything when absent.")),
  },
  { canonical: "contentlib.tokens.grant_spec", required: ["role"] },
);

/** What a new token is made of. */
export const tokenCreateSpec = structure(
  "TokenCreateSpec",
  "What a new token is made of.",
  {
    user: optional(text("Id or name of the user it stands for; the caller when absent.")),
    name,
    expires_time: optional(instant("From when on it is refused; it never expires when absent.")),
    grants: optional(
      listOf(
        tokenGrantSpec,
        "What it is cut down to; when absent or empty, it may do all that its user may.",
      ),
    ),
  },
  { canonical: "contentlib.tokens.create_spec", required: ["name"] },
);

/** A token just made, with its secret. */
export const newToken = structure(
  "NewToken",
  "A token just made; its secret is told here and never again.",
  {
    token_id: tokenId,
    token: secret("The secret: 64 hexadecimal digits, taken wherever the user's password is."),
    user_id: text("Id of the user it stands for."),
    user: text("Name of the user it stands for."),
    name,
    expires_time: optional(instant("From when on it is refused; it never expires when absent.")),
  },
  {
    canonical: "contentlib.tokens.create_result",
    required: ["token_id", "token", "user_id", "user", "name"],
  },
);

/** A token, as list answers it. */
export const tokenInfo = structure(
  "TokenInfo",
  "A token of a user, without its secret.",
  {
    token_id: tokenId,
    user_id: text("Id of the user it stands for."),
    user: text("Name of the user it stands for."),
    name,
    creation_time: instant("When it was made."),
    expires_time: optional(instant("From when on it is refused; it never expires when absent.")),
    grants: listOf(grantInfo, "What it is cut down to; empty when it may do all its user may."),
  },
  {
    canonical: "contentlib.tokens.info",
    required: ["token_id", "user_id", "user", "name", "creation_time", "grants"],
  },
);

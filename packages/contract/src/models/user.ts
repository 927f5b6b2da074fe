import { flag, instant, optional, secret, structure, text } from "./schema.ts";

const password = secret("The password; without one the user logs in by tokens only.");
const description = text("Whom or what the user stands for.");

/** What a new user is made of. */
export const userCreateSpec = structure(
  "UserCreateSpec",
  "What a new user is made of.",
  {
    name: text("Name of the user, without a domain; it is kept in lower case and never changes."),
    password: optional(password),
    description: optional(description),
  },
  { canonical: "contentlib.users.create_spec", required: ["name"] },
);

/** What can be changed of a user. */
export const userUpdateSpec = structure(
  "UserUpdateSpec",
  "Changes to a user; absent members stay as they are.",
  {
    password: optional(secret("The new password; logins that are there go on.")),
    description: optional(description),
    disabled: optional(
      flag(
        "Whether the user is kept out; true ends all logins of the user and the active sessions.",
      ),
    ),
  },
  { canonical: "contentlib.users.update_spec" },
);

/** A user, as get and list answer it. */
export const userInfo = structure(
  "UserInfo",
  "A user of this server, a person or a pipeline.",
  {
    user_id: text("Id of the user."),
    name: text("Name of the user, without a domain."),
    description,
    disabled: flag("Whether the user is kept out."),
    tokens_only: flag("Whether the user has no password and logs in by tokens only."),
    creation_time: instant("When the user was made."),
  },
  {
    canonical: "contentlib.users.info",
    required: ["user_id", "name", "description", "disabled", "tokens_only", "creation_time"],
  },
);

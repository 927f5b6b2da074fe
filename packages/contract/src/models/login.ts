import { instant, structure, text } from "./schema.ts";

/** A login, as get answers it. */
export const loginInfo = structure(
  "LoginInfo",
  "A login of a user.",
  {
    user: text("Full name of the user, with the domain."),
    created_time: instant("When the login was made."),
    last_accessed_time: instant("When the login was last used; asking for this counts."),
  },
  {
    canonical: "com.vmware.cis.session.info",
    required: ["user", "created_time", "last_accessed_time"],
  },
);

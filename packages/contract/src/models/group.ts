import { instant, listOf, optional, structure, text } from "./schema.ts";

const name = text("Name of the group; it is kept in lower case.");
const description = text("What the group is for.");
const member = text("Id of a user, or the name.");

/** What a new group is made of. */
export const groupCreateSpec = structure(
  "GroupCreateSpec",
  "What a new group is made of.",
  {
    name,
    description: optional(description),
    members: optional(listOf(member, "The users in it; none when absent.")),
  },
  { canonical: "contentlib.groups.create_spec", required: ["name"] },
);

/** What can be changed of a group. */
export const groupUpdateSpec = structure(
  "GroupUpdateSpec",
  "Changes to a group; absent members stay as they are.",
  {
    name: optional(name),
    description: optional(description),
    members: optional(
      listOf(
        member,
        "The users in it from now on; whoever is left out loses what the group is granted.",
      ),
    ),
    add_members: optional(
      listOf(member, "Users to put into it, beside those who are; not together with members."),
    ),
    remove_members: optional(
      listOf(
        member,
        "Users to take out of it, and to leave out of what it is granted; not together with members.",
      ),
    ),
  },
  { canonical: "contentlib.groups.update_spec" },
);

/** A user in a group. */
export const groupMember = structure(
  "GroupMember",
  "A user in a group.",
  { user_id: text("Id of the user."), user: text("Name of the user.") },
  { canonical: "contentlib.groups.member", required: ["user_id", "user"] },
);

/** A group, as get and list answer it. */
export const groupInfo = structure(
  "GroupInfo",
  "Users who are granted roles together.",
  {
    group_id: text("Id of the group."),
    name: text("Name of the group."),
    description,
    members: listOf(groupMember, "The users in it, in the order of their names."),
    creation_time: instant("When the group was made."),
  },
  {
    canonical: "contentlib.groups.info",
    required: ["group_id", "name", "description", "members", "creation_time"],
  },
);

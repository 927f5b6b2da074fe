const CONTENT = "com.vmware.content";
const ITEM = `${CONTENT}.library.item`;

/** What each service is for; clients show it above the operations. */
const SENTENCES: ReadonlyMap<string, string> = new Map([
  ["com.vmware.cis.session", "Makes, shows and ends logins."],
  [`${CONTENT}.configuration`, "Shows and changes settings that hold for all libraries."],
  [`${CONTENT}.library`, "Finds and shows libraries of every kind."],
  [
    `${CONTENT}.library.subscribed_item`,
    "Fetches and drops the files of items that follow a publisher.",
  ],
  [`${CONTENT}.library.subscriptions`, "Manages the subscriptions of a published library."],
  [`${CONTENT}.local_library`, "Manages libraries whose content is made here."],
  [`${CONTENT}.security_policies`, "Shows the rules that libraries can hold their items to."],
  [`${CONTENT}.subscribed_library`, "Manages libraries that follow a publisher."],
  [
    `${CONTENT}.trusted_certificates`,
    "Manages the certificates that signed content is trusted by.",
  ],
  [`${CONTENT}.type`, "Shows the types of items that are treated in a way of their own."],
  [ITEM, "Manages the items of libraries."],
  [`${ITEM}.changes`, "Shows what changed in an item, and when."],
  [`${ITEM}.download_session`, "Manages sessions that read the files of an item."],
  [`${ITEM}.downloadsession.file`, "Prepares the files of a download session to be fetched."],
  [`${ITEM}.file`, "Shows the files of an item."],
  [`${ITEM}.storage`, "Shows where the files of an item are stored."],
  [`${ITEM}.update_session`, "Manages sessions that change the files of an item."],
  [`${ITEM}.updatesession.file`, "Adds, removes and checks the files of an update session."],
]);

/** What a service is for, in a sentence; the name of one that has none here. */
export const serviceSentence = (service: string): string =>
  SENTENCES.get(service) ?? `The service ${service}.`;

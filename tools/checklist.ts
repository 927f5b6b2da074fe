/** One line of the checklist of conformance: what a server must do that clients of the Content Library API can rely on. */
export interface ChecklistLine {
  readonly group: string;
  readonly sentence: string;
  /** What of it this server does not do yet, and why; the rest of the line is tested. */
  readonly except?: string;
  /** Why nothing of it is done yet; such a line has no tests. */
  readonly notYet?: string;
}

const NO_PULL = "the source type PULL is refused as Unsupported";

type Entry = string | Omit<ChecklistLine, "group">;

const group = (name: string, entries: readonly Entry[]): readonly ChecklistLine[] =>
  entries.map((entry) => ({
    group: name,
    ...(typeof entry === "string" ? { sentence: entry } : entry),
  }));

/** The checklist. A line's number is its place here, from 1; tests that show it carry that number in their names, as `[C7]`. */
export const CHECKLIST: readonly ChecklistLine[] = [
  ...group("Login and transport", [
    "A login on /rest with Basic answers 200 and the id under `value`, 32 lower-case hexadecimal digits.",
    "A login on /api answers 201 and the id as a JSON string.",
    "Both logins set the cookie and the header `vmware-api-session-id`.",
    "A client that asks for header authentication gets no cookie.",
    "An id made on one wire is good on all three.",
    "The id is taken from the header, else from the cookie, whatever stands behind the cookie.",
    "Basic beside a good id is ignored on other calls; alone it is 401.",
    "A login with an empty chunked body succeeds.",
    "get of the login shows the user and both times, and is 401 without a login.",
    "delete of the login answers 200 on /rest and 204 on /api; the id is dead at once on every wire.",
    "A 401 has the class unauthenticated in the wire's own shape and never redirects.",
    "Every reply with a body has the content type application/json and nothing more, errors included.",
    "An empty reply has no content type, and a 204 no body.",
    "`id:X`, `id%3AX` and `X` name the same object on both forms.",
    "An unknown id is 404 with the reason phrase Not Found.",
    "`~action`, `action` and `%7Eaction` are one; two different values are 400.",
    "One trailing slash, or a bare question mark, changes nothing and never redirects.",
    "An unknown action is operation_not_found, not a success.",
    "Wrapped and bare bodies do the same on both forms, and replies keep the form's shape.",
    "A strict server refuses each tolerance with 400.",
    "An unknown member that is null is ignored; any other is 400 and named.",
    "A size sent as a decimal string is taken; replies hold numbers only.",
    "Values of enumerations are taken in lower case and sent in upper case.",
    "A body that is not JSON is 400 with an error body.",
    "A DELETE with the body `{}` works, and so does an action without a body.",
    "Times are UTC with three decimals of a second.",
    "Empty lists are `[]`, on /rest under `value`.",
    "Every error has an error_type and at least one message with id, default_message and args.",
    "Named arguments of messages are a list of pairs on /rest and an object on /api, in both directions.",
    "Every answer keeps to the published description of its operation and status.",
    "A slow upload of a large file does not hold up other calls.",
    "A restart loses no library, item, session or acknowledged byte.",
  ]),
  ...group("Local and subscribed libraries", [
    "create answers 200 with the id under `value` on /rest and 201 on /api; get shows id, times, version, type and server_guid.",
    "The same client_token twice gives one library and the same id, in the body or the query.",
    "One token used for a library and an item makes one of each.",
    "A token that is no UUID is invalid_argument.",
    "More than one storage backing is unsupported.",
    "Two libraries may share a name, and find gives both.",
    "find by name does not look at case; find without criteria is invalid_argument.",
    "The list of local libraries shows local ones only; the list of libraries shows all.",
    "get, update and delete of the wrong kind are invalid_element_type.",
    "An update changes only what it gives; absent members and null leave things alone.",
    "An update with a stale version is concurrent_change: 400 on /rest, 409 on /api.",
    "No password is in any answer.",
    "Deleting a library takes its items out of every list at once.",
    {
      sentence: "A used library is not deleted, unless forced.",
      except:
        "usages, which a later release of the API added, are not kept, so nothing is ever in use",
    },
    {
      sentence: "The address that a published library shows answers.",
      notYet: "publishing is kept as told and shown; nothing is served to subscribers",
    },
  ]),
  ...group("Items", [
    "create in an unknown library is 404, and in a subscribed one invalid_element_type.",
    "A second item of a name in one library is already_exists, whatever the case.",
    "The same name in another library is fine.",
    "An empty name, or one of more than 80 characters, is invalid_argument.",
    "The type may be empty, ovf, iso or any word; unknown words are kept.",
    'A new item has content version "1", size 0, cached true and no files.',
    "get shows ids, both times, all versions, name, type, cached and size.",
    "list needs library_id: absent is 400, unknown is 404.",
    "`?library_id?library_id=X` lists the items of X.",
    "find goes by name, library_id, type, cached and source_id together; name and type in any case.",
    "Renaming to a taken name is already_exists; to its own name it is fine.",
    "An update with a wrong version is invalid_argument.",
    "Changes of properties move metadata_version and version, not content_version.",
    "A completed session that changed files moves content_version by exactly one.",
    "copy answers 200 on both forms; name and library are those asked for, and the bytes are equal.",
    "A copy that fails leaves no item.",
    "Deleting an item ends its sessions and frees what they were sent.",
    "The list of files shows name, size, cached, version and checksum_info.",
    "get of an unknown file of an item is 404.",
    "get of the storage of one file is a list of one, with at least one address.",
    "The changes of an item are served on /rest/content and on /api/content.",
  ]),
  ...group("Update sessions", [
    "create answers 200 or 201 with an id; the session is ACTIVE, at progress 0 and the item's content version.",
    "A second create while one is ACTIVE is resource_busy: 400 on /rest, 500 on /api.",
    "After DONE, ERROR or CANCELED a new session may be made at once.",
    "Of many creates at once on one item exactly one succeeds.",
    "create with the token of the ACTIVE session gives that session.",
    {
      sentence: "create on an unknown item is 404, and on a subscribed one invalid_element_type.",
      except: "a subscribed library holds no items yet, so there is none to name",
    },
    "list shows the caller's own sessions and filters by item; an unknown item is 404.",
    "get shows id, state, progress and expiry, and a preview only while ACTIVE.",
    "update sets warning_behavior and nothing else; in another state it is 400.",
    "keep-alive moves the expiry forward and takes client_progress or progress.",
    "keep-alive works without a body; on an ended session it is 400.",
    "A session idle for its timeout is 404, and its item takes a new one.",
    "A transfer that moves keeps session and login alive beyond both timeouts.",
    "cancel leaves CANCELED, drops what was sent and leaves the item as it was; again it is 400.",
    "fail leaves ERROR with the client's text; without a body a standard text.",
    "delete of an ACTIVE session is 400; of an ended one it succeeds, and get is then 404.",
    "After complete with every file READY the very next get shows DONE.",
    "complete shows all files at once; no reader ever sees a part.",
    "complete with a file not received is 400 with the id of vCenter's own message; the session stays ACTIVE.",
    "complete on an ended session is 400.",
    "complete with a warning not ignored fails; ignored, it succeeds.",
    {
      sentence:
        "When the type's own check fails in complete, the session is ERROR and the item as it was.",
      except: "what can still be mended, such as a missing file, leaves the session ACTIVE",
    },
    {
      sentence: "complete with a PULL still running answers, and ends by itself.",
      notYet: NO_PULL,
    },
    "delete directly after complete does not undo the import.",
    "A session that removed every file leaves an empty item.",
    "The item's present content version in create is taken.",
  ]),
  ...group("Files of update sessions", [
    {
      sentence:
        "add answers the endpoint: of a PUSH an absolute address that can be reached, of a PULL its source.",
      except: NO_PULL,
    },
    "A fresh session lists the item's files as NONE and READY, without endpoints.",
    "add of a name that is there replaces it at complete; others stay.",
    "remove hides the file in the session, and in the item only after complete.",
    "get or remove of an unknown name is invalid_argument; of an unknown session 404.",
    "add on an ended session is not_allowed_in_current_state.",
    "add on /api may name its action.",
    "A name with spaces, percent signs, `#`, `?` or letters beyond ASCII survives the whole way.",
    "A name with a slash, two dots, a control character or nothing is invalid_argument.",
    "A manifest or certificate after the descriptor of an OVF item is refused.",
    "bytes_transferred grows while bytes come; size is there when the file is READY.",
    "A file shorter than declared is not READY and complete is 400; a longer one is in ERROR.",
    "A wrong checksum puts the file into ERROR with both values in the text; the item stays as it was.",
    "A checksum without algorithm is SHA-1; upper-case digits fit; SHA2-256 is SHA-256.",
    "After a file failed, it can be added and sent again in the same session.",
    "validate names what the descriptor refers to and is not there.",
    "validate changes nothing; on an ended session it is 400.",
    "An unsigned OVF item previews AVAILABLE without warnings; an ISO image NOT_APPLICABLE.",
    { sentence: "A PULL starts at add, and is READY only once verified.", notYet: NO_PULL },
    { sentence: "A PULL with a wrong thumbprint ends in ERROR and names both.", notYet: NO_PULL },
    { sentence: "A PULL from a source that answers 404 ends in ERROR.", notYet: NO_PULL },
    { sentence: "A PULL of a storage address without the privilege is 403.", notYet: NO_PULL },
    { sentence: "A PULL without a size, or from a chunked source, succeeds.", notYet: NO_PULL },
    { sentence: "cancel during a PULL closes the connection to the source.", notYet: NO_PULL },
    "probe tells what is wrong with a source.",
  ]),
  ...group("Bytes", [
    "PUT and POST to an upload address do the same, need no login, and answer 200 without a body.",
    "Chunked uploads, those with a length and those that wait for leave all work.",
    "A second PUT replaces the first while the session is ACTIVE.",
    "A range that begins where the received bytes end continues an upload; any other is 400 and changes nothing.",
    "A connection that breaks leaves the file waiting and the session ACTIVE.",
    "After cancel, complete, delete or expiry the upload address is dead.",
    "One part of a multipart form is stored without its envelope.",
    "Upload addresses can not be guessed and are never logged.",
  ]),
  ...group("Download sessions", [
    "create, list and get work as for update sessions; delete works in any state; there is no DONE.",
    "Files begin UNPREPARED; prepare leads to PREPARED with an absolute address.",
    "prepare or get of an unknown name is invalid_argument; of an unknown session 404.",
    {
      sentence: "The endpoint type DIRECT without the privilege is 403.",
      notYet:
        "there are no privileges; DIRECT is invalid_argument, as the default place has no own address",
    },
    "A download answers 200 with its length and needs no login; a range 206, an impossible one 416.",
    "A change of the content does not change the bytes a session hands out.",
    "cancel kills the addresses and leaves CANCELED; fail leaves ERROR.",
    "keep-alive takes progress; on an ended session it is 400.",
  ]),
  ...group("Clients end to end", [
    "The Ruby gem 0.1.0: create, add, PUT, complete, get and delete, as it sends them.",
    "The Ruby gem 0.4.7: ten calls after one login keep it.",
    {
      sentence: "govc: its own tests of libraries.",
      notYet: "govc needs the SOAP login, which is not served",
    },
    "The vendor's Python SDK: import and export, change of content, signed OVA.",
    {
      sentence: "The upload helper of the vendor's Java SDK.",
      notYet: "the SDK is not in a public package registry",
    },
    {
      sentence:
        "The Ansible collection vmware.vmware: import of OVF and ISO, from a file and from a URL.",
      except: "importing from a URL needs the source type PULL, which is refused as Unsupported",
    },
    "The Ansible collection vmware.vmware_rest: create, update and delete of a library, information on items.",
    {
      sentence: "Terraform: items from OVA, OVF and ISO.",
      notYet: "the provider needs the SOAP login, which is not served",
    },
    {
      sentence: "The library tests of the Kubernetes VM operator.",
      notYet: "they need the SOAP login, which is not served",
    },
  ]),
];

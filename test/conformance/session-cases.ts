import { makeItem, openSession, push } from "./content.ts";
import { get, query } from "./http-asking.ts";
import { type CasesOf, invalid, MADE_UP, notFound, onApi, openDownload } from "./operation-case.ts";

type Nouns =
  | "downloadSession"
  | "downloadSessionFile"
  | "probe"
  | "updateSession"
  | "updateSessionFile";

const PROBE = "/api/contentlib/probe";
/** Nothing goes out for it. */
const UNSERVED = "ftp://files.example/a.iso";
const BAD_PRINT = { uri: UNSERVED, ssl_certificate_thumbprint: "no print" };

const AS_PUSH = { name: "c.txt", source_type: "PUSH" };
const WARNINGS = { warning_behavior: [{ type: "EXPIRED_CERTIFICATE", ignored: true }] };

/** The operations of sessions. */
export const SESSION_CASES: CasesOf<Nouns> = {
  "updateSession.create": {
    real: async ({ client, form }) =>
      form.createSession({ library_item_id: await makeItem(client) }),
    madeUp: ({ form }) => notFound(form.createSession({ library_item_id: MADE_UP })),
  },
  "updateSession.list": {
    real: ({ form }) => form.listSessions(),
    madeUp: ({ form }) => notFound(form.listSessions(MADE_UP)),
  },
  "updateSession.get": {
    real: ({ form, session }) => form.getSession(session),
    madeUp: ({ form }) => notFound(form.getSession(MADE_UP)),
  },
  "updateSession.update": {
    real: ({ form, session }) => form.updateSession(session, WARNINGS),
    madeUp: ({ form }) => notFound(form.updateSession(MADE_UP, WARNINGS)),
  },
  "updateSession.delete": {
    real: async ({ client, form }) => {
      const session = await openSession(client);
      await client.done(form.cancelSession(session));
      return form.deleteSession(session);
    },
    madeUp: ({ form }) => notFound(form.deleteSession(MADE_UP)),
  },
  "updateSession.cancel": {
    real: async ({ client, form }) => form.cancelSession(await openSession(client)),
    madeUp: ({ form }) => notFound(form.cancelSession(MADE_UP)),
  },
  "updateSession.complete": {
    real: async ({ client, form }) => {
      const session = await openSession(client);
      await push(client, session, "a.txt", "a");
      return form.completeSession(session);
    },
    madeUp: ({ form }) => notFound(form.completeSession(MADE_UP)),
  },
  "updateSession.fail": {
    real: async ({ client, form }) => form.failSession(await openSession(client), "no more"),
    madeUp: ({ form }) => notFound(form.failSession(MADE_UP, "no more")),
  },
  "updateSession.keepAlive": {
    real: ({ form, session }) => form.keepAlive(session, { client_progress: 5 }),
    madeUp: ({ form }) => notFound(form.keepAlive(MADE_UP, { client_progress: 5 })),
  },
  "updateSessionFile.add": {
    real: async ({ client, form }) => form.addFile(await openSession(client), AS_PUSH),
    madeUp: ({ form }) => notFound(form.addFile(MADE_UP, AS_PUSH)),
  },
  "updateSessionFile.list": {
    real: ({ form, session }) => form.listFiles(session),
    madeUp: ({ form }) => notFound(form.listFiles(MADE_UP)),
  },
  "updateSessionFile.get": {
    real: ({ form, session }) => form.getFile(session, "b.txt"),
    madeUp: ({ form, session }) => invalid(form.getFile(session, "made up.txt")),
  },
  "updateSessionFile.remove": {
    real: async ({ client, form }) => {
      const session = await openSession(client, await makeItem(client, { "a.txt": "a" }));
      return form.removeFile(session, "a.txt");
    },
    madeUp: ({ form, session }) => invalid(form.removeFile(session, "made up.txt")),
  },
  "updateSessionFile.validate": {
    real: ({ form, session }) => form.validate(session),
    madeUp: ({ form }) => notFound(form.validate(MADE_UP)),
  },
  "updateSessionFile.probe": {
    real: ({ form }) => form.probeFile({ uri: UNSERVED }),
    madeUp: ({ form }) => invalid(form.probeFile(BAD_PRINT)),
  },
  "probe.get": {
    real: (world) => onApi(world, get(`${PROBE}${query("uri", UNSERVED)}`)),
    madeUp: (world) => invalid(onApi(world, get(`${PROBE}${query("uri", "x")}&thumbprint=x`))),
  },
  "downloadSession.create": {
    real: ({ form, item }) => form.createDownload({ library_item_id: item }),
    madeUp: ({ form }) => notFound(form.createDownload({ library_item_id: MADE_UP })),
  },
  "downloadSession.list": {
    real: ({ form, item }) => form.listDownloads(item),
    madeUp: ({ form }) => notFound(form.listDownloads(MADE_UP)),
  },
  "downloadSession.get": {
    real: ({ form, download }) => form.getDownload(download),
    madeUp: ({ form }) => notFound(form.getDownload(MADE_UP)),
  },
  "downloadSession.delete": {
    real: async (world) => world.form.deleteDownload(await openDownload(world)),
    madeUp: ({ form }) => notFound(form.deleteDownload(MADE_UP)),
  },
  "downloadSession.cancel": {
    real: async (world) => world.form.cancelDownload(await openDownload(world)),
    madeUp: ({ form }) => notFound(form.cancelDownload(MADE_UP)),
  },
  "downloadSession.fail": {
    real: async (world) => world.form.failDownload(await openDownload(world), "no more"),
    madeUp: ({ form }) => notFound(form.failDownload(MADE_UP, "no more")),
  },
  "downloadSession.keepAlive": {
    real: ({ form, download }) => form.keepDownloadAlive(download, { progress: 5 }),
    madeUp: ({ form }) => notFound(form.keepDownloadAlive(MADE_UP, { progress: 5 })),
  },
  "downloadSessionFile.list": {
    real: ({ form, download }) => form.listDownloadFiles(download),
    madeUp: ({ form }) => notFound(form.listDownloadFiles(MADE_UP)),
  },
  "downloadSessionFile.prepare": {
    real: ({ form, download }) => form.prepare(download, "a.txt"),
    madeUp: ({ form, download }) => invalid(form.prepare(download, "made up.txt")),
  },
  "downloadSessionFile.get": {
    real: ({ form, download }) => form.getDownloadFile(download, "a.txt"),
    madeUp: ({ form, download }) => invalid(form.getDownloadFile(download, "made up.txt")),
  },
};

/**
 * A naive model of one item and its update sessions: no time but a number, no storage but strings. It says what every action
 * must answer and what must be visible afterwards; the real application is held against it.
 */

/** What may happen, in random order. `session` counts back from the newest session: 0 is the newest. */
export type Action =
  | { readonly kind: "create" }
  | {
      readonly kind: "add";
      readonly session: number;
      readonly name: string;
      readonly declared: Declared;
    }
  | {
      readonly kind: "send";
      readonly session: number;
      readonly name: string;
      readonly content: string;
    }
  | { readonly kind: "undo"; readonly session: number; readonly name: string }
  | { readonly kind: "remove"; readonly session: number; readonly name: string }
  | { readonly kind: "keep-alive"; readonly session: number; readonly progress: number }
  | { readonly kind: "complete"; readonly session: number }
  | { readonly kind: "cancel"; readonly session: number }
  | { readonly kind: "fail"; readonly session: number }
  | { readonly kind: "delete"; readonly session: number }
  /** To the content version that many before the present one. */
  | { readonly kind: "rollback"; readonly versionsBack: number }
  | { readonly kind: "wait"; readonly elapsedMs: number }
  | { readonly kind: "restart" }
  | { readonly kind: "tidy" };

/** What the client says about the bytes to come. */
export type Declared =
  | { readonly kind: "nothing" }
  | { readonly kind: "content"; readonly content: string };

export type ModelFile =
  | { readonly source: "NONE"; readonly content: string; readonly version: number }
  | {
      readonly source: "PUSH";
      readonly declared: Declared;
      readonly status: "WAITING_FOR_TRANSFER" | "ERROR";
    }
  | {
      readonly source: "PUSH";
      readonly declared: Declared;
      readonly status: "READY";
      readonly content: string;
    };

export interface ModelSession {
  readonly state: "ACTIVE" | "DONE" | "ERROR" | "CANCELED" | "GONE";
  readonly baseVersion: number;
  readonly progress: number;
  readonly expiresAt: number;
  readonly files: ReadonlyMap<string, ModelFile>;
}

type ModelFiles = ReadonlyMap<string, { readonly content: string; readonly version: number }>;

export interface ModelItem {
  readonly contentVersion: number;
  readonly files: ModelFiles;
  /** The files of each content version that a change made. */
  readonly past: ReadonlyMap<number, ModelFiles>;
}

export interface Model {
  readonly now: number;
  readonly timeoutMs: number;
  readonly item: ModelItem;
  readonly sessions: readonly ModelSession[];
}

/** `ok`, or the code of the fault. */
export type Answer = string;

export interface Step {
  readonly model: Model;
  readonly answer: Answer;
}

export const firstModel = (now: number, timeoutMs: number): Model => ({
  now,
  timeoutMs,
  item: { contentVersion: 1, files: new Map(), past: new Map() },
  sessions: [],
});

const refused = (model: Model, answer: Answer): Step => ({ model, answer });

/** Where a session stands in the list, counted back from the newest; -1 where there is none. */
export const indexOf = (model: Model, session: number): number =>
  model.sessions.length - 1 - session;

const withSession = (model: Model, index: number, session: ModelSession): Model => ({
  ...model,
  sessions: model.sessions.with(index, session),
});

const touched = (model: Model, session: ModelSession): ModelSession => ({
  ...session,
  expiresAt: Math.max(session.expiresAt, model.now + model.timeoutMs),
});

/** Does `act` on an ACTIVE session; all other states refuse. */
const onActive = (
  model: Model,
  back: number,
  act: (session: ModelSession, index: number) => Step,
): Step => {
  const index = indexOf(model, back);
  const session = model.sessions[index];
  if (session === undefined || session.state === "GONE") return refused(model, "not-there");
  if (session.state !== "ACTIVE") return refused(model, "update_session.invalid_state");
  return act(session, index);
};

const withFiles = (
  model: Model,
  index: number,
  session: ModelSession,
  files: ReadonlyMap<string, ModelFile>,
): Step => ({
  model: withSession(model, index, touched(model, { ...session, files })),
  answer: "ok",
});

const create = (model: Model): Step => {
  if (model.sessions.some((session) => session.state === "ACTIVE"))
    return refused(model, "update_session.busy");
  const files = new Map(
    [...model.item.files].map(([name, file]) => [name, { source: "NONE", ...file } as const]),
  );
  const session: ModelSession = {
    state: "ACTIVE",
    baseVersion: model.item.contentVersion,
    progress: 0,
    expiresAt: model.now + model.timeoutMs,
    files,
  };
  return { model: { ...model, sessions: [...model.sessions, session] }, answer: "ok" };
};

const mismatchOf = (declared: string, received: string): Answer =>
  declared.length === received.length ? "transfer.checksum_mismatch" : "transfer.size_mismatch";

const send = (
  model: Model,
  session: ModelSession,
  index: number,
  name: string,
  content: string,
): Step => {
  const file = session.files.get(name);
  if (file?.source !== "PUSH") return refused(model, "no-endpoint");
  const { declared } = file;
  const fits = declared.kind === "nothing" || declared.content === content;
  const received: ModelFile = fits
    ? { source: "PUSH", declared, status: "READY", content }
    : { source: "PUSH", declared, status: "ERROR" };
  const after = withFiles(model, index, session, new Map(session.files).set(name, received));
  return fits ? after : { ...after, answer: mismatchOf(declared.content, content) };
};

const undo = (model: Model, session: ModelSession, index: number, name: string): Step => {
  const files = new Map(session.files);
  const original = model.item.files.get(name);
  if (original !== undefined)
    return withFiles(model, index, session, files.set(name, { source: "NONE", ...original }));
  if (!files.delete(name)) return refused(model, "update_session.no_such_file");
  return withFiles(model, index, session, files);
};

const remove = (model: Model, session: ModelSession, index: number, name: string): Step => {
  const files = new Map(session.files);
  if (!files.delete(name)) return refused(model, "update_session.no_such_file");
  return withFiles(model, index, session, files);
};

const changed = (item: ModelItem, files: ModelFiles): ModelItem => {
  const contentVersion = item.contentVersion + 1;
  return { contentVersion, files, past: new Map(item.past).set(contentVersion, files) };
};

/** The bytes of then; a name that has others now moves on by one. */
const rollback = (model: Model, versionsBack: number): Step => {
  const { item } = model;
  const former = item.past.get(item.contentVersion - versionsBack);
  if (former === undefined) return refused(model, "item.version_not_kept");
  if (model.sessions.some((session) => session.state === "ACTIVE"))
    return refused(model, "update_session.busy");
  const files = new Map(
    [...former].map(([name, { content }]) => {
      const now = item.files.get(name);
      const version = now === undefined ? 1 : now.version + (now.content === content ? 0 : 1);
      return [name, { content, version }];
    }),
  );
  return { model: { ...model, item: changed(item, files) }, answer: "ok" };
};

const completed = (item: ModelItem, session: ModelSession): ModelItem => {
  const files = new Map<string, { content: string; version: number }>();
  let isChanged = session.files.size !== item.files.size;
  for (const [name, file] of session.files) {
    if (file.source === "NONE") files.set(name, { content: file.content, version: file.version });
    else if (file.status === "READY") {
      isChanged = true;
      files.set(name, { content: file.content, version: (item.files.get(name)?.version ?? 0) + 1 });
    }
  }
  return isChanged ? changed(item, files) : item;
};

const complete = (model: Model, session: ModelSession, index: number): Step => {
  const missing = [...session.files.values()].some(
    (file) => file.source === "PUSH" && file.status !== "READY",
  );
  if (missing) return refused(model, "update_session.file_not_received");
  const done = withSession(model, index, { ...session, state: "DONE" });
  return { model: { ...done, item: completed(model.item, session) }, answer: "ok" };
};

const keepAlive = (model: Model, session: ModelSession, index: number, progress: number): Step => {
  if (progress < 0 || progress > 100) return refused(model, "client_progress.invalid");
  const alive = touched(model, { ...session, progress: Math.max(session.progress, progress) });
  return { model: withSession(model, index, alive), answer: "ok" };
};

const deleteSession = (model: Model, back: number): Step => {
  const index = indexOf(model, back);
  const session = model.sessions[index];
  if (session === undefined || session.state === "GONE") return refused(model, "not-there");
  if (session.state === "ACTIVE") return refused(model, "update_session.invalid_state");
  return { model: withSession(model, index, { ...session, state: "GONE" }), answer: "ok" };
};

/** Time passes: sessions without activity for their timeout are gone. */
const wait = (model: Model, elapsedMs: number): Step => {
  const now = model.now + elapsedMs;
  const sessions = model.sessions.map((session) =>
    session.state === "ACTIVE" && session.expiresAt <= now
      ? { ...session, state: "GONE" as const }
      : session,
  );
  return { model: { ...model, now, sessions }, answer: "ok" };
};

/** A restart gives every living session a full timeout and changes nothing else. */
const restart = (model: Model): Step => ({
  model: {
    ...model,
    sessions: model.sessions.map((session) =>
      session.state === "ACTIVE" ? touched(model, session) : session,
    ),
  },
  answer: "ok",
});

/** What the action must answer, and how things stand afterwards. */
export const step = (model: Model, action: Action): Step => {
  switch (action.kind) {
    case "create":
      return create(model);
    case "add":
      return onActive(model, action.session, (session, index) => {
        const { declared } = action;
        const file: ModelFile = { source: "PUSH", declared, status: "WAITING_FOR_TRANSFER" };
        return withFiles(model, index, session, new Map(session.files).set(action.name, file));
      });
    case "send":
      return onActive(model, action.session, (session, index) =>
        send(model, session, index, action.name, action.content),
      );
    case "undo":
      return onActive(model, action.session, (session, index) =>
        undo(model, session, index, action.name),
      );
    case "remove":
      return onActive(model, action.session, (session, index) =>
        remove(model, session, index, action.name),
      );
    case "keep-alive":
      return onActive(model, action.session, (session, index) =>
        keepAlive(model, session, index, action.progress),
      );
    case "complete":
      return onActive(model, action.session, (session, index) => complete(model, session, index));
    case "cancel":
    case "fail": {
      const state = action.kind === "cancel" ? "CANCELED" : "ERROR";
      return onActive(model, action.session, (session, index) => ({
        model: withSession(model, index, { ...session, state }),
        answer: "ok",
      }));
    }
    case "delete":
      return deleteSession(model, action.session);
    case "rollback":
      return rollback(model, action.versionsBack);
    case "wait":
      return wait(model, action.elapsedMs);
    case "restart":
      return restart(model);
    case "tidy":
      return { model, answer: "ok" };
  }
};

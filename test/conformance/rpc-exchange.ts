import assert from "node:assert/strict";
import type { Asking, RpcCall } from "./form.ts";
import { exchange, type Incoming } from "./http-exchange.ts";
import { onlyMember, unwrap, unwrapMembers } from "./rpc-values.ts";

/** A reply taken out of its envelope: an output, or an error of the API. */
export type RpcReply =
  | { readonly output: unknown }
  | { readonly faultClass: string; readonly error: Readonly<Record<string, unknown>> };

type Members = Readonly<Record<string, unknown>>;

const ERRORS = "com.vmware.vapi.std.errors.";
const ERROR = "messages:[vapi.std.localizable_message] error_type?:text";
const SECURITY = "com.vmware.vapi.std.security";
let calls = 0;

/**
 * Sends a call as the vendor's clients do: who calls stands in the body, numbers of calls are texts, and headers repeat what is
 * called. A login's id or `Authorization` among the headers is put into the call; other headers go out as they are.
 */
export async function askRpc(
  url: string,
  asking: Asking<unknown>,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly answer: Incoming; readonly reply: RpcReply }> {
  assert.ok(asking.rpc, `${asking.path} is a JSON-RPC call`);
  const { service, operation } = asking.rpc;
  const { "vmware-api-session-id": sessionId, Authorization, ...others } = headers;
  const id = String((calls += 1));
  const call = {
    jsonrpc: "2.0",
    method: "invoke",
    id,
    params: {
      serviceId: service,
      operationId: operation,
      input: asking.body,
      ctx: { appCtx: { opId: `call-${id}` }, securityCtx: securityOf(sessionId, Authorization) },
    },
  };
  const answer = await exchange({
    method: asking.method,
    url: `${url}${asking.path}`,
    headers: {
      "Content-Type": "application/json",
      "vapi-service": service,
      "vapi-operation": operation,
      ...others,
    },
    body: JSON.stringify(call),
  });
  return { answer, reply: readRpc(asking.rpc, id, answer) };
}

function securityOf(sessionId?: string, authorization?: string): Members | null {
  if (sessionId !== undefined) return { schemeId: `${SECURITY}.session_id`, sessionId };
  if (authorization === undefined) return null;
  const [userName, ...password] = Buffer.from(authorization.replace(/^Basic /i, ""), "base64")
    .toString("utf8")
    .split(":");
  return { schemeId: `${SECURITY}.user_pass`, userName, password: password.join(":") };
}

/** Takes a reply out of its envelope, and holds it to what every such reply owes. */
function readRpc({ output }: RpcCall, id: string, answer: Incoming): RpcReply {
  assert.equal(answer.status, 200, `of all replies: ${answer.text}`);
  const body = JSON.parse(answer.text) as Members;
  assert.deepEqual(Object.keys(body), ["jsonrpc", "id", "result"], answer.text);
  assert.deepEqual([body["jsonrpc"], body["id"]], ["2.0", id]);
  const [kind, ...others] = Object.keys(body["result"] as Members);
  assert.equal(others.length, 0, answer.text);
  const name = answer.headers["vapi-error"];
  if (kind === "output") {
    assert.equal(name, undefined, "a success names no error");
    return { output: unwrap(output, onlyMember(body["result"], "output", answer.text)) };
  }
  const error = onlyMember(onlyMember(body["result"], "error", answer.text), "ERROR", answer.text);
  const members = onlyMember(error, String(name), answer.text);
  assert.ok(String(name).startsWith(ERRORS), String(name));
  const faultClass = String(name).slice(ERRORS.length);
  const text = faultClass === "unauthenticated" ? `${ERROR} challenge?:text` : ERROR;
  const unwrapped = unwrapMembers(text, members, "error");
  assert.equal(unwrapped["error_type"], faultClass.toUpperCase());
  return { faultClass, error: unwrapped };
}

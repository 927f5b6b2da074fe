import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FaultValue } from "@contentlib/contract/vocabulary";
import { faultOf } from "@contentlib/contract/vocabulary";
import { faultReply } from "./fault-reply.ts";
import { REQUEST_ID_HEADER, sendReply } from "./reply.ts";

const BAD_REQUEST = "400 Bad Request";
const METHOD_NOT_ALLOWED = "405 Method Not Allowed";
const REQUEST_TIMEOUT = "408 Request Timeout";
const EXPECTATION_FAILED = 417;

const MALFORMED_STATUSES: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: REQUEST_TIMEOUT,
};

interface HeadRefusal {
  /** Code and reason, as in a status line. */
  readonly status: string;
  readonly fault: FaultValue;
  readonly requestId: string;
}

/** Answers what never became a request, and ends its connection whether or not the client ends its side. */
const refuse = (socket: Socket, { status, fault, requestId }: HeadRefusal): void => {
  const { json = "" } = faultReply("api", [fault]);
  const head = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(json)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    "Connection: close",
  ];
  socket.write(`${head.join("\r\n")}\r\n\r\n${json}`);
  socket.destroySoon();
};

const refusedWith = (status: string): FaultValue =>
  faultOf("request.malformed", `its head is refused with ${status}`);

/** Answers a head that is malformed, too long or too slow. */
export const refuseMalformed = (
  error: Error & { readonly code?: string },
  socket: Socket,
  requestId: string,
): void => {
  const status = MALFORMED_STATUSES[error.code ?? ""] ?? BAD_REQUEST;
  refuse(socket, { status, fault: refusedWith(status), requestId });
};

/** Answers a client that did not send the head of its request in time. */
export const refuseLate = (socket: Socket, requestId: string): void => {
  refuse(socket, { status: REQUEST_TIMEOUT, fault: refusedWith(REQUEST_TIMEOUT), requestId });
};

/** Answers a client that takes the port of TLS for one of plain HTTP, in words it understands. */
export const refusePlain = (socket: Socket, requestId: string): void => {
  refuse(socket, { status: BAD_REQUEST, fault: faultOf("request.plain_http"), requestId });
};

/** Answers a client that takes this server for a proxy. */
export const refuseTunnel = (socket: Socket, requestId: string): void => {
  const fault = faultOf("request.malformed", "this server is no proxy, and has no method CONNECT");
  refuse(socket, { status: METHOD_NOT_ALLOWED, fault, requestId });
};

/** Answers a request that expects something else than leave to send its body. */
export const refuseExpectation = (
  request: IncomingMessage,
  response: ServerResponse,
  requestId: string,
): void => {
  const fault = faultOf(
    "request.malformed",
    `it expects ${request.headers.expect ?? ""}, which is unknown`,
  );
  response.setHeader(REQUEST_ID_HEADER, requestId);
  const headers = { Connection: "close" };
  sendReply(response, faultReply("api", [fault], { status: EXPECTATION_FAILED, headers }));
};

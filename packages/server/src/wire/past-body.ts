import type { IncomingMessage } from "node:http";
import { skipBody } from "./body.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Reply } from "./reply.ts";

/** The reply to a request that was judged before its body was read: what can not be read past closes the connection. */
export const pastBody = async (
  request: IncomingMessage,
  reply: Reply,
  deadlines: Deadlines,
): Promise<Reply> => {
  if (request.readableFlowing !== null) return reply;
  const deadline = deadlines.open();
  try {
    const isPast = await skipBody(request, deadline);
    return isPast ? reply : { ...reply, headers: { ...reply.headers, Connection: "close" } };
  } finally {
    deadline.close();
  }
};

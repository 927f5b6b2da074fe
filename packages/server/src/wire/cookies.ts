/** The header and the cookie that carry a login's id (contract A5). */
export const LOGIN_ID_NAME = "vmware-api-session-id";

/**
 * The first value of our cookie. Old clients send the whole text of a Set-Cookie back, attributes included, so what is no pair of
 * ours is skipped (contract A8).
 */
export const findLoginCookie = (header: string | null): string | null => {
  for (const part of (header ?? "").split(/[;,]/)) {
    const equals = part.indexOf("=");
    if (equals < 0 || part.slice(0, equals).trim() !== LOGIN_ID_NAME) continue;
    const value = part
      .slice(equals + 1)
      .trim()
      .replace(/^"(.*)"$/, "$1");
    if (value !== "") return value;
  }
  return null;
};

/** The cookie of a new login. `Secure` would make clients drop it on plain http, so it stands only under TLS (contract A9). */
export const loginCookie = (loginId: string, isSecure: boolean): string =>
  `${LOGIN_ID_NAME}=${loginId}; Path=/; HttpOnly; ${isSecure ? "Secure; " : ""}SameSite=Strict`;

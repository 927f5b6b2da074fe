const asciiOnly = (name: string): string =>
  name.replace(/[^\u0020-\u007e]/gu, "_").replace(/["\\]/g, "_");

const extended = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** `Content-Disposition` that makes a browser save under this name: plain for old clients, and exact (RFC 6266, RFC 8187). */
export const attachmentOf = (fileName: string): string =>
  `attachment; filename="${asciiOnly(fileName)}"; filename*=UTF-8''${extended(fileName)}`;

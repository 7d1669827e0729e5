/** The external system behind a failure, as its message names it. */

const url = /\bhttps?:\/\/(?:[^\s/@"'<>]*@)?([A-Za-z0-9.-]+(?::\d+)?|\[[0-9A-Fa-f:]+\](?::\d+)?)/g;
/** Errors of Node's sockets: https://nodejs.org/api/errors.html#common-system-errors */
const socket = /\b(?:ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT)\s+([A-Za-z0-9.:-]+:\d+)/g;
const name = /\b(?:ENOTFOUND|EAI_AGAIN)\s+([A-Za-z0-9.-]+)/g;

/** The longest message that is searched, in UTF-16 units. */
const searched = 4_000;

/** Returns host and port of the only origin that a message names, in lower case; null if it names none, or several. */
export function originOf(message: string): string | null {
  const text = message.slice(0, searched);
  const found = new Set(
    [url, socket, name].flatMap((form) => [...text.matchAll(form)].map(([, origin = '']) => origin.toLowerCase())),
  );
  const [origin, ...others] = found;
  return origin === undefined || others.length > 0 ? null : origin;
}

/** A request to a vendor, complete but for the sending. */
export interface HttpMessage {
  readonly method: 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Makes a POST request with a JSON body. */
export function jsonMessage(url: string, body: object, headers: Readonly<Record<string, string>> = {}): HttpMessage {
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(body),
  };
}

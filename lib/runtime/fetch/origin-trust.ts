import { PermanentError } from '../../contract/errors.ts';

/** Another origin that a redirect or a link may lead to. Credentials (`Authorization`, `Cookie`) go there only with `withCredentials`. */
export type AllowedOrigin = string | { readonly origin: string; readonly withCredentials: true };

/** The part of a request that may go to an address: the whole request, the request without its credentials, or nothing. */
export type Trust = 'whole' | 'withoutCredentials' | 'nothing';

const credentials = ['authorization', 'proxy-authorization', 'cookie'];

/** The trust in each address: the author's own origin wholly, other origins as the author allows it. */
export function originTrust(home: URL, allowed: readonly AllowedOrigin[] = []): (target: URL) => Trust {
  const trusts = new Map<string, Trust>(allowed.map(parseAllowed)).set(home.origin, 'whole');
  return (target) => trusts.get(target.origin) ?? 'nothing';
}

/** Headers for an address that is trusted so far. */
export function headersFor(trust: Trust, headers: Headers): Headers {
  const kept = new Headers(headers);
  if (trust !== 'whole') for (const name of credentials) kept.delete(name);
  return kept;
}

/** The sentence that tells an author how to allow an origin. */
export function howToAllow(target: URL): string {
  return `if that is meant, name it: allowedOrigins: [${JSON.stringify(target.origin)}]`;
}

/** Machines in a cloud find their own credentials at such addresses (169.254.169.254), so no request ever goes there. */
export function isLinkLocal({ hostname }: URL): boolean {
  return /^169\.254\.|^\[fe[89ab][0-9a-f]:|^\[fd00:ec2:|^\[::ffff:a9fe:/.test(hostname);
}

function parseAllowed(allowed: AllowedOrigin): [string, Trust] {
  const text = typeof allowed === 'string' ? allowed : allowed.origin;
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href)
    throw new PermanentError(
      `allowedOrigins: ${JSON.stringify(text)} is not an origin, such as "https://api.example.com"`,
    );
  return [url.origin, typeof allowed === 'string' ? 'withoutCredentials' : 'whole'];
}

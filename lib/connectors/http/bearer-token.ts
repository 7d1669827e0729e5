import { RefusedError } from '../../runtime/fetch/judge-answer.ts';

/** A token, or how to get one: asked once, and again when the server does not take it any more. */
export type Token = string | (() => string | Promise<string>);

/** Sends requests with a token. */
export interface Authorization {
  /** After a 401 the request is sent once more with a fresh token, where there is a way to get one. */
  with<T>(send: (headers: Record<string, string>) => Promise<T>): Promise<T>;
}

/** Keeps a bearer token and renews it. */
export function bearerToken(token: Token | undefined): Authorization {
  if (token === undefined) return { with: (send) => send({}) };
  let known: Promise<string> | null = null;
  const headers = async (): Promise<Record<string, string>> => {
    known ??= (async () => (typeof token === 'string' ? token : token()))();
    return { authorization: `Bearer ${await known}` };
  };
  return {
    async with(send) {
      try {
        return await send(await headers());
      } catch (error) {
        if (!(error instanceof RefusedError && error.status === 401) || typeof token === 'string') throw error;
        known = null;
        return send(await headers());
      }
    },
  };
}

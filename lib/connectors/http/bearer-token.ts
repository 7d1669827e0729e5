import { RefusedError } from '../../runtime/fetch/judge-answer.ts';

/** A token, or a function that gets one. It is called once, and again when the server refuses the token. */
export type Token = string | (() => string | Promise<string>);

/** Sends requests with a token. */
export interface Authorization {
  /** Sends a request. After a 401 it is sent once more with a fresh token, if a function can get one. */
  with<T>(send: (headers: Record<string, string>) => Promise<T>): Promise<T>;
}

/** Keeps a bearer token and renews it. */
export function bearerToken(token: Token | undefined): Authorization {
  if (token === undefined) return { with: (send) => send({}) };
  let known: string | null = null;
  const headers = async (): Promise<Record<string, string>> => {
    known ??= typeof token === 'string' ? token : await token();
    return { authorization: `Bearer ${known}` };
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

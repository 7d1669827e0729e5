import { setTimeout as sleep } from 'node:timers/promises';
import { PermanentError, RetryableError } from 'daybreak';
import type { Crm } from './read-users.ts';

/** What a step offers for talking to the CRM. `fetch` throws RetryableError for 408, 429, 5xx and broken connections, PermanentError for other refusals. */
export interface CrmStep {
  readonly signal: AbortSignal;
  secret(name: string): Promise<string>;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** A rate limit that asks for less than this is waited for in place: giving up all pages read so far would cost more, and an attempt. */
const patienceSeconds = 5;

/** Such waits for one request; a CRM that goes on refusing is down, which is for the step's retry. */
const waitsPerRequest = 5;

/** The CRM at CRM_URL, with the bearer token from the secret `crm_token`. `fresh` asks it (`Cache-Control: no-cache`) not to answer from a cache. */
export const crmRequests = async (step: CrmStep, { fresh }: { readonly fresh: boolean }): Promise<Crm> => {
  const base = process.env.CRM_URL;
  if (base === undefined || !URL.canParse(base))
    throw new PermanentError('the variable CRM_URL must be the address of the CRM');
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${await step.secret('crm_token')}`,
    ...(fresh && { 'cache-control': 'no-cache' }),
  };
  return {
    async get(path) {
      const url = `${base.replace(/\/$/, '')}${path}`;
      const response = await patiently(() => step.fetch(url, { headers }), step.signal);
      try {
        return await response.json();
      } catch (error) {
        step.signal.throwIfAborted();
        if (error instanceof SyntaxError) throw new PermanentError(`the CRM's answer to ${path} is not JSON`);
        throw new RetryableError(`the CRM's answer to ${path} broke off`, { cause: error });
      }
    },
  };
};

const patiently = async (request: () => Promise<Response>, signal: AbortSignal): Promise<Response> => {
  for (let waits = 0; ; waits += 1) {
    try {
      return await request();
    } catch (error) {
      const seconds = error instanceof RetryableError ? error.retryAfter : null;
      if (seconds === null || seconds > patienceSeconds || waits === waitsPerRequest) throw error;
      await sleep(seconds * 1_000, undefined, { signal });
    }
  }
};

import { createHash } from 'node:crypto';
import type { SendingStep } from './http-target.ts';

/** Names of parameters that carry credentials or expiry rather than the request itself: a fresh token does not make another target. */
const credential = /^(?:access_?token|token|api_?key|key|sig|signature|expires|x-amz-.*)$/i;

/** The target of requests in keys and checkpoints: method, origin, path and query, without credentials. */
export function targetOf(method: string, url: URL): string {
  const query = [...url.searchParams].filter(([name]) => !credential.test(name)).sort();
  return JSON.stringify([method, url.origin, url.pathname, ...(query.length > 0 ? [query] : [])]);
}

/** The parts of a key besides the step. */
export interface KeyParts {
  readonly name: string;
  readonly target: string;
  /** Number of the batch, from 1. */
  readonly number: number;
  readonly content: string;
}

/** The idempotency key of a batch. Every attempt makes the same key; other rows, another target or another run make another one. */
export function batchKey({ run, name: step }: Pick<SendingStep, 'run' | 'name'>, parts: KeyParts): string {
  const { name, target, number, content } = parts;
  return digestOf([run.pipeline, run.run_id, step, name, target, number, content]).slice(0, 40);
}

/** A digest of texts and numbers. */
export function digestOf(parts: readonly (string | number)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json } from '../contract/json.ts';
import { UsageError } from './usage-error.ts';

/** The JSON that an option gives directly or as `@file`; `what` names it in messages. */
export async function readJsonOption(value: string, what: string, cwd: string): Promise<Json> {
  return value.startsWith('@') ? readJsonFile(value.slice(1), what, cwd) : parse(value, what);
}

/** The JSON in a file; anything else is a UsageError. */
export async function readJsonFile(path: string, what: string, cwd: string): Promise<Json> {
  return parse(await readFile(resolve(cwd, path), 'utf8'), `${what} in "${path}"`);
}

function parse(text: string, what: string): Json {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as Json;
  } catch (error) {
    throw new UsageError(`${what} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

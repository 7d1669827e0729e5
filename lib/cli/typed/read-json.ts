import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Json, JsonObject } from '../../contract/json.ts';
import { decodeText } from '../../exact/decode-text.ts';
import { readJson } from '../../exact/read-json.ts';
import { ReadProblem } from '../../exact/read-problem.ts';
import type { Context } from '../context.ts';
import { UsageError } from './usage-error.ts';

/** The JSON of an option, inline or as `@file`. Messages name the option by `what`. */
export async function readJsonOption(value: string, what: string, cwd: string): Promise<Json> {
  return value.startsWith('@') ? readJsonFile(value.slice(1), what, cwd) : parse(() => value, what);
}

/** The execution input of `--input`; null without the option. */
export async function readInput(option: string | null, { io }: Context): Promise<JsonObject | null> {
  if (option === null) return null;
  const input = await readJsonOption(option, '--input', io.cwd);
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input;
  throw new UsageError('--input must be a JSON object, such as {"date":"2026-01-31"}');
}

/** The JSON in a file, in UTF-8 or UTF-16; anything else is a UsageError. */
export async function readJsonFile(path: string, what: string, cwd: string): Promise<Json> {
  const bytes = await readFile(resolve(cwd, path)).catch((error: unknown) => {
    // Node's message does not name the folder.
    throw error instanceof Error ? Object.assign(error, { path }) : error;
  });
  return parse(() => decodeText(bytes), `${what} in "${path}"`);
}

/** Parses without loss: refuses numbers that a double cannot hold exactly, duplicate keys and so on. */
function parse(text: () => string, what: string): Json {
  try {
    return readJson(text()) as Json;
  } catch (error) {
    if (error instanceof ReadProblem) throw new UsageError(`${what} is not JSON: ${error.message}`, { cause: error });
    throw error;
  }
}

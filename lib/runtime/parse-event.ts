import type * as z from 'zod/mini';
import { PermanentError } from '../contract/errors.ts';

/** The event as its type; a PermanentError names every field that is wrong. Only the compiled machine sends events, so this is a bug or a wrong caller. */
export function parseEvent<T>(schema: z.ZodMiniType<T>, event: unknown): T {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `\n- ${path.join('.') || 'event'}: ${message}`);
  throw new PermanentError(`the event is not what this function takes${lines.join('')}`);
}

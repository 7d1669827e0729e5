import type { JsonObject } from '../../../contract/json.ts';
import type { Answer } from '../../command.ts';
import type { Context } from '../../context.ts';
import { cleanText } from '../../render/clean-text.ts';

/** A text that programs read goes out unchanged: an answer's text would get the options of pasted commands. A terminal acts on control characters, so they are taken out there. */
export function forPrograms<T extends object>(facts: T, textOf: (facts: T) => string, context: Context): Answer {
  const { stdout } = context.io;
  const text = textOf(facts);
  if (!context.json) stdout.write(stdout.isTTY ? text.split('\n').map(cleanText).join('\n') : text);
  return { exitCode: 0, json: facts as unknown as JsonObject, text: '' };
}

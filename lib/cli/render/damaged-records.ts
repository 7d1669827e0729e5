import type { Context } from '../context.ts';
import { commandLine, type TypedPlace } from '../typed/command-line.ts';

/** Names damaged records and the command that repairs them; nothing if there are none. */
export function damagedRecords(
  keys: readonly string[],
  { pipeline, place }: { readonly pipeline: string; readonly place: TypedPlace },
  context: Context,
): string[] {
  const { paint } = context;
  if (keys.length === 0) return [];
  const repair = commandLine(['doctor', pipeline, '--repair'], place, context);
  return [
    ...keys.map((key) => `  a record cannot be read: ${paint(key, 'yellow')}`),
    `  Repair: ${paint(repair, 'cyan')}`,
  ];
}

import { z } from 'zod';
import { factsOf } from '../../lib/config/setting.ts';

/** The keys of a schema as rows of a table; keys below a key follow it, with its name before theirs. */
export function settingsTable(schema: z.ZodType, before = ''): string[] {
  return Object.entries(shapeOf(schema)).flatMap(([key, type]) => {
    const facts = factsOf(type);
    if (!facts) throw new Error(`the key "${before}${key}" has no facts`);
    const row = `| \`${before}${key}\` | ${facts.allowed} | ${facts.fallback} | ${facts.meaning} |`;
    return [row, ...settingsTable(type, `${before}${key}.`)];
  });
}

/** The keys of an object type, optional or not; none for other types. */
export function shapeOf(type: z.ZodType): Readonly<Record<string, z.ZodType>> {
  if (type instanceof z.ZodOptional) return shapeOf(type.unwrap() as z.ZodType);
  return type instanceof z.ZodObject ? (type.shape as Record<string, z.ZodType>) : {};
}

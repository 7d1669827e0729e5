import { z } from 'zod';

/** The facts of a key, for error messages and for docs/constructs.md. */
export interface SettingFacts {
  /** The allowed values, as a person writes them. */
  readonly allowed: string;
  /** The value without the key, for people. */
  readonly fallback: string;
  /** The effect of the key, in one line. */
  readonly meaning: string;
}

/** The facts of every key that `setting` made. */
const facts = new WeakMap<z.ZodType, SettingFacts>();

/** One key of a configuration: a check and the facts that people read. */
export function setting<T>(accepts: (value: unknown) => boolean, fact: SettingFacts): z.ZodOptional<z.ZodType<T, T>> {
  const made = z.custom<T>(accepts, { error: () => `takes ${fact.allowed}` }).optional();
  facts.set(made, fact);
  return made;
}

/** One key whose value has keys itself. */
export function group<S extends z.ZodRawShape>(shape: S, fact: SettingFacts): z.ZodOptional<z.ZodObject<S>> {
  const made = z.strictObject(shape).optional() as unknown as z.ZodOptional<z.ZodObject<S>>;
  facts.set(made, fact);
  return made;
}

/** Gives a type its facts. */
export function described<T extends z.ZodType>(type: T, fact: SettingFacts): T {
  facts.set(type, fact);
  return type;
}

/** The facts of a key; null for a type that this file did not make. */
export function factsOf(type: z.ZodType): SettingFacts | null {
  return facts.get(type) ?? null;
}

/** Tells if a value is allowed. */
type Check = (value: unknown) => boolean;

/** A value that only a deployment knows: the CDK's tokens, which stand in texts as `${Token[...]}`. */
const isToken = (text: string): boolean => text.includes('${Token[');

/** A check for texts: the pattern, or a token of the CDK. */
export function textLike(pattern: RegExp): Check {
  return (value: unknown): boolean => typeof value === 'string' && (pattern.test(value) || isToken(value));
}

/** A check for whole numbers from `least` to `most`. */
export function wholeNumber(least: number, most: number): Check {
  return (value: unknown): boolean => Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

/** A check for objects of the CDK, by a member that they have. */
export function withMember(member: string): Check {
  return (value: unknown): boolean => typeof value === 'object' && value !== null && member in value;
}

/** A check that one of several passes. */
export function anyOf(...checks: readonly Check[]): Check {
  return (value: unknown): boolean => checks.some((check) => check(value));
}

/** A check for lists. */
export function listOf(check: Check): Check {
  return (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(check);
}

import type { ExactNumber } from './exact-number.ts';

/** JSON whose numbers are all doubles. */
export type PlainJson = null | boolean | number | string | PlainJson[] | { [key: string]: PlainJson };

/** JSON with every number exact: integers beyond 2^53 are bigints; other numbers that a double cannot hold are ExactNumbers. */
export type ExactJson =
  | null
  | boolean
  | number
  | bigint
  | string
  | ExactNumber
  | ExactJson[]
  | { [key: string]: ExactJson };

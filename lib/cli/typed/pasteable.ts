import { commands } from '../commands.ts';
import { quoted } from './command-line.ts';

/** The place of a command, as the person typed it. */
export interface TypedWhere {
  readonly root: string | null;
  readonly store: string | null;
  readonly stack: string | null;
  /** Of the stack, if a command has to name it. */
  readonly region: string | null;
}

/** A command in a text ends with its line, a backtick or a change of colour. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a painter puts the escape character behind a command
const printed = /npx daybreak ([^\n`\u001b]+)/g;

/**
 * The text with every command in it made so that a person can paste it: with the root, store or stack that they typed. Records of runs have commands without them, since a
 * store may be reached in several ways.
 */
export function pasteable(text: string, where: TypedWhere): string {
  return text.replace(printed, (whole: string, words: string) => {
    const typed = words.trimEnd();
    const row = commands.find(({ name }) => typed === name || typed.startsWith(`${name} `));
    if (!row) return whole;
    const takes = (flag: string): boolean => row.options.some(([flags]) => flags.startsWith(`${flag} `));
    const missing = (['root', 'store', 'stack', 'region'] as const).flatMap((name) => {
      const value = where[name];
      const has = ` ${typed} `.includes(` --${name} `);
      return value === null || has || (name !== 'root' && !takes(`--${name}`)) ? [] : [`--${name} ${quoted(value)}`];
    });
    return [`npx daybreak ${typed}`, ...missing].join(' ');
  });
}

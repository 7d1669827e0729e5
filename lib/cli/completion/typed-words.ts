import type { Command } from '../command.ts';
import { commands } from '../commands.ts';
import { commonOptions } from '../typed/common-options.ts';

/** The meaning of the word at the cursor, by the words before it. */
export interface TypedWords {
  /** Null while the command is being typed. */
  readonly command: Command | null;
  /** The first word of a command with two. */
  readonly group: string | null;
  /** True after a word that is no command. */
  readonly isUnknown: boolean;
  /** Positional arguments before the cursor. */
  readonly args: readonly string[];
  /** Values of options before the cursor, by `--name`. */
  readonly values: ReadonlyMap<string, string>;
  /** Notation of the option whose value is at the cursor: `--step <name>`; null elsewhere. */
  readonly open: string | null;
}

/** Reads the words before the cursor, without the program's name. */
export function readTyped(words: readonly string[]): TypedWords {
  const typed = new Typed();
  // bash makes three words of `--store=folder`.
  for (const word of words.filter((each) => each !== '=')) typed.take(word);
  return typed;
}

class Typed implements TypedWords {
  command: Command | null = null;
  group: string | null = null;
  isUnknown = false;
  readonly args: string[] = [];
  readonly values = new Map<string, string>();
  open: string | null = null;

  take(word: string): void {
    if (word.startsWith('-')) this.#takeOption(word);
    else if (this.open !== null) this.#takeValue(this.open, word);
    else if (this.command) this.args.push(word);
    else this.#takeCommand(word);
  }

  #takeOption(word: string): void {
    const [name = '', value] = word.split('=', 2);
    const flags = optionsOf(this.command).find(([each]) => nameOf(each) === name)?.[0] ?? '';
    this.open = /[<[]/.test(flags) && value === undefined ? flags : null;
    if (value !== undefined) this.values.set(name, value);
  }

  #takeValue(flags: string, word: string): void {
    this.values.set(nameOf(flags), word);
    // An option of several values takes words until the next option.
    if (!flags.includes('...')) this.open = null;
  }

  #takeCommand(word: string): void {
    const name = this.group === null ? word : `${this.group} ${word}`;
    this.command = commands.find((each) => each.name === name) ?? null;
    if (this.command) return;
    if (this.group === null && commands.some((each) => each.name.startsWith(`${word} `))) this.group = word;
    else this.isUnknown = true;
  }
}

/** Options of a command and those of all commands: notation and help. */
export function optionsOf(command: Command | null): readonly (readonly [flags: string, help: string])[] {
  return [...(command?.options ?? []), ...commonOptions];
}

/** `--store` of `--store <dir>`. */
export function nameOf(flags: string): string {
  return flags.split(' ', 1)[0] ?? '';
}

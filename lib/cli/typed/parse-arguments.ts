import { Command as Commander, CommanderError } from 'commander';
import type { Command, Invocation } from '../command.ts';
import type { CommonOptions } from '../context.ts';
import { commonOptions } from './common-options.ts';
import { UsageError } from './usage-error.ts';

/** The result of parsing: a command to run, or a text to show. */
export type Parsed =
  | {
      readonly kind: 'run';
      readonly command: Command;
      readonly invocation: Invocation;
      readonly common: CommonOptions;
    }
  | { readonly kind: 'help'; readonly text: string };

/** Groups of two-word commands. */
const groups: Readonly<Record<string, string>> = {
  incidents: 'causes of trouble: list, show, ack and resolve',
  alerts: 'messages to people: test sends a sample through the routes',
  dlq: 'dead letters: list, show, redrive and dismiss',
};

/** Parses the arguments by the table of commands; a mistake is a UsageError. */
export function parseArguments(argv: readonly string[], commands: readonly Command[], version: string): Parsed {
  let parsed: Parsed | null = null;
  let shown = '';
  const program = new Commander('daybreak')
    .description('Compiles pipeline templates to Step Functions machines and runs them offline.')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeOut: (text) => (shown += text), writeErr: () => undefined });
  // The program would take an option that a command has too.
  const isOwn = commands.some(
    ({ name, options }) => argv.includes(name) && options.some(([flags]) => flags.startsWith('--version')),
  );
  if (!isOwn) program.version(version);
  for (const [flags, help] of commonOptions) program.option(flags, help);
  const parents = new Map<string, Commander>();
  for (const command of commands) {
    const [group, name] = command.name.split(' ');
    const parent = name === undefined ? program : parentFor(group ?? '', program, parents);
    const row = parent.command(`${name ?? group} ${command.arguments}`.trim()).description(command.summary);
    if (command.usage !== undefined) row.usage(`[options] ${command.usage}`);
    for (const [flags, help] of command.options) row.option(flags, help);
    row.action(() => {
      const values = row.opts<Record<string, unknown>>();
      const option = (key: string): string | null => (isText(values[key]) ? values[key] : null);
      parsed = {
        kind: 'run',
        command,
        invocation: {
          args: row.processedArgs.flat().filter(isText),
          option,
          list: (key) => [values[key]].flat().filter(isText),
          flag: (key) => values[key] === true,
        },
        common: program.opts<CommonOptions>(),
      };
    });
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return { kind: 'help', text: shown };
    throw new UsageError(explain(error, argv));
  }
  if (!parsed) throw new UsageError(nothingToDo(argv));
  return parsed;
}

const isText = (value: unknown): value is string => typeof value === 'string';

function parentFor(group: string, program: Commander, parents: Map<string, Commander>): Commander {
  const known = parents.get(group);
  if (known) return known;
  const parent = program.command(group).description(groups[group] ?? '');
  parents.set(group, parent);
  return parent;
}

const explain = ({ code, message }: CommanderError, argv: readonly string[]): string => {
  if (code === 'commander.help') return nothingToDo(argv);
  const text = message.replace(/^error: /, '').replace(/\n\((Did you mean .*\?)\)$/s, '; $1');
  return text.replace('; Did', '; did');
};

const nothingToDo = (argv: readonly string[]): string =>
  argv[0] === 'dlq'
    ? 'a command is missing: daybreak dlq list, dlq show, dlq redrive or dlq dismiss, each with <pipeline>'
    : 'a command is missing; `daybreak --help` lists them';

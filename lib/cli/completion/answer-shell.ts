import { commands } from '../commands.ts';
import { ProjectNames } from './project-names.ts';
import { nameOf, optionsOf, readTyped, type TypedWords } from './typed-words.ts';

/** A proposal, with help where there is some. */
type Proposal = readonly [value: string, help?: string];

/** Tells the shell to propose files. */
const files = ':files\n';

/** The only characters of a proposal: a shell cannot take them for anything but a word. */
const plain = /^[\w@%+./-]+$/;

/**
 * Answers a shell: the words before the cursor and the one at it, without the program's name. One proposal per line, `value<tab>help`, or `:files`. Reads the project's files without the compiler, and
 * never fails: a shell would print the error into the line that a person types.
 */
export async function answerShell(words: readonly string[], cwd: string): Promise<string> {
  const current = words.at(-1) ?? '';
  const typed = readTyped(words.slice(0, -1));
  const proposals = await proposed(typed, current, new ProjectNames(cwd, typed.values));
  if (proposals === null) return files;
  return proposals
    .filter(([value]) => value.startsWith(current) && plain.test(value))
    .map(([value, help = '']) => `${value}\t${help.replace(/[^\x20-\x7e]/g, '')}\n`)
    .join('');
}

/** Null where a file is typed. */
async function proposed(typed: TypedWords, current: string, names: ProjectNames): Promise<Proposal[] | null> {
  const { command, group, isUnknown, open } = typed;
  if (open !== null && !current.startsWith('-')) return valuesOf(open, typed, names);
  if (current.startsWith('-')) return optionsOf(command).map(([flags, help]) => [nameOf(flags), help]);
  if (isUnknown) return [];
  if (!command) return group === null ? firstWords() : secondWords(group);
  return positional(typed, names);
}

const firstWords = (): Proposal[] => [
  ...new Map(commands.map(({ name, summary }) => [name.split(' ')[0] ?? '', name.includes(' ') ? '' : summary])),
];

const secondWords = (group: string): Proposal[] =>
  commands.flatMap(({ name, summary }) =>
    name.startsWith(`${group} `) ? [[name.slice(group.length + 1), summary]] : [],
  );

const alone = (values: readonly string[]): Proposal[] => values.map((value) => [value]);

async function valuesOf(flags: string, { args }: TypedWords, names: ProjectNames): Promise<Proposal[] | null> {
  const pipeline = args[0] ?? '';
  if (/^--(steps?|from|only)\b/.test(flags)) return alone(await names.steps(pipeline));
  if (flags.startsWith('--upstream ')) return alone(await names.runs(pipeline));
  if (flags.startsWith('--env ')) return alone(await names.environments(pipeline));
  return /<(dir|csv|file|json|spec)>/.test(flags) ? null : [];
}

/** Proposals by the name of the argument at the cursor in the command's notation. */
async function positional({ command, args }: TypedWords, names: ProjectNames): Promise<Proposal[] | null> {
  const wanted = (command?.arguments ?? '').split(' ').filter((each) => each !== '');
  const kind = (wanted[args.length] ?? wanted.findLast((each) => each.includes('...')) ?? '').replace(/[<>[\].]/g, '');
  const pipeline = args[0] ?? '';
  switch (kind) {
    case 'pipeline':
    case 'template':
    case 'templates':
      return alone(await names.pipelines());
    case 'run':
      return alone(await names.runs(pipeline));
    case 'step':
      return alone(await names.steps(pipeline));
    case 'words':
      return alone([...(await names.datasets(pipeline)), ...(args.length === 1 ? await names.runs(pipeline) : [])]);
    case 'shell':
      return alone(['bash', 'zsh', 'fish']);
    case 'folder':
      return null;
    default:
      return [];
  }
}

import type { JsonObject } from '../contract/json.ts';
import { packageJson } from '../package/package-files.ts';
import type { Answer } from './command.ts';
import { commands } from './commands.ts';
import { Context } from './context.ts';
import { diagnosticJson } from './diagnostic-json.ts';
import { describeFailure } from './failure.ts';
import type { ExitCode, Io } from './io.ts';
import { cleanText, safeJson } from './render/clean-text.ts';
import { parseArguments } from './typed/parse-arguments.ts';
import { pasteable, type TypedWhere } from './typed/pasteable.ts';

const nowhere: TypedWhere = { root: null, store: null, stack: null, region: null };

/** The command line: parses the arguments, runs the command and writes its answer. Returns the exit code (docs/cli.md). Never throws. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  const json = has(argv, '--json');
  let context: Context | null = null;
  let typed = nowhere;
  const where = (): TypedWhere => ({ ...typed, ...context?.stackPlace, ...context?.answerPlace });
  try {
    const parsed = parseArguments(argv, commands, packageJson().version);
    if (parsed.kind === 'help') return say(io, json, { exitCode: 0, json: { help: parsed.text }, text: parsed.text });
    const { option } = parsed.invocation;
    typed = {
      root: parsed.common.root ?? null,
      store: option('store'),
      stack: option('stack'),
      region: option('region'),
    };
    context = new Context(parsed.common, io);
    context.pasteable = (text) => pasteable(text, where());
    const run = await parsed.command.load();
    const answer = await run(parsed.invocation, context);
    return say(io, json, { ...answer, text: pasteable(answer.text, where()) }, context);
  } catch (error) {
    const debug = has(argv, '--debug') || Boolean(io.env.DEBUG);
    return fail(io, error, { json, debug, context, where: where() });
  }
}

/** Reports errors from outside any command, for example from a module that `local.setup` loaded. */
export function crash(argv: readonly string[], io: Io, error: unknown): 1 | 2 {
  return fail(io, error, {
    json: has(argv, '--json'),
    debug: has(argv, '--debug') || Boolean(io.env.DEBUG),
    context: null,
    where: nowhere,
  });
}

function say(io: Io, json: boolean, answer: Answer, context: Context | null = null): ExitCode {
  if (json && answer.json) io.stdout.write(document(answer.json, context));
  else if (!json && answer.text !== '') io.stdout.write(`${answer.text.trimEnd()}\n`);
  return answer.exitCode;
}

interface FailureOptions {
  readonly json: boolean;
  readonly debug: boolean;
  readonly context: Context | null;
  readonly where: TypedWhere;
}

function fail(io: Io, error: unknown, { json, debug, context, where }: FailureOptions): 1 | 2 {
  const { exitCode, ...described } = describeFailure(error);
  const failure = { ...described, message: pasteable(described.message, where) };
  io.stderr.write(`error: ${cleanText(failure.message)}\n`);
  if (debug && error instanceof Error) io.stderr.write(`${cleanText(error.stack ?? '')}\n`);
  if (json) {
    const { code, message, violations } = failure;
    io.stdout.write(
      document({ error: { code, message, ...(violations && { violations: [...violations] }) } }, context),
    );
  }
  return exitCode;
}

const document = (content: JsonObject, context: Context | null): string =>
  safeJson({ ...content, diagnostics: (context?.diagnostics ?? []).map(diagnosticJson) });

/** Read before the arguments are parsed, because errors in the arguments are answered in the same form. */
const has = (argv: readonly string[], flag: string): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).includes(flag);
};

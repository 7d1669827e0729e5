import { relative } from 'node:path';
import { checkSubscribers } from '../../compiler/checks/check-subscribers.ts';
import { findCollisions } from '../../compiler/find-collisions.ts';
import { findPipelines } from '../../compiler/find-pipelines.ts';
import type { LoadedPipeline } from '../../compiler/loaded-pipeline.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Answer, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { publishedContracts } from '../contracts/published-contracts.ts';
import { load } from '../load.ts';
import { refreshTypes, typesFile } from '../refresh-types.ts';
import { counted } from '../render/format.ts';
import { type FoundPipeline, findPipeline } from '../typed/find-pipeline.ts';
import { UsageError } from '../typed/usage-error.ts';

/** Compiles the named templates, or all of them, and reports every diagnostic. Also reports pipeline names that collide. */
export async function check({ args, flag, option }: Invocation, context: Context): Promise<Answer> {
  const verdicts: Verdict[] = [];
  const wanted = await paths(args, context);
  const all: LoadedPipeline[] = [];
  for (const path of wanted) all.push(await load(path, context));
  await refreshTypes(all, context, { all: args.length === 0 });
  const collisions = await findCollisions([...new Set([...(await findPipelines(context.root)), ...wanted])], all);
  const published = await publishedContracts(option('against'), context);
  for (const alone of all) {
    const found = [...(collisions.get(alone.file) ?? []), ...(await published(alone))];
    const loaded = { ...alone, diagnostics: [...found, ...alone.diagnostics] };
    verdicts.push(verdict(loaded, context.report(loaded, 'all')));
  }
  const types = flag('types') ? await typesVerdict(all, context) : null;
  const subscribers = await checkSubscribers(context.root);
  const wrong = context.report({ file: 'lambdas/subscribers', ...subscribers }, 'all').length;
  const ok = verdicts.every((one) => one.ok) && types?.ok !== false && wrong === 0;
  return {
    exitCode: ok ? 0 : 1,
    json: {
      ok,
      pipelines: verdicts.map((v) => ({ ...v })),
      ...(types && { types: { ...types } }),
      subscribers: [...subscribers.names],
    },
    text: [
      ...verdicts.map((v) => line(v, context)),
      ...subscribersLine(subscribers.names, wrong, context),
      ...(types ? [typesLine(types, context)] : []),
    ].join('\n'),
  };
}

function subscribersLine(names: readonly string[], errors: number, { paint }: Context): string[] {
  if (names.length === 0) return [];
  const mark = errors === 0 ? paint('ok', 'green') : paint('wrong', 'red');
  const findings = errors > 0 ? `, ${counted(errors, 'error')}` : '';
  return [`${mark}  ${paint('subscribers', 'bold')}  ${names.join(', ')}${findings}`];
}

type TypesVerdict = {
  readonly ok: boolean;
  readonly typescript: string;
  readonly handlers: number;
  readonly errors: number;
};

/** Checks the handlers' types, and reports what the compiler refuses. */
async function typesVerdict(all: readonly LoadedPipeline[], context: Context): Promise<TypesVerdict> {
  const { checkTypes } = await import('../type-check/check-types.ts');
  const checked = await checkTypes(all, { root: context.root, declarations: typesFile });
  const { version, handlers, diagnostics, texts } = checked;
  context.report({ file: 'types', diagnostics, texts }, 'all');
  return { ok: diagnostics.length === 0, typescript: version, handlers: handlers.length, errors: diagnostics.length };
}

function typesLine({ ok, typescript, handlers, errors }: TypesVerdict, { paint }: Context): string {
  const mark = ok ? paint('ok', 'green') : paint('wrong', 'red');
  const findings = errors > 0 ? `, ${counted(errors, 'error')}` : '';
  return `${mark}  ${paint('types', 'bold')}  ${counted(handlers, 'handler')} by TypeScript ${typescript}${findings}`;
}

type Verdict = {
  readonly file: string;
  readonly name: string | null;
  readonly ok: boolean;
  readonly steps: number | null;
  readonly errors: number;
  readonly warnings: number;
};

async function paths(wanted: readonly string[], { root, io }: Context): Promise<string[]> {
  if (wanted.length > 0) {
    const found: FoundPipeline[] = [];
    for (const one of wanted) found.push(await findPipeline(one, { root, cwd: io.cwd }));
    return [...new Set(found.map(({ path }) => path))];
  }
  const all = await findPipelines(root);
  if (all.length > 0) return all;
  throw new UsageError(
    `there are no templates in ${relative(io.cwd, root) || '.'}/pipelines; name one, or give --root`,
  );
}

function verdict(loaded: LoadedPipeline, diagnostics: readonly Diagnostic[]): Verdict {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return {
    file: loaded.file,
    name: loaded.ok ? loaded.plan.name : null,
    ok: loaded.ok && errors === 0,
    steps: loaded.ok ? loaded.plan.steps.length : null,
    errors,
    warnings: diagnostics.length - errors,
  };
}

function line({ file, ok, steps, errors, warnings }: Verdict, { paint }: Context): string {
  const findings = [
    ...(steps === null ? [] : [counted(steps, 'step')]),
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
  ];
  const mark = ok ? paint('ok', 'green') : paint('wrong', 'red');
  return `${mark}  ${paint(file, 'bold')}  ${findings.join(', ')}`.trimEnd();
}

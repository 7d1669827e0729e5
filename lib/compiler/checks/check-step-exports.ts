import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { transform } from '../../bundle/esbuild.ts';
import type { FunctionEntry } from '../../bundle/function-entry.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { SourceFile } from '../../diagnostics/source-file.ts';

/** Reports exports that are certainly no step: functions, classes and plain values. Looks at the text and runs nothing, so only a run finds mistakes in an export that is computed or comes from another module. */
export async function checkStepExports(entries: readonly FunctionEntry[], root: string, report: Report): Promise<void> {
  for (const { entry, export: name } of entries) {
    const source = await readFile(resolve(root, entry), 'utf8');
    if (isCall(source, name)) continue;
    const { code } = await transform(source, { loader: 'ts', format: 'esm', tsconfigRaw: {} });
    const what = kindOf(declaredAs(code, name));
    if (what === null) continue;
    const message = `"${entry}" exports "${name}", which is ${what} and no step; write \`export const ${name} = defineStep(async (step) => { ... })\``;
    const at = Math.max(0, source.search(new RegExp(`export\\b[^\\n]*\\b${name.replaceAll('$', '\\$')}\\b`)));
    report(makeDiagnostic('HANDLER_NOT_A_STEP', new SourceFile(entry, source).span(at, at + 'export'.length), message));
  }
}

/** The usual form, without a look at the rest: `export const handler = defineStep(`. */
const isCall = (source: string, name: string): boolean =>
  new RegExp(`^export const ${name.replaceAll('$', '\\$')} = [A-Za-z_$][\\w$.]*(<[^()]*>)?\\(`, 'm').test(source);

/** The beginning of an export's declaration in code that esbuild printed; null if the code does not declare it. */
function declaredAs(code: string, exported: string): string | null {
  const renamed = [...code.matchAll(/^ {2}([\w$]+)(?: as ([\w$]+))?,?$/gm)].find(
    ([, local, as]) => (as ?? local) === exported,
  );
  const local = (renamed?.[1] ?? exported).replaceAll('$', '\\$');
  const variable = new RegExp(`^(?:export )?(?:const|let|var) ${local} = (.*)$`, 'm').exec(code)?.[1];
  return (
    variable ??
    new RegExp(`^(?:export )?((?:async )?function\\*? ${local}\\b|class ${local}\\b)`, 'm').exec(code)?.[1] ??
    null
  );
}

/** The kind of a value whose code begins so; null if only a run can say. */
function kindOf(text: string | null): string | null {
  if (text === null) return null;
  if (/^(async )?(function\b|\([^()]*\) =>|[\w$]+ =>)/.test(text)) return 'a function';
  if (/^class\b/.test(text)) return 'a class';
  if (/^(["'`\d{[]|-\d|(null|true|false|void 0|undefined)\b)/.test(text)) return 'a value';
  return null;
}

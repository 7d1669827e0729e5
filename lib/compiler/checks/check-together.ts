import type { Diagnostic, Span } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import type { ParsedTemplate } from '../template/parse-template.ts';

/** The names of a template that may collide with those of another: its own and its environments'. */
export interface NamedTemplate {
  readonly file: string;
  readonly name: string;
  /** Of the name. */
  readonly span: Span;
  readonly environments: readonly string[];
}

/** The names of this template that may collide; null if it has no usable name. */
export function namedTemplate(file: string, template: ParsedTemplate | null): NamedTemplate | null {
  if (!template || template.name === '') return null;
  return { file, name: template.name, span: template.at(['name']), environments: template.environmentNames };
}

/** Names that Daybreak needs for its own stack or a folder of the store. */
const reserved = ['shared', 'sources', 'subscribers'];

/**
 * A name in the form in which CloudFormation (letters, digits and hyphens) and disks that ignore case compare it. Stack names keep an environment and a pipeline apart,
 * so each kind of name has to differ in itself only.
 */
const folded = (name: string): string =>
  name
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();

/** Reports names that are reserved, and names of pipelines or environments that are one name to AWS or to a disk. */
export function checkTogether(templates: readonly NamedTemplate[]): Diagnostic[] {
  const taken = new Map<string, NamedTemplate>();
  const environments = new Map<string, string>();
  return templates.flatMap((template) => [
    ...whenReserved(template),
    ...pipelineTwice(template, taken),
    ...template.environments.flatMap((name) => environmentTwice(name, template, environments)),
  ]);
}

function whenReserved({ name, span }: NamedTemplate): Diagnostic[] {
  if (!reserved.includes(folded(name))) return [];
  const message = `the name "${name}" is reserved: Daybreak uses it for the stack or the folder that all pipelines share; choose another`;
  return [makeDiagnostic('BAD_NAME', span, message)];
}

function pipelineTwice(template: NamedTemplate, taken: Map<string, NamedTemplate>): Diagnostic[] {
  const { name, span } = template;
  const other = taken.get(folded(name));
  if (!other) {
    taken.set(folded(name), template);
    return [];
  }
  const message =
    name === other.name
      ? `the pipeline "${name}" occurs twice: ${other.file} has the same name; rename one`
      : `the names "${name}" and "${other.name}" of ${other.file} are one name to AWS, which treats "_" like "-" and ignores case; rename one`;
  return [makeDiagnostic('DUPLICATE_PIPELINE', span, message, { message: 'the other one', span: other.span })];
}

function environmentTwice(name: string, { span }: NamedTemplate, known: Map<string, string>): Diagnostic[] {
  const other = known.get(folded(name)) ?? name;
  known.set(folded(name), other);
  if (other === name) return [];
  const message = `the environments "${name}" and "${other}" are one name to AWS, which treats "_" like "-" and ignores case; give both one spelling`;
  return [makeDiagnostic('BAD_NAME', span, message)];
}

import type { Json } from '../../contract/json.ts';
import { earlierStep } from '../../contract/partitions/window.ts';
import type { KnownDatasets } from '../sql/known-datasets.ts';
import type { NeedsTemplate, StepTemplate, Template } from '../template/template.ts';
import { columnForm, resultValueType } from './column-form.ts';
import { schemaType } from './schema-type.ts';
import { handlerKey, handlersBelowThemselves } from './shared-handlers.ts';
import { type Member, objectType, propertyName, quoted, unionOf } from './type-text.ts';
import { typeOfValue } from './value-type.ts';

/** A template as one environment has it, and what is known of its datasets. */
export interface PipelineVariant {
  readonly template: Template;
  readonly datasets: KnownDatasets;
}

export interface DeclareOptions {
  /** True if a file of the project exists. */
  readonly exists: (entry: string) => boolean;
  /** The way from the declarations' folder to a file of the project. */
  readonly pathTo: (entry: string) => string;
}

const indent = '    ';
const inner = `${indent}  `;

/** The types of a pipeline's input and steps, as declarations that are merged into Daybreak's. A step that environments change has the union of its forms. */
export function declarePipeline(variants: readonly PipelineVariant[], options: DeclareOptions): string {
  const [first] = variants;
  if (!first) return '';
  const { name, inputSchema } = first.template;
  const input = inputSchema === null ? 'JsonObject' : inputType(inputSchema);
  const declaring = new Declaring(variants, options);
  const steps = first.template.steps.map((step): Member => {
    return { name: quoted(`${name}.${step.name}`), type: declaring.stepForm(step.name), comment: step.description };
  });
  return [
    "declare module 'daybreak' {",
    `  interface PipelineInputs ${objectType([{ name: quoted(name), type: input, comment: first.template.description }], '  ')}`,
    `  interface PipelineSteps ${objectType(steps, '  ')}`,
    '}',
  ].join('\n');
}

/** The whole input is an object, also if its schema does not say so. */
const inputType = (schema: Json): string => {
  const isTyped = typeof schema === 'object' && schema !== null && 'type' in schema;
  const object = isTyped ? schema : { ...(schema as object), type: 'object' };
  return schemaType(object as Json, { indent, fills: true, root: schema });
};

class Declaring {
  readonly #variants: readonly PipelineVariant[];
  readonly #options: DeclareOptions;
  readonly #circular: ReadonlySet<string>;

  constructor(variants: readonly PipelineVariant[], options: DeclareOptions) {
    this.#variants = variants;
    this.#options = options;
    this.#circular = handlersBelowThemselves(variants.map(({ template }) => template));
  }

  stepForm(name: string): string {
    const forms = this.#variants.flatMap(({ template, datasets }) => {
      const step = template.steps.find((one) => one.name === name);
      return step ? [{ step, template, datasets }] : [];
    });
    const pipeline = quoted(this.#variants[0]?.template.name ?? '');
    return objectType(
      [
        { name: 'input', type: `PipelineInputs[${pipeline}]` },
        { name: 'config', type: unionOf(forms.map(({ step }) => configOf(step))) },
        { name: 'result', type: unionOf(forms.map(({ step, datasets }) => this.#result(step, datasets))) },
        { name: 'outputs', type: unionOf(forms.map(({ step, datasets }) => outputsOf(step, datasets))) },
        { name: 'upstream', type: unionOf(forms.map(({ step, template }) => upstreamOf(step, template))) },
      ],
      indent,
    );
  }

  #result(step: StepTemplate, datasets: KnownDatasets): string {
    if (step.sql) return resultOfSql(step, datasets);
    const { resultSchema } = step;
    const declared =
      resultSchema === null ? null : schemaType(resultSchema, { indent: inner, fills: false, root: resultSchema });
    const { entry, export: name } = step.handler;
    const isTyped = /\.[cm]?ts$/.test(entry) && this.#options.exists(entry);
    if (!isTyped) return declared ?? 'Json';
    if (this.#circular.has(handlerKey(step))) return `${declared ?? 'Json'} /* the handler is also below this step */`;
    const types = [
      `typeof import(${quoted(this.#options.pathTo(entry))})`,
      quoted(name),
      ...(declared ? [declared] : []),
    ];
    return `ResultOf<${types.join(', ')}>`;
  }
}

const configOf = ({ sql, handler }: StepTemplate): string => typeOfValue(sql ? {} : handler.initialization, inner);

function resultOfSql({ name, sql }: StepTemplate, datasets: KnownDatasets): string {
  if (sql?.result) {
    const columns = datasets.result(name);
    const members = Object.entries(columns ?? {}).map(
      ([column, type]): Member => ({ name: propertyName(column), type: resultValueType(type) }),
    );
    return columns ? objectType(members, inner) : 'JsonObject';
  }
  if (sql?.form === 'one') return '{ row_count: number }';
  const counts = (sql?.datasets ?? []).map((dataset) => `${propertyName(dataset.name)}: number`);
  return `{ row_counts: { ${counts.join('; ')} } }`;
}

function outputsOf({ name }: StepTemplate, datasets: KnownDatasets): string {
  if (datasets.names(name) === null) return '{ [dataset: string]: Dataset }';
  const members = Object.entries(datasets.of(name)).map(([dataset, columns]): Member => {
    const forms = Object.entries(columns ?? {}).map(
      ([column, type]): Member => ({ name: propertyName(column), type: columnForm(type) }),
    );
    return {
      name: propertyName(dataset),
      type: columns === null ? 'Dataset' : `Dataset<${objectType(forms, `${inner}  `)}>`,
    };
  });
  return objectType(members, inner);
}

function upstreamOf({ dependencies, triggerRule, needs }: StepTemplate, { name }: Template): string {
  const isCertain = triggerRule === null || triggerRule === 'all_success';
  const members = dependencies.map((dependency): Member => {
    const step = `PipelineSteps[${quoted(`${name}.${dependency}`)}]`;
    return { name: propertyName(dependency), type: isCertain ? step : `MayBeMissing<${step}>` };
  });
  if (needs) members.push({ name: earlierStep, type: earlierType(needs, name) });
  return objectType(members, inner);
}

/** Earlier partitions look like a step that makes the one dataset, and whose result lists them. */
function earlierType({ step, dataset }: NeedsTemplate, pipeline: string): string {
  const outputs = `PipelineSteps[${quoted(`${pipeline}.${step}`)}]['outputs']`;
  const result = '{ partition: string; version: number; content_digest: string }[]';
  return `{ result: ${result}; outputs: Pick<${outputs}, ${quoted(dataset)}> }`;
}

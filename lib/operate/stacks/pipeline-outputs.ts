import { StackError } from './stack-error.ts';

/** Places of one deployed pipeline, from the outputs of its stack. */
export interface PipelinePlaces {
  /** Null if the stack does not name it. */
  readonly pipeline: string | null;
  readonly machineArn: string;
  readonly storeUrl: string;
  readonly queueUrl: string;
  /** Undefined for a stack from before there were events. */
  readonly eventBusArn: string | undefined;
}

/** A name for `--stack`: a stack, or `<stack>/<pipeline>` where a stack has several pipelines. */
export interface StackOption {
  readonly stack: string;
  readonly pipeline: string | null;
}

/** Reads a name for `--stack`. An ARN of a stack has slashes too, and stays whole. */
export function parseStackOption(text: string): StackOption {
  const [, stack = text, pipeline = null] = text.startsWith('arn:') ? [] : (/^([^/]+)\/(.+)$/.exec(text) ?? []);
  return { stack, pipeline };
}

/** The outputs of a pipeline (`lib/deploy/pipeline-outputs.ts`). In a stack with other things, the pipeline's name begins them. */
const names = { machine: 'StateMachineArn', bucket: 'StoreBucketName', queue: 'DeadLetterQueueUrl' } as const;
const pipelineName = 'PipelineName';
const storePrefix = 'StorePrefix';
const eventBus = 'EventBusArn';

/** Finds the pipeline that a name means in the outputs of its stack. Guesses nothing: a StackError lists what there is. */
export function pipelineOutputs(
  { stack, pipeline }: StackOption,
  outputs: ReadonlyMap<string, string>,
): PipelinePlaces {
  const heads = [...outputs.keys()]
    .filter((key) => key.endsWith(pipelineName))
    .map((key) => key.slice(0, -pipelineName.length));
  const known = heads.map((head) => ({ head, name: outputs.get(`${head}${pipelineName}`) ?? '' }));
  const chosen = pipeline === null ? known : known.filter(({ name }) => name === pipeline);
  if (pipeline !== null && chosen.length === 0) {
    const there = known.length > 0 ? `it has ${known.map(({ name }) => name).join(', ')}` : 'it names none';
    throw new StackError(`stack "${stack}" has no pipeline "${pipeline}"; ${there}`);
  }
  if (chosen.length > 1) {
    const ways = chosen.map(({ name }) => `${stack}/${name}`).join(', ');
    throw new StackError(`stack "${stack}" has ${chosen.length} pipelines; name one: ${ways}`);
  }
  const head = chosen[0]?.head ?? '';
  const missing = Object.values(names).filter((name) => !outputs.get(`${head}${name}`));
  if (missing.length > 0)
    throw new StackError(
      lacks(
        stack,
        missing.map((name) => `${head}${name}`),
        [...outputs.keys()].sort(),
      ),
    );
  const of = (name: string): string => outputs.get(`${head}${name}`) ?? '';
  const prefix = of(storePrefix).replace(/\/$/, '');
  return {
    pipeline: of(pipelineName) || null,
    machineArn: of(names.machine),
    storeUrl: `s3://${of(names.bucket)}${prefix === '' ? '' : `/${prefix}`}`,
    queueUrl: of(names.queue),
    eventBusArn: outputs.get(`${head}${eventBus}`),
  };
}

const lacks = (stack: string, missing: readonly string[], there: readonly string[]): string =>
  `stack "${stack}" is not the stack of a pipeline: it has no output ${missing.join(', ')}; ${
    there.length > 0 ? `its outputs are: ${there.join(', ')}` : 'it has no outputs'
  }`;

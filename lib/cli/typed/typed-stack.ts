import type { Environment } from '../../ports/aws/aws-client-settings.ts';
import type { Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { UsageError } from './usage-error.ts';

/** The options and arguments that name a place. */
export type PlaceWords = Pick<Invocation, 'args' | 'option' | 'flag'>;

/** The stack of a deployed pipeline, as `--stack` or `--deployed` names it. */
export interface TypedStack {
  readonly stack: string;
  /** Of `--region` or daybreak.config.ts; null if the variables of the environment name it. */
  readonly region: string | null;
  /** The command that deploys the stack, in a sentence; null if only its name is known. */
  readonly deployHint: string | null;
}

/** The stack that the options name; null if they name none. `--deployed` alone reads the project's configuration. */
export async function typedStack({ args, option, flag }: PlaceWords, context: Context): Promise<TypedStack | null> {
  const [stack, region] = [option('stack'), option('region')];
  const places = [
    ...(flag('deployed') ? ['--deployed'] : []),
    ...(stack === null ? [] : ['--stack']),
    ...(option('store') === null ? [] : ['--store']),
  ];
  if (places.length > 1) throw new UsageError(`${places.join(' and ')} are different places: give one of them`);
  if (region !== null && !/^[a-z]{2}(-[a-z]+)+-\d$/.test(region))
    throw new UsageError(`--region "${region}" is not a region, such as eu-central-1`);
  if (stack !== null) {
    const { AWS_REGION, AWS_DEFAULT_REGION } = context.io.env;
    if (region === null && !AWS_REGION && !AWS_DEFAULT_REGION)
      throw new UsageError(
        '--stack: AWS_REGION is not set: set it to the region of the stack, or add --region <region>',
      );
    return { stack, region, deployHint: null };
  }
  if (flag('deployed')) {
    const { deployedStack } = await import('./deployed-stack.ts');
    return deployedStack(args[0] ?? null, region, context);
  }
  if (region !== null) throw new UsageError('--region is the region of a stack: add --deployed or --stack <name>');
  return null;
}

/** The variables for clients of AWS, with the region of the stack. */
export function stackEnvironment({ region }: TypedStack, env: Environment): Environment {
  return region === null ? env : { ...env, AWS_REGION: region };
}

import { type Deployment, deployments } from '../../config/deployments.ts';
import { loadConfig } from '../../config/load-config.ts';
import { stackName } from '../../config/stack-names.ts';
import type { Context } from '../context.ts';
import { quoted } from './command-line.ts';
import { findPipeline } from './find-pipeline.ts';
import type { TypedStack } from './typed-stack.ts';
import { UsageError } from './usage-error.ts';

/** The stack of a pipeline of this project: its template and daybreak.config.ts name it as they do for the CDK. */
export async function deployedStack(
  wanted: string | null,
  region: string | null,
  context: Context,
): Promise<TypedStack> {
  if (wanted === null)
    throw new UsageError('--deployed needs a pipeline: each pipeline of the project has its own stack');
  const { config, file } = loadConfig(context.root);
  const choices = { env: context.environment, pipeline: null, prefix: null, architecture: null };
  const deployment = onlyOne(deployments(config, choices), file);
  const { name } = await findPipeline(wanted, { root: context.root, cwd: context.io.cwd });
  const stack = stackName(name, { prefix: deployment.prefix, environment: deployment.stage });
  return {
    stack,
    region: region ?? regionOf(deployment, file, context),
    deployHint: deployHint({ stack, name, deployment }, context),
  };
}

function onlyOne(all: readonly Deployment[], file: string | null): Deployment {
  const [first, ...others] = all;
  if (!first) throw new UsageError(`"environments" of ${file} is empty, so the project has no stacks`);
  if (others.length === 0) return first;
  const names = all.map(({ stage }) => stage).join(', ');
  throw new UsageError(`${file} has several environments: choose one with --env <name> (${names})`);
}

/** The configuration's region; null if it has none and the variables name one. The CDK deploys to the configuration's, so another one is a mistake. */
function regionOf({ env, stage }: Deployment, file: string | null, { io }: Context): string | null {
  const variable = io.env.AWS_REGION ? 'AWS_REGION' : 'AWS_DEFAULT_REGION';
  const given = io.env[variable] || null;
  const region = env.region ?? null;
  if (region === null && given === null)
    throw new UsageError(
      `--deployed: the region is missing: ${file ?? 'the project'} names none, and AWS_REGION is not set; add --region <region>`,
    );
  if (region === null || given === null || region === given) return region;
  const deployed = stage === null ? 'the project' : `environment "${stage}"`;
  throw new UsageError(
    `${variable} is ${given}, but ${file} deploys ${deployed} to ${region}; unset ${variable}, or choose with --region ${region}`,
  );
}

interface Named {
  readonly stack: string;
  /** The pipeline's. */
  readonly name: string;
  readonly deployment: Deployment;
}

function deployHint({ stack, name, deployment: { stage, only, env } }: Named, { typedRoot }: Context): string {
  const words = [
    ...(stage === null ? [] : ['-c', `env=${stage}`]),
    ...(only === null || only.includes(name) ? [] : ['-c', `pipeline=${name}`]),
  ];
  const there = typedRoot === null ? '' : `cd ${quoted(typedRoot)} && `;
  const account = env.account === undefined ? '' : ` to account ${env.account}`;
  return `this command deploys it${account}: ${there}${['npx', 'cdk', 'deploy', stack, ...words].map(quoted).join(' ')}`;
}

import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import type { Deployment } from '../../config/deployments.ts';
import { sharedPart, stackName } from '../../config/stack-names.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { compileTemplates } from '../compile/compile-templates.ts';
import type { CompiledTemplate } from '../compile/compiled-template.ts';
import { PipelineError } from '../compile/pipeline-error.ts';
import { PipelineStack } from '../pipeline-stack.ts';
import { SharedStack } from '../shared-stack.ts';

/** Compiles the pipelines of a project and adds their stacks. */
export function addDeployment(app: App, root: string, deployment: Deployment): void {
  const templates = templatesOf(root);
  if (templates.length === 0) throw new PipelineError('there is no template in pipelines/');
  const { only, environment, plainInAny, settings } = deployment;
  const { pipelines, names } = compileTemplates({
    root,
    templates,
    only,
    environment,
    plainInAny,
    architecture: settings.architecture ?? 'arm64',
  });
  for (const name of only ?? []) {
    if (names.includes(name)) continue;
    throw new PipelineError(
      `there is no pipeline "${name}"${didYouMean(name, names) || `; there are ${names.join(', ')}`}`,
    );
  }
  addStacks(app, deployment, { pipelines, names });
}

/** Adds the shared stack and one stack per pipeline. `names` are those of all pipelines, so that the shared stack does not depend on the deployed subset. */
export function addStacks(
  app: App,
  { prefix, stage, env, store, settings }: Deployment,
  { pipelines, names }: { readonly pipelines: readonly CompiledTemplate[]; readonly names: readonly string[] },
): void {
  const scope = { prefix, environment: stage };
  const shared = new SharedStack(app, stackName(sharedPart, scope), { env, pipelines: names, store });
  for (const template of pipelines) {
    new PipelineStack(app, stackName(template.plan.name, scope), {
      env,
      pipeline: { ...settings, template, store: shared.store, prefix, ...(stage !== null && { stage }) },
    });
  }
}

/** Paths of all templates; hidden files (editors make them) are left out. */
function templatesOf(root: string): string[] {
  const folder = join(root, 'pipelines');
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => /^[^.].*\.ya?ml$/.test(name))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
    .sort();
}

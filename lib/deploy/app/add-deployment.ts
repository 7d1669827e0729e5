import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { projectAlerts } from '../../compiler/project-alerts.ts';
import type { Deployment } from '../../config/deployments.ts';
import { sharedPart, stackName, subscribersPart } from '../../config/stack-names.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { compileTemplates } from '../compile/compile-templates.ts';
import type { CompiledSubscribers } from '../compile/compiled-subscriber.ts';
import type { CompiledTemplate } from '../compile/compiled-template.ts';
import { PipelineError } from '../compile/pipeline-error.ts';
import { PipelineStack } from '../pipeline-stack.ts';
import { SharedStack } from '../shared-stack.ts';
import { SubscribersStack } from '../subscribers/subscribers-stack.ts';

/** Compiles the pipelines of a project and adds their stacks. */
export function addDeployment(app: App, root: string, deployment: Deployment): void {
  const templates = templatesOf(root);
  if (templates.length === 0) throw new PipelineError('there is no template in pipelines/');
  const { only, environment, plainInAny, settings } = deployment;
  const { pipelines, names, subscribers } = compileTemplates({
    root,
    templates,
    only,
    environment,
    plainInAny,
    architecture: settings.architecture ?? 'arm64',
    projectAlerts: projectAlerts(settings.defaults?.alerts),
    subscribers: true,
  });
  for (const name of only ?? []) {
    if (names.includes(name)) continue;
    throw new PipelineError(
      `there is no pipeline "${name}"${didYouMean(name, names) || `; there are ${names.join(', ')}`}`,
    );
  }
  addStacks(app, deployment, { pipelines, names, subscribers });
}

/** The compiled parts of a project. */
export interface Parts {
  readonly pipelines: readonly CompiledTemplate[];
  /** The names of all pipelines, so that the shared stack does not depend on the deployed subset. */
  readonly names: readonly string[];
  /** Null for none. */
  readonly subscribers: CompiledSubscribers | null;
}

/**
 * Adds the shared stack, one stack per pipeline, and the stack of the subscribers if one of them hears one of these pipelines. That stack has all subscribers then: a deployment of
 * one pipeline must not remove the subscribers of another.
 */
export function addStacks(
  app: App,
  { prefix, stage, env, store, settings }: Deployment,
  { pipelines, names, subscribers }: Parts,
): void {
  const scope = { prefix, environment: stage };
  const shared = new SharedStack(app, stackName(sharedPart, scope), { env, store });
  for (const template of pipelines) {
    new PipelineStack(app, stackName(template.plan.name, scope), {
      env,
      pipeline: { ...settings, template, store: shared.store, prefix, ...(stage !== null && { stage }) },
    });
  }
  if (!subscribers || subscribers.subscribers.length === 0) return;
  requirePipelines(subscribers, names);
  // In any case: the shared stack does not depend on the deployed subset.
  shared.store.expireMarks();
  const chosen = new Set(pipelines.map(({ plan }) => plan.name));
  const hears = subscribers.subscribers.some(({ subscription }) =>
    (subscription.pipelines ?? [...chosen]).some((name) => chosen.has(name)),
  );
  if (!hears) return;
  new SubscribersStack(app, stackName(subscribersPart, scope), {
    env,
    compiled: subscribers,
    store: shared.store,
    settings,
  });
}

/** A subscriber of a misspelt pipeline would never hear anything. */
function requirePipelines({ subscribers }: CompiledSubscribers, names: readonly string[]): void {
  for (const { file, subscription } of subscribers) {
    for (const name of subscription.pipelines ?? []) {
      if (names.includes(name)) continue;
      throw new PipelineError(
        `"${file}" hears the pipeline "${name}", which does not exist${didYouMean(name, names) || `; there are ${names.join(', ')}`}`,
      );
    }
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

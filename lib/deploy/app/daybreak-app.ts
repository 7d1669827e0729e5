import { resolve } from 'node:path';
import { App, type AppProps, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { configSchema, type DaybreakConfig } from '../../config/config.ts';
import { deployments } from '../../config/deployments.ts';
import { loadConfig } from '../../config/load-config.ts';
import { parseSettings } from '../../config/parse-settings.ts';
import { DaybreakError } from '../../contract/errors.ts';
import { addDeployment } from './add-deployment.ts';
import { featureFlags } from './feature-flags.ts';
import { KeptValidation } from './kept-validation.ts';

/** Props of a `DaybreakApp`, beside those of `App`. */
export interface DaybreakAppProps extends AppProps {
  /** The folder of the project, with `pipelines/` and `lambdas/steps/`; the working folder when left out. */
  readonly root?: string;
  /** The configuration; the project's daybreak.config.ts when left out. */
  readonly config?: DaybreakConfig;
}

/**
 * A CDK app with all pipelines of a project: `new DaybreakApp()`. Each environment of the configuration has a shared stack and one stack for each pipeline. The
 * CDK's context chooses: `-c env=staging`, `-c pipeline=orders`, `-c prefix=teamA`, `-c architecture=x86_64`. cdk-nag checks every stack.
 *
 * Mistakes in templates or in the configuration are printed with their places, and end a process that the CDK's command line started; elsewhere they are thrown.
 */
export class DaybreakApp extends App {
  constructor({ root = process.cwd(), config, ...props }: DaybreakAppProps = {}) {
    super({ analyticsReporting: false, ...props, context: { ...featureFlags, ...props.context } });
    try {
      const checked = config
        ? parseSettings(configSchema, config, 'DaybreakApp "config"')
        : loadConfig(resolve(root)).config;
      const context = (key: string): string | null => this.node.tryGetContext(key)?.toString() ?? null;
      const choices = {
        env: context('env'),
        pipeline: context('pipeline'),
        prefix: context('prefix'),
        architecture: context('architecture'),
      };
      for (const deployment of deployments(checked, choices)) addDeployment(this, resolve(root), deployment);
    } catch (error) {
      if (!(error instanceof DaybreakError) || process.env.CDK_OUTDIR === undefined) throw error;
      // The CDK's command line shows this text; the stack of an uncaught error would hide it.
      console.error(error.message);
      process.exit(1);
    }
    // The cast is needed because the CDK does not support exactOptionalPropertyTypes.
    const kept = new KeptValidation(resolve(root)) as IPolicyValidationPlugin;
    Validations.of(this).addPlugins(new AwsSolutionsChecks(this, { verbose: true }), kept);
  }
}

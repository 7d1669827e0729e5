import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type PolicyValidationPluginReport,
} from 'aws-cdk-lib/core';
import { synthCache } from '../compile/kept-reports.ts';

/**
 * The CDK's own check of templates, whose engine takes seconds to start. The report of templates that were checked before is kept, so an unchanged project is not
 * checked again. Only reports without a finding are kept.
 */
export class KeptValidation extends CloudFormationValidatePlugin {
  readonly #folder: string;

  constructor(root: string) {
    super();
    this.#folder = join(synthCache(root), 'validated');
  }

  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const hash = createHash('sha256').update(this.version ?? '');
    for (const { templatePath, accountId, region } of context.stackTemplates) {
      hash.update(`\0${accountId}\0${region}\0`).update(readFileSync(templatePath));
    }
    const mark = join(this.#folder, hash.digest('hex'));
    if (exists(mark)) return { success: true, violations: [] };
    const report = super.validate(context);
    if (report.success && report.violations.length === 0) keep(this.#folder, mark);
    return report;
  }
}

const exists = (mark: string): boolean => {
  try {
    return readFileSync(mark).length === 0;
  } catch {
    return false;
  }
};

const keep = (folder: string, mark: string): void => {
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(mark, '');
  } catch {
    // A cache that cannot be written costs time alone.
  }
};

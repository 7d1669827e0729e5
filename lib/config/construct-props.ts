import { z } from 'zod';
import { prefixPattern } from './config.ts';
import { pipelineShape } from './pipeline-settings.ts';
import { setting, textLike, withMember } from './setting.ts';

/** The props of `Pipeline` that daybreak.config.ts does not have: they say which pipeline it is, and where it stands. */
const constructShape = {
  template: setting<unknown>((value) => (typeof value === 'string' && value !== '') || withMember('machine')(value), {
    allowed: 'the path of a template, relative to `root`',
    fallback: 'required',
    meaning: 'The pipeline.',
  }),
  store: setting<unknown>(withMember('alertActions'), {
    allowed: 'a `PipelineStore`',
    fallback: 'required',
    meaning: 'The store of the pipeline. It may be in another stack.',
  }),
  root: setting<string>((value) => typeof value === 'string' && value !== '', {
    allowed: 'a folder',
    fallback: 'the working folder',
    meaning: 'The folder with `lambdas/steps`.',
  }),
  prefix: setting<string>(textLike(/^[A-Za-z][A-Za-z0-9-]{0,59}$/), {
    allowed: 'up to 60 letters, digits and hyphens, a letter first',
    fallback: "the stack's name",
    meaning: 'Begins the names of the machine, its logs and its alarms.',
  }),
  stage: setting<string>((value) => typeof value === 'string' && prefixPattern.test(value.replaceAll(/[_-]/g, '')), {
    allowed: 'up to 30 letters, digits, hyphens and underscores, a letter first',
    fallback: 'none',
    meaning:
      'Stands between prefix and pipeline in these names, and chooses the environment of the template with this name, unless `environment` does.',
  }),
  outputs: setting<boolean>((value) => typeof value === 'boolean', {
    allowed: '`true` or `false`',
    fallback: '`true`',
    meaning: 'True: the stack has outputs that lead `--stack` to the pipeline.',
  }),
};

export const pipelineProps = z.strictObject({ ...constructShape, ...pipelineShape });

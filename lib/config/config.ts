import { z } from 'zod';
import { pipelineShape } from './pipeline-settings.ts';
import { described, group, setting, textLike } from './setting.ts';
import { storeShape } from './store-settings.ts';

/** A hyphen is not allowed: prefix `a-b` with pipeline `c` would collide with prefix `a` and pipeline `b-c`. */
export const prefixPattern = /^[A-Za-z][A-Za-z0-9]{0,29}$/;

const names = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '');

/** The keys that an environment can also set for itself. */
const deploymentShape = {
  account: setting<string>(textLike(/^\d{12}$/), {
    allowed: 'twelve digits, as text',
    fallback: "the credentials' account",
    meaning: 'The AWS account of the stacks.',
  }),
  region: setting<string>(textLike(/^[a-z]{2}(-[a-z]+)+-\d$/), {
    allowed: 'a region, such as `eu-central-1`',
    fallback: "the credentials' region",
    meaning: 'The AWS region of the stacks.',
  }),
  pipelines: setting<readonly string[]>(names, {
    allowed: 'a list of names of pipelines',
    fallback: 'all',
    meaning: 'The pipelines to deploy. `-c pipeline=<name>` chooses others.',
  }),
  store: group(storeShape, {
    allowed: 'the keys of a store, below',
    fallback: 'a new bucket',
    meaning: 'The store of the pipelines.',
  }),
  ...pipelineShape,
};

export const environmentSchema = z.strictObject(deploymentShape);

const configShape = {
  prefix: setting<string>((value) => typeof value === 'string' && prefixPattern.test(value), {
    allowed: '1 to 30 letters and digits, a letter first',
    fallback: '`daybreak`',
    meaning: 'Begins the names of stacks, machines and alarms.',
  }),
  environments: described(z.record(z.string().regex(/^[A-Za-z][\w-]{0,29}$/), environmentSchema).optional(), {
    allowed: 'entries by name: a letter, then up to 29 letters, digits, `_` or `-`',
    fallback: 'one deployment',
    meaning: 'The environments to deploy, each with its own store.',
  }),
  ...deploymentShape,
};

export const configSchema = z.strictObject(configShape);

/** The content of daybreak.config.ts. */
export type DaybreakConfig = Readonly<z.input<typeof configSchema>>;

/** The keys of one entry of `environments`. */
export type EnvironmentConfig = Readonly<z.input<typeof environmentSchema>>;

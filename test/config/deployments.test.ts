import { describe, expect, test } from 'vitest';
import type { DaybreakConfig } from '../../lib/config/config.ts';
import { type Choices, deployments } from '../../lib/config/deployments.ts';

const none: Choices = { env: null, pipeline: null, prefix: null, architecture: null };
const of = (config: DaybreakConfig, choices: Partial<Choices> = {}) => deployments(config, { ...none, ...choices });

const config: DaybreakConfig = {
  prefix: 'acme',
  tags: { team: 'data', stage: 'none' },
  logRetention: 7,
  store: { retention: { runs: 90 } },
  environments: {
    staging: { account: '111111111111', region: 'eu-central-1', tags: { stage: 'staging' }, logRetention: 1 },
    production: { account: '222222222222', region: 'us-east-1', environment: 'live', pipelines: ['orders'] },
  },
};

describe('the deployments of a project', () => {
  test('are one for each environment, with its own account, region and settings', () => {
    const [staging, production] = of(config);
    expect(staging).toMatchObject({
      prefix: 'acme',
      stage: 'staging',
      environment: 'staging',
      plainInAny: true,
      env: { account: '111111111111', region: 'eu-central-1' },
      only: null,
      settings: { logRetention: 1, tags: { team: 'data', stage: 'staging' } },
      store: { retention: { runs: 90 }, tags: { team: 'data', stage: 'staging' } },
    });
    expect(production).toMatchObject({
      stage: 'production',
      environment: 'live',
      plainInAny: false,
      env: { account: '222222222222', region: 'us-east-1' },
      only: ['orders'],
      settings: { logRetention: 7, tags: { team: 'data', stage: 'none' } },
    });
  });

  test('without environments are one, in the environment of the context', () => {
    expect(of({})).toMatchObject([{ prefix: 'daybreak', stage: null, environment: null, env: {}, only: null }]);
    expect(of({}, { env: 'staging' })).toMatchObject([{ stage: 'staging', environment: 'staging', plainInAny: false }]);
  });

  test('follow the context before the configuration', () => {
    const chosen = of(config, { env: 'production', pipeline: 'stock, users', prefix: 'teamA', architecture: 'x86_64' });
    expect(chosen).toMatchObject([
      { stage: 'production', prefix: 'teamA', only: ['stock', 'users'], settings: { architecture: 'x86_64' } },
    ]);
    expect(of(config, { pipeline: '*' }).map(({ only }) => only)).toEqual([null, null]);
  });

  test.each<[Partial<Choices>, string]>([
    [{ env: 'stagin' }, 'there is no environment "stagin" in the configuration; did you mean "staging"?'],
    [{ env: 'x' }, 'there is no environment "x" in the configuration; there are staging, production'],
    [{ prefix: 'a-b' }, 'the prefix "a-b" cannot begin the name of a stack'],
    [{ architecture: 'amd64' }, 'Lambda has no architecture "amd64"; there are arm64 (the default) and x86_64'],
  ])('%j is refused', (choices, message) => {
    expect(() => of(config, choices)).toThrow(message);
  });
});

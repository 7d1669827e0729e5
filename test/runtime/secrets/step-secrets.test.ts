import { describe, expect, test } from 'vitest';
import { PermanentError } from '../../../lib/contract/errors.ts';
import { secretsFromEnvironment } from '../../../lib/runtime/secrets/secrets.ts';
import { aStep, attempt, errorOf, memoryWorld, StoppedClock, stored } from '../fixtures.ts';

const declared = JSON.stringify({
  crm_token: { service: 'ssm', id: '/crm/token' },
  'slack-hook': { service: 'secretsmanager', id: 'slack' },
});
const offline = { DAYBREAK_STORE: 'file:///x', DAYBREAK_SECRETS: declared };
const token = 'p"ss/wörd+1';

describe('secrets', () => {
  test('offline come from a variable; one that is not set is named', async () => {
    const secrets = secretsFromEnvironment({ ...offline, DAYBREAK_SECRET_CRM_TOKEN: 't' }, new StoppedClock());
    expect(await secrets.read('crm_token')).toBe('t');
    expect((await errorOf(secrets.read('slack-hook'))).message).toContain('DAYBREAK_SECRET_SLACK_HOOK');
  });

  test('a variable also stands for a secret in a test of a deployed machine', async () => {
    const deployed = { DAYBREAK_STORE: 's3://b', DAYBREAK_SECRETS: declared, DAYBREAK_SECRET_CRM_TOKEN: 't' };
    expect(await secretsFromEnvironment(deployed, new StoppedClock()).read('crm_token')).toBe('t');
  });

  test.each(['other', 'constructor', '__proto__'])('that are not declared cannot be read: %s', async (name) => {
    const error = await errorOf(secretsFromEnvironment(offline, new StoppedClock()).read(name));
    expect(error).toMatchObject({ name: 'PermanentError' });
    expect(error.message).toContain('declared: crm_token, slack-hook');
  });

  test('in AWS are read from their service, once in five minutes', async () => {
    const clock = new StoppedClock();
    const asked: unknown[] = [];
    const fetchSecret = async (source: unknown) => `value ${asked.push(source)}`;
    const secrets = secretsFromEnvironment(
      { DAYBREAK_STORE: 's3://b', DAYBREAK_SECRETS: declared },
      clock,
      fetchSecret,
    );
    expect([await secrets.read('crm_token'), await secrets.read('crm_token')]).toEqual(['value 1', 'value 1']);
    clock.time += 5 * 60_000;
    expect(await secrets.read('crm_token')).toBe('value 2');
    expect(asked[0]).toEqual({ service: 'ssm', id: '/crm/token' });
  });

  test('never appear in logs, errors or progress, in any of their spellings', async () => {
    const world = memoryWorld();
    const lines: string[] = [];
    const thrown = await errorOf(
      attempt(
        world,
        { step: aStep('s') },
        async (step) => {
          const secret = await step.secret('crm_token');
          const url = `https://crm?token=${encodeURIComponent(secret)}`;
          step.log.info(`using ${secret}`, {
            headers: { authorization: `Bearer ${secret}` },
            [secret]: url,
            list: [secret],
          });
          step.log.warn('failed', new Error(`body ${JSON.stringify({ secret })}`));
          world.clock.time += 5_000;
          await step.progress(1, 2, `with ${secret}`);
          throw Object.assign(new Error(`cannot reach ${url} with ${secret}`), { name: 'CrmDown' });
        },
        { secrets: { read: async () => token }, writeLine: (line) => lines.push(line) },
      ),
    );
    const progress = JSON.stringify(await stored(world.store, 'sales/runs/r1/steps/s/progress.json'));
    const written = [...lines, thrown.message, thrown.stack ?? '', thrown.name, progress].join('\n');
    for (const form of [token, encodeURIComponent(token), JSON.stringify(token).slice(1, -1), 'wörd']) {
      expect(written).not.toContain(form);
    }
    expect(thrown.message).toBe('cannot reach https://crm?token=[secret] with [secret]');
    expect(lines).toHaveLength(3);
  });

  test('a step without secrets says so', async () => {
    const error = await errorOf(attempt(memoryWorld(), { step: aStep('s') }, (step) => step.secret('x')));
    expect(error.message).toContain('"x" is not declared');
  });

  test('a broken declaration is reported as one', () => {
    expect(() => secretsFromEnvironment({ DAYBREAK_SECRETS: '{"a":1}' }, new StoppedClock())).toThrow(PermanentError);
  });
});

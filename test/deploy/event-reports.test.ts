import { describe, expect, test } from 'vitest';
import { resources, statementsOf } from './read-template.ts';
import { analytics } from './synthesized.ts';

const bus = { 'Fn::ImportValue': expect.stringContaining('Events') };

describe('functions that report events', () => {
  test('know the bus: all but the one that keeps tokens and the one that removes old runs', () => {
    const functions = resources(analytics, 'AWS::Lambda::Function');
    const deaf = functions.filter(([, fn]) => !JSON.stringify(fn).includes('DAYBREAK_EVENT_BUS'));
    expect(functions.length).toBeGreaterThan(5);
    expect(deaf.map(([id]) => id)).toEqual([expect.stringContaining('Wait'), expect.stringContaining('Prune')]);
  });

  test('may put events on this one bus, and on no other', () => {
    const statements = statementsOf(analytics).filter(({ Action }) => JSON.stringify(Action).includes('"events:'));
    expect(statements.length).toBeGreaterThan(4);
    for (const statement of statements) {
      expect(statement).toMatchObject({ Action: 'events:PutEvents', Effect: 'Allow', Resource: bus });
    }
    const roles = resources(analytics, 'AWS::IAM::Role').filter(([, role]) =>
      JSON.stringify(role).includes('events:Put'),
    );
    expect(roles.filter(([id]) => id.includes('Wait'))).toEqual([]);
  });
});

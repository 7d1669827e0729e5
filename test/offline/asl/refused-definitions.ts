import type { Json } from '../../../lib/contract/json.ts';
import { machine, task } from './run.ts';

const pass: Json = { Type: 'Pass', End: true };
const retry = (retrier: Record<string, Json>): Json =>
  machine({ A: task({ Retry: [{ ErrorEquals: ['X'], ...retrier }] }) });
const map = (more: Record<string, Json>): Json =>
  machine({ A: { Type: 'Map', End: true, ItemProcessor: { StartAt: 'I', States: { I: pass } }, ...more } });

/** A title, the definition, and the one problem that it must have: path and a part of the message. */
export const refused: readonly (readonly [string, unknown, string, string])[] = [
  ['a definition that is no object', 7, '/', 'must be an object'],
  ['a definition in JSONPath', { StartAt: 'A', States: { A: pass } }, '/QueryLanguage', 'is in JSONPath'],
  ['an unknown query language', { QueryLanguage: 'XPath' }, '/QueryLanguage', 'must be "JSONata"'],
  [
    'a state in JSONPath among others in JSONata',
    {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', QueryLanguage: 'JSONata', Next: 'B' },
        B: { Type: 'Pass', InputPath: '$.a', End: true },
      },
    },
    '/States/B',
    'InputPath depends on the query language',
  ],
  [
    'a state that leaves JSONata',
    machine({ A: { Type: 'Pass', QueryLanguage: 'JSONPath', End: true } }),
    '/States/A',
    'cannot be in JSONPath when the machine is in JSONata',
  ],
  [
    'a field of JSONPath',
    machine({ A: { Type: 'Pass', End: true, ResultPath: '$.x' } }),
    '/States/A/ResultPath',
    'is a field of JSONPath',
  ],
  [
    'an unknown field',
    machine({ A: { Type: 'Pass', End: true, Colour: 1 } }),
    '/States/A/Colour',
    'is not a field here',
  ],
  ['an unknown field of the machine', machine({ A: pass }, { Colour: 1 }), '/Colour', 'is not a field here'],
  ['an unknown type', machine({ A: { Type: 'Jump' } }), '/States/A/Type', 'must be one of'],
  ['a missing StartAt', { QueryLanguage: 'JSONata', States: { A: pass } }, '/StartAt', 'is missing'],
  ['a StartAt that is no state', machine({ A: pass }, { StartAt: 'B' }), '/StartAt', "no state 'B'"],
  ['no states', machine({}, { StartAt: 'A' }), '/States', 'at least one state'],
  ['a dangling Next', machine({ A: { Type: 'Pass', Next: 'B' } }), '/States/A/Next', "no state 'B'"],
  [
    'a dangling Default',
    machine({ A: { Type: 'Choice', Choices: [{ Condition: true, Next: 'B' }], Default: 'C' }, B: pass }),
    '/States/A/Default',
    "no state 'C'",
  ],
  [
    'a dangling Catch',
    machine({ A: task({ Catch: [{ ErrorEquals: ['X'], Next: 'B' }] }) }),
    '/States/A/Catch[0]/Next',
    "no state 'B'",
  ],
  [
    'both Next and End',
    machine({ A: { Type: 'Pass', Next: 'B', End: true }, B: pass }),
    '/States/A',
    'exactly one of Next and End',
  ],
  ['neither Next nor End', machine({ A: { Type: 'Pass' } }), '/States/A', 'exactly one of Next and End'],
  ['End: false', machine({ A: { Type: 'Pass', End: false, Next: 'B' }, B: pass }), '/States/A/End', 'must be true'],
  ['a state that cannot be reached', machine({ A: pass, B: pass }), '/States/B', 'cannot be reached'],
  [
    'a name that stands twice in the machine',
    machine({ A: { Type: 'Parallel', End: true, Branches: [{ StartAt: 'A', States: { A: pass } }] } }),
    '/States/A/Branches[0]/States/A',
    'names are unique',
  ],
  ['a name that is too long', machine({ ['x'.repeat(81)]: pass }), `/States/${'x'.repeat(81)}`, 'at most 80'],
  [
    'a target in another graph',
    machine({
      A: { Type: 'Parallel', Next: 'B', Branches: [{ StartAt: 'C', States: { C: { Type: 'Pass', Next: 'B' } } }] },
      B: pass,
    }),
    '/States/A/Branches[0]/States/C/Next',
    "no state 'B'",
  ],
  [
    'a Parallel without branches',
    machine({ A: { Type: 'Parallel', Branches: [], End: true } }),
    '/States/A/Branches',
    'at least 1',
  ],
  [
    'a Choice without rules',
    machine({ A: { Type: 'Choice', Choices: [], Default: 'B' }, B: pass }),
    '/States/A/Choices',
    'at least 1',
  ],
  [
    'a Condition that can never be true or false',
    machine({ A: { Type: 'Choice', Choices: [{ Condition: 'yes', Next: 'B' }] }, B: pass }),
    '/States/A/Choices[0]/Condition',
    'must be true, false or a JSONata expression',
  ],
  [
    'a Retry on a state that has none',
    machine({ A: { Type: 'Pass', End: true, Retry: [] } }),
    '/States/A/Retry',
    'is not a field here',
  ],
  [
    'States.ALL beside another name',
    retry({ ErrorEquals: ['States.ALL', 'X'] }),
    '/States/A/Retry[0]/ErrorEquals',
    'must stand alone',
  ],
  [
    'States.ALL before another retrier',
    machine({ A: task({ Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }] }) }),
    '/States/A/Retry[0]/ErrorEquals',
    'in the last place',
  ],
  [
    'a name that Step Functions does not have',
    retry({ ErrorEquals: ['States.Timeuot'] }),
    '/States/A/Retry[0]/ErrorEquals',
    'none of the errors',
  ],
  ['an empty ErrorEquals', retry({ ErrorEquals: [] }), '/States/A/Retry[0]/ErrorEquals', 'at least 1'],
  ['IntervalSeconds of 0', retry({ IntervalSeconds: 0 }), '/States/A/Retry[0]/IntervalSeconds', 'from 1'],
  ['a negative MaxAttempts', retry({ MaxAttempts: -1 }), '/States/A/Retry[0]/MaxAttempts', 'from 0'],
  ['a BackoffRate below 1', retry({ BackoffRate: 0.5 }), '/States/A/Retry[0]/BackoffRate', 'at least 1'],
  ['a MaxDelaySeconds of 0', retry({ MaxDelaySeconds: 0 }), '/States/A/Retry[0]/MaxDelaySeconds', 'from 1'],
  ['an unknown JitterStrategy', retry({ JitterStrategy: 'HALF' }), '/States/A/Retry[0]/JitterStrategy', 'FULL or NONE'],
  [
    'a function called by its own ARN',
    machine({ A: task({ Resource: 'arn:aws:lambda:eu-central-1:1:function:f' }) }),
    '/States/A/Resource',
    'must be a service integration',
  ],
  [
    'a .sync integration',
    machine({ A: task({ Resource: 'arn:aws:states:::batch:submitJob.sync' }) }),
    '/States/A/Resource',
    'nothing else is implemented',
  ],
  ['a heartbeat', machine({ A: task({ HeartbeatSeconds: 5 }) }), '/States/A/HeartbeatSeconds', 'not implemented'],
  ['a TimeoutSeconds of 0', machine({ A: task({ TimeoutSeconds: 0 }) }), '/States/A/TimeoutSeconds', 'from 1'],
  ['a machine with a TimeoutSeconds of 0', machine({ A: pass }, { TimeoutSeconds: 0 }), '/TimeoutSeconds', 'from 1'],
  [
    'a Wait for nothing',
    machine({ A: { Type: 'Wait', End: true } }),
    '/States/A',
    'exactly one of Seconds and Timestamp',
  ],
  [
    'a Wait until no time',
    machine({ A: { Type: 'Wait', End: true, Timestamp: '2026-02-30T00:00:00Z' } }),
    '/States/A/Timestamp',
    'must be a timestamp like',
  ],
  [
    'a Distributed Map',
    map({
      ItemProcessor: {
        ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        StartAt: 'I',
        States: { I: pass },
      },
    }),
    '/States/A/ItemProcessor/ProcessorConfig',
    'Distributed Map is not implemented',
  ],
  ['an ItemReader', map({ ItemReader: {} }), '/States/A/ItemReader', 'Distributed Map'],
  ['a Map over what is no list', map({ Items: { a: 1 } }), '/States/A/Items', 'must be a list'],
  [
    'an expression that does not parse',
    machine({ A: { Type: 'Pass', End: true, Output: { a: ['{% 1 + %}'] } } }),
    '/States/A/Output/a[0]',
    'does not parse',
  ],
  ...['a', 'a.b', '$', '$$.a', '*', '$sum(a)', '{"x": a}', '[1, a]', '$x ? 1 : a', '($y := a; $y)', '-a'].map(
    (text): (typeof refused)[number] => [
      `a reference to no context item: ${text}`,
      machine({ A: { Type: 'Pass', End: true, Output: `{% ${text} %}` } }),
      '/States/A/Output',
      'at the top level is not supported',
    ],
  ),
  [
    'the error output outside of a catcher',
    machine({ A: task({ Output: '{% $states.errorOutput.Error %}' }) }),
    '/States/A/Output',
    "only in a catcher's",
  ],
  [
    'states of which none ends',
    machine({ A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } }),
    '/States',
    'no state ends',
  ],
  [
    'a variable named states',
    machine({ A: { Type: 'Pass', End: true, Assign: { states: 1 } } }),
    '/States/A/Assign/states',
    'reserved',
  ],
  [
    'a variable whose name no expression can say',
    machine({ A: { Type: 'Pass', End: true, Assign: { 'a-b': 1 } } }),
    '/States/A/Assign/a-b',
    'is not a variable name',
  ],
  [
    'a branch that assigns a variable of the outside',
    machine({
      A: {
        Type: 'Parallel',
        Next: 'B',
        Branches: [{ StartAt: 'C', States: { C: { Type: 'Pass', End: true, Assign: { x: 1 } } } }],
      },
      B: { Type: 'Pass', End: true, Assign: { x: 2 } },
    }),
    '/States/A/Branches[0]/States/C/Assign/x',
    'may read it but not assign it',
  ],
  [
    'a branch that assigns a variable of the outside, which the Catch of its state assigns too',
    machine({
      A: {
        Type: 'Parallel',
        Next: 'B',
        Catch: [{ ErrorEquals: ['States.ALL'], Assign: { x: 3 }, Next: 'B' }],
        Branches: [{ StartAt: 'C', States: { C: { Type: 'Pass', End: true, Assign: { x: 1 } } } }],
      },
      B: { Type: 'Pass', End: true, Assign: { x: 2 } },
    }),
    '/States/A/Branches[0]/States/C/Assign/x',
    'may read it but not assign it',
  ],
];

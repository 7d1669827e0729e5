import type { StateReader } from '../load/state-reader.ts';
import type { State } from '../machine.ts';
import type { Payload } from '../payload.ts';
import { EvaluationFailure, StateFailure } from '../state-failure.ts';
import type { Exit } from '../step.ts';
import type { Visit } from '../visit.ts';

interface Rule {
  readonly condition: Payload;
  readonly field: string;
  readonly exit: Exit;
}

/** A Choice state: the first rule whose Condition is true decides; the state's own Assign and Output belong to Default. */
export function readChoice(reader: StateReader): State {
  const rules = reader.list('Choices', { least: 1 }).map((value, index): Rule => {
    const rule = reader.object(value, `Choices[${index}]`);
    const field = `Choices[${index}]/Condition`;
    const condition = rule.condition('Condition');
    const exit = { next: rule.target('Next'), assign: rule.assign(), output: rule.payload('Output') };
    rule.finish(['Comment']);
    return { condition, field, exit };
  });
  const target = reader.optionalTarget('Default');
  const otherwise = { next: target, assign: reader.assign(), output: reader.payload('Output') };
  return {
    ...reader.common('Choice'),
    async run(visit) {
      for (const rule of rules) {
        if (await holds(visit, rule)) return visit.leave(rule.exit, visit.input);
      }
      if (target !== null) return visit.leave(otherwise, visit.input);
      throw new StateFailure(
        'States.NoChoiceMatched',
        `No choice rule of state '${visit.state.name}' matched, and it has no Default.`,
      );
    },
  };
}

const holds = async (visit: Visit, { condition, field }: Rule): Promise<boolean> => {
  const value = await visit.evaluate(condition);
  if (typeof value === 'boolean') return value;
  throw new EvaluationFailure(field, `The field '${field}' must be true or false, not ${JSON.stringify(value)}.`);
};

import { PermanentError, ValidationError } from '../../contract/errors.ts';
import type { CheckResult } from '../../contract/records/data-check.ts';
import { tellViolations } from '../events/tell-violations.ts';
import type { Work } from '../invocation.ts';
import type { CheckFacts } from '../step.ts';

/** The longest text of a check's fact, in UTF-16 units: findings are for people, rows belong in a dataset. */
const longest = 300;

/** The checks that a handler makes itself, in the order in which it made them. */
export class CodeChecks {
  readonly results: CheckResult[] = [];
  readonly #work: Work;

  constructor(work: Work) {
    this.#work = work;
  }

  /** Keeps the result. A violation is reported, and ends the handler unless it is a warning. */
  async check(name: string, passed: boolean, facts: CheckFacts = {}): Promise<void> {
    const { dataset = null, measured = null, allowed = 'what the handler asks for', onViolation = 'block' } = facts;
    if (typeof passed !== 'boolean')
      throw new PermanentError(`step.check(${JSON.stringify(name)}, ...) takes true or false, not ${typeof passed}`);
    if (this.results.some(({ check }) => check === name))
      throw new PermanentError(`two checks of this step are called ${JSON.stringify(name)}; each needs its own name`);
    const result: CheckResult = {
      dataset,
      check: shortened(name),
      kind: 'code',
      on_violation: onViolation,
      passed,
      measured: measured === null ? null : shortened(String(measured)),
      allowed: shortened(allowed),
    };
    this.results.push(result);
    if (passed) return;
    await tellViolations([result], this.#work);
    if (onViolation === 'block')
      throw new ValidationError(
        `the data of step ${this.#work.payload.step.name} violates a check; it is not visible`,
        [`${result.check}: ${result.measured ?? 'violated'}; allowed: ${result.allowed}`],
      );
  }
}

const shortened = (text: string): string => {
  const whole = text.toWellFormed();
  return whole.length > longest ? `${whole.slice(0, longest).toWellFormed()}...` : whole;
};

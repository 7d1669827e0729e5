import type { Json } from '../../contract/json.ts';
import type { Vouching } from '../../contract/records/next.ts';
import type { StepSpec } from '../../contract/step-spec.ts';
import type { Executions } from '../../ports/ports.ts';
import type { AssessOptions } from '../resume/assess.ts';

export interface VouchOptions extends Pick<AssessOptions, 'store' | 'facts' | 'history' | 'check'> {
  readonly executions: Executions;
  /** The step as it is now: code and configuration must be those of `facts`. */
  readonly spec: Pick<StepSpec, 'name' | 'definition' | 'code' | 'config' | 'result_schema'>;
  readonly result: Json;
  readonly vouching: Vouching;
}

import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { defaults } from '../plan/defaults.ts';
import type { StepTemplate, Template } from '../template/template.ts';

interface Setting {
  /** Keys of a step that people also write into Tasker's `handler_config`. */
  readonly keys: readonly string[];
  /** True if the step has the key where it has an effect. */
  isGiven(step: StepTemplate): boolean;
  readonly effective: string;
}

const settings: readonly Setting[] = [
  {
    keys: ['timeout', 'timeout_seconds', 'timeout_ms', 'timeout_minutes'],
    isGiven: ({ timeoutMs }) => timeoutMs !== null,
    effective: `the step's effective time-out is ${defaults.timeoutMs / 60_000}m`,
  },
  {
    keys: ['retry_backoff', 'backoff'],
    isGiven: ({ retry }) => retry.backoff !== null,
    effective: `the step's effective backoff is ${defaults.backoff}`,
  },
  {
    keys: ['retry_limit', 'default_retry_limit', 'max_attempts'],
    isGiven: ({ retry }) => retry.maxAttempts !== null,
    effective: `the step has ${defaults.maxAttempts} attempts`,
  },
  {
    keys: ['retryable', 'default_retryable'],
    isGiven: ({ retry }) => retry.retryable !== null || retry.maxAttempts !== null,
    effective: `the step has ${defaults.maxAttempts} attempts`,
  },
];

/** Warns of settings of a step in `handler_config`: Tasker hands that mapping to the handler and reads nothing of it, and so does Daybreak. */
export function checkHandlerConfig(template: Template, report: Report): void {
  for (const step of template.steps) {
    const { handler, index, name } = step;
    if (handler.configuredBy !== 'handler_config') continue;
    for (const key of Object.keys(handler.initialization)) {
      const setting = settings.find(({ keys }) => keys.includes(key));
      if (!setting || setting.isGiven(step)) continue;
      const instead = key === 'backoff' ? 'retry_backoff' : key === 'max_attempts' ? 'retry_limit' : key;
      const message = `"${key}" in "handler_config" of step "${name}" reaches the handler alone, and ${setting.effective}; write "${instead}" beside "handler_config" to change that`;
      report(makeDiagnostic('NO_EFFECT', template.at(['steps', index, 'handler', 'initialization', key]), message));
    }
  }
}

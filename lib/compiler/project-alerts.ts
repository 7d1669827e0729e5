import { DaybreakError } from '../contract/errors.ts';
import type { AlertSettings } from '../contract/events/alert-settings.ts';
import { SourceFile } from '../diagnostics/source-file.ts';
import { alerts } from './template/keys/alerts/read-alerts.ts';
import { readYaml } from './template/tree/read-yaml.ts';
import { Reading } from './template/tree/reading.ts';

/** Alerts of a configuration that are wrong. The message names every mistake. */
class ProjectAlertsError extends DaybreakError {
  override readonly name = 'ProjectAlertsError';
  readonly code = 'CONFIG';
  readonly exitCode = 2;
}

/** Reads `defaults.alerts` of a configuration as a template's key `alerts` is read. Null if there is none. Throws a ProjectAlertsError with all mistakes. */
export function projectAlerts(value: unknown): AlertSettings | null {
  if (value === undefined) return null;
  const mistakes: string[] = [];
  const reading = new Reading(new SourceFile('daybreak.config.ts', JSON.stringify(value)), ({ severity, message }) => {
    if (severity === 'error') mistakes.push(`daybreak.config.ts: "defaults.alerts": ${message}`);
  });
  const tree = readYaml(reading);
  const read = tree && alerts(tree, reading, 'defaults.alerts');
  if (mistakes.length > 0) throw new ProjectAlertsError(mistakes.join('\n'));
  return read;
}

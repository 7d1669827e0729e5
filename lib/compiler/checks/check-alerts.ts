import { type AlertSettings, destinationsOf, type Severity, severities } from '../../contract/events/alert-settings.ts';
import type { Report } from '../../diagnostics/diagnostic.ts';
import { makeDiagnostic } from '../../diagnostics/make-diagnostic.ts';
import { defaults } from '../plan/defaults.ts';
import type { Template } from '../template/template.ts';

/** Warns of incidents that reach no one although the template has alerts, and of an escalation that leads nowhere. A low severity without a route is only recorded by intention. */
export function checkAlerts({ alerts, steps, deadline, at }: Template, report: Report): void {
  if (alerts === null || destinationsOf(alerts).length === 0) return;
  const late = deadline && (deadline.severity ?? defaults.deadlineSeverity);
  if (late !== null && late !== 'low' && !isHeard(late, alerts)) {
    const message = `no one hears of a missed deadline: "alerts" has no route "${late}"; add one, or change the severity of the deadline`;
    report(makeDiagnostic('NO_ROUTE', at(['deadline']), message));
  }
  for (const severity of severities.filter((one) => one !== 'low' && !isHeard(one, alerts))) {
    const names = steps.filter((step) => (step.severity ?? defaults.severity) === severity).map(({ name }) => name);
    const [first, ...others] = names;
    if (first === undefined) continue;
    const whose = others.length === 0 ? `"${first}"` : `"${first}" and ${others.length} more`;
    const message = `no one hears of failures of ${whose}: "alerts" has no route "${severity}"; add one, or change the severity of the steps`;
    report(makeDiagnostic('NO_ROUTE', at(['alerts']), message));
  }
  if (alerts.escalate_after_ms === null || severities.some((severity) => escalates(severity, alerts))) return;
  const message =
    'the time has no effect: an incident goes to a route of a higher severity, and there is only one route';
  report(makeDiagnostic('NO_EFFECT', at(['alerts', 'escalate_after']), message));
}

/** True if incidents of the severity reach a destination, at once or when no one acknowledges them. */
function isHeard(severity: Severity, alerts: AlertSettings): boolean {
  if (hasRoute(severity, alerts)) return true;
  return alerts.escalate_after_ms !== null && above(severity).some((higher) => hasRoute(higher, alerts));
}

/** True if incidents of the severity can go to another route. */
function escalates(severity: Severity, alerts: AlertSettings): boolean {
  return above(severity).some((higher) => hasRoute(higher, alerts));
}

const above = (severity: Severity): readonly Severity[] => severities.slice(0, severities.indexOf(severity));
const hasRoute = (severity: Severity, { routes }: AlertSettings): boolean => (routes[severity]?.length ?? 0) > 0;

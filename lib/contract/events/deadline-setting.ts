import type { Severity } from './alert-settings.ts';

/** When data has to be ready, and who hears of it: a deadline of a pipeline or of one step, with every default filled in. */
export interface DeadlineSetting {
  /** Minutes after midnight on the zone's clock, 0 to 1439. */
  readonly ready_by: number;
  /** IANA name. */
  readonly timezone: string;
  /** Of the miss. */
  readonly severity: Severity;
  /** The people who hear that the deadline is in danger; `none`: no one looks. */
  readonly at_risk: 'page' | 'team' | 'digest' | 'none';
}

/** The severity of a notice that a deadline is in danger: critical pages, high tells the team, medium waits for the digest. */
export const atRiskSeverity = {
  page: 'critical',
  team: 'high',
  digest: 'medium',
  none: 'low',
} as const satisfies Record<DeadlineSetting['at_risk'], Severity>;

/** The most deadlines of a pipeline, those of its steps included: their records stand in one object. */
export const mostDeadlines = 20;

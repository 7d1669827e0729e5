/** The change of an incident, as its event carries it. Notices are made of it, so it says all that a person needs. */
import * as z from 'zod/mini';

/** The ways in which an incident changes. */
const incidentChanges = ['opened', 'reopened', 'joined', 'raised', 'acknowledged', 'resolved', 'late'] as const;
export type IncidentChangeKind = (typeof incidentChanges)[number];

export const incidentDetail = z.object({
  /** `<pipeline>-<number>`. */
  incident: z.string(),
  number: z.int(),
  /** Grows by one with each change: `incident` and `revision` together name one change. */
  revision: z.int(),
  change: z.enum(incidentChanges),
  /** True if this change should be brought to people at the incident's severity; false: update what they have, and send nothing new. */
  loud: z.boolean(),
  /** Id of the event that made the change; of a person's word `operator/...`. */
  by: z.string(),
  status: z.enum(['open', 'acknowledged', 'resolved']),
  /** Of the incident, the highest so far. The event's own severity is `info` once the incident is resolved. */
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  /** One line for people. */
  title: z.string(),
  opened_at: z.string(),
  last_failure_at: z.string(),
  resolved_at: z.nullable(z.string()),
  acknowledged_by: z.nullable(z.string()),
  /** The steps and error names that stand for the cause. */
  causes: z.array(z.object({ step: z.nullable(z.string()), error: z.string() })),
  /** The runs it concerns, the latest last, at most 20. */
  runs: z.array(z.string()),
  /** Failures that joined, the first included. */
  failures: z.int(),
  /** Steps that it blocks, at most 50. */
  blocked: z.array(z.string()),
  /** The number of times it came back after it was resolved. */
  reopened: z.int(),
  /** The command that resumes the latest run; null where there is none. */
  resume: z.nullable(z.string()),
});
export type IncidentDetail = z.infer<typeof incidentDetail>;

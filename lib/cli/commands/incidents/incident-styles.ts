import type { Incident } from '../../../contract/records/incident.ts';
import type { Style } from '../../render/painter.ts';

/** The colour of an incident's state. */
export const incidentStyles: Readonly<Record<Incident['status'], Style>> = {
  open: 'red',
  acknowledged: 'yellow',
  resolved: 'green',
};

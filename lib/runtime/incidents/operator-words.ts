/** The two words that a person may say about an incident. */
import type { IncidentState } from '../../contract/records/incident.ts';
import { acknowledged, closed, type Occasion } from './change-incident.ts';
import { changesOf, type Reduced } from './reduce.ts';

export interface OperatorWord {
  readonly word: 'acknowledge' | 'resolve';
  readonly number: number;
  readonly by: string;
  readonly at: string;
  readonly note: string;
}

/** Takes a person's word in. Null if the incident does not exist; no change if it was resolved before. */
export function takeWord(state: IncidentState, { word, number, by, at, note }: OperatorWord): Reduced | null {
  const incident = state.incidents.find((one) => one.number === number);
  if (!incident) return null;
  if (incident.status === 'resolved') return { state, changes: [] };
  const said = word === 'acknowledge' ? `${by} took it` : `${by} closed it`;
  const occasion: Occasion = {
    event: `operator/${number}/${at}`,
    time: at,
    run_id: null,
    text: note === '' ? said : `${said}: ${note}`,
  };
  const changed =
    word === 'acknowledge' ? acknowledged(incident, by, note, occasion) : closed(incident, `operator ${by}`, occasion);
  const next = { ...state, incidents: state.incidents.map((one) => (one === incident ? changed : one)) };
  return { state: next, changes: changesOf(next, occasion.event) };
}

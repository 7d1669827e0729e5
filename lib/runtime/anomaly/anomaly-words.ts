/** The judgement of an anomaly check in words: why it fired, or how much it could compare. */
import { leastHistory } from './expect.ts';
import type { Anomaly, Judgement } from './find-anomalies.ts';

/** Anomalies that a finding names; the farthest come first. */
const mostNamed = 5;

interface Words {
  readonly passed: boolean;
  readonly measured: string;
  readonly allowed: string;
}

export function anomalyWords({ history, judged, anomalies }: Judgement, at: string): Words {
  if (judged === 0) {
    const measured = `${history} earlier ${history === 1 ? 'run' : 'runs'}`;
    return { passed: true, measured, allowed: `anything before ${leastHistory} earlier runs` };
  }
  if (anomalies.length === 0) {
    const measured = `${judged} figures as in earlier runs`;
    return { passed: true, measured, allowed: `what ${history} earlier runs let expect` };
  }
  const named = anomalies.slice(0, mostNamed);
  const more = anomalies.length > mostNamed ? `; and ${anomalies.length - mostNamed} more` : '';
  return {
    passed: false,
    measured: `${named.map((one) => `${nameOf(one)} ${figureOf(one, one.value)}`).join('; ')}${more}`,
    allowed: named.map((one) => `${nameOf(one)} ${rangeOf(one)} (${sourceOf(one, at)})`).join('; '),
  };
}

const nameOf = ({ measure, column }: Anomaly): string => (column === null ? measure : `${measure}(${column})`);

const rangeOf = (one: Anomaly): string => `${figureOf(one, one.least)} to ${figureOf(one, one.most)}`;

const days = ['Sundays', 'Mondays', 'Tuesdays', 'Wednesdays', 'Thursdays', 'Fridays', 'Saturdays'];

const sourceOf = ({ of, seasonal }: Anomaly, at: string): string =>
  seasonal ? `from ${of} earlier ${days[new Date(at).getUTCDay()]}` : `from ${of} earlier runs`;

const figureOf = ({ measure }: Anomaly, value: number): string => {
  if (measure === 'null_share') return `${Number((value * 100).toPrecision(3))}%`;
  if (measure === 'mean') return String(Number(value.toPrecision(6)));
  return String(Math.max(0, Math.round(value)));
};

import { counted, countText, decimalText, percentText, weekdayText } from '../../page/display.ts';
import { card, type FigureCard, figureCards, note } from '../../page/figure-cards.ts';
import { foreign, type Html, html } from '../../page/html.ts';
import { labelsBelow, line, marks, plot, scaleOf, spans } from '../../page/plot.ts';
import { type PageOrigin, reportPage } from '../../page/report-page.ts';
import { table } from '../../page/table.ts';
import type { Anomaly, SensorCourse, SensorReport } from './sensor-report.ts';

const kinds = { spike: 'Spike', stuck: 'Stuck', silent: 'Silent' } as const;

/** `sensors.html`: how complete the day is, each anomaly, and the day of each sensor. */
export function sensorPage(report: SensorReport, origin: PageOrigin): string {
  const { day, anomalies, courses } = report;
  const names = new Map(courses.map((course) => [course.sensor_id, course]));
  return reportPage(
    {
      title: 'Sensors',
      subject: weekdayText(day),
      alarms: [],
      content: [
        figureCards(cardsOf(report)),
        card('anomalies', 'Anomalies', [
          anomalies.length > 0 ? anomalyTable(anomalies, names) : note('None. All sensors measured as usual.'),
        ]),
        card('courses', 'The day of each sensor', [
          note('Mean of each quarter-hour; dashed: the running median. Dots: spikes. Shaded: stuck or silent.'),
          html`<div class="grid-2 small">${courses.map((course) => chart(course, anomalies))}</div>`,
        ]),
      ],
      method:
        'A reading counts once, in the quarter-hour (UTC) in which it was measured, whenever it arrived. Spike: the modified z-score (Iglewicz and Hoaglin, 1993) of the distance to the median of the twelve quarter-hours around it is above 6. Stuck: all readings of an hour or more are equal. Silent: no reading for half an hour or more.',
    },
    origin,
  );
}

const cardsOf = ({ verdicts, totals, anomalies }: SensorReport): FigureCard[] => {
  const refused = verdicts.clock_ahead + verdicts.implausible;
  const quiet = anomalies.filter(({ kind }) => kind === 'silent').length;
  return [
    ['Readings', countText(totals.readings), `of ${counted(totals.sensors, 'sensor')}`],
    [
      'Complete',
      totals.expected === 0 ? '–' : percentText(totals.readings / totals.expected),
      `${countText(totals.empty_windows)} empty quarter-hours`,
    ],
    ['Late', countText(totals.late), 'arrived, and counted, after their time'],
    [
      'Anomalies',
      countText(anomalies.length),
      `${countText(quiet)} of them silence`,
      `set aside: ${countText(verdicts.duplicates)} repeated, ${countText(refused)} impossible`,
    ],
  ];
};

const anomalyTable = (rows: readonly Anomaly[], names: ReadonlyMap<string, SensorCourse>): Html =>
  table('Anomalies', rows, [
    {
      title: 'Sensor',
      cell: ({ sensor_id }) =>
        html`${foreign(names.get(sensor_id)?.name ?? sensor_id)}<span class="sub">${foreign(sensor_id)}</span>`,
    },
    {
      title: 'Kind',
      cell: ({ kind }) => html`<span class="status ${kind === 'spike' ? 'bad' : 'fair'}">${kinds[kind] ?? kind}</span>`,
    },
    { title: 'From', number: true, cell: ({ begins }) => clock(begins) },
    { title: 'Until', number: true, cell: ({ ends }) => clock(ends) },
    {
      title: 'Score',
      number: true,
      cell: ({ kind, score }) => (kind === 'spike' && score !== null ? decimalText(score, 1) : '–'),
    },
  ]);

const chart = ({ sensor_id, name, unit, quarters }: SensorCourse, anomalies: readonly Anomaly[]): Html => {
  const own = anomalies.filter((anomaly) => anomaly.sensor_id === sensor_id);
  const inside = (kind: Anomaly['kind'], begins: string): boolean =>
    own.some((one) => one.kind === kind && begins >= one.begins && begins < one.ends);
  const means = quarters.map(({ mean }) => mean);
  const scale = scaleOf(means.filter((mean) => mean !== null));
  const places = own
    .filter(({ kind }) => kind !== 'spike')
    .map(({ begins, ends }) => {
      const from = quarters.findIndex((one) => one.begins >= begins);
      return [from, from + quarters.filter((one) => one.begins >= begins && one.begins < ends).length - 1] as const;
    });
  const drawing = plot({
    label: 'Mean of each quarter-hour',
    scale,
    axis: (value) => decimalText(value, scale.step >= 1 ? 0 : scale.step >= 0.1 ? 1 : 2),
    below: labelsBelow(quarters.length, 6, (index) => clock(quarters[index]?.begins ?? '')),
    layers: [
      spans(places, quarters.length),
      line(
        'ghost',
        quarters.map(({ baseline, mean }) => (mean === null ? null : baseline)),
        scale,
      ),
      line('line', means, scale),
      marks(
        quarters.map(({ begins, mean }) => (inside('spike', begins) ? mean : null)),
        scale,
        (index) => `${clock(quarters[index]?.begins ?? '')}: ${quarters[index]?.mean ?? ''}`,
      ),
    ],
  });
  return html`<div><h3 class="kinds">${foreign(name)}</h3><p class="note">${foreign(sensor_id)} · ${foreign(unit)}</p>${drawing}</div>`;
};

/** `14:15` of an ISO moment. */
const clock = (moment: string): string => moment.slice(11, 16);

import { defineStep } from 'daybreak';
import * as z from 'zod/mini';
import { neededResult } from '../needed-result.ts';
import type { SensorInput } from './input.ts';
import { sensorPage } from './report/sensor-page.ts';
import type { Anomaly, Quarter, SensorCourse, SensorReport } from './report/sensor-report.ts';

const options = z.strictObject({ charts: z.int().check(z.positive()) });

/** Writes `sensors.html` and `anomalies.json`, and returns the counts. */
export const handler = defineStep<SensorInput>(async (step) => {
  const { charts } = options.parse(step.config);
  const anomalies: Anomaly[] = await step.sql<Anomaly>('FROM "find_anomalies"."anomalies" ORDER BY sensor_id, begins');
  const sensors: Omit<SensorCourse, 'quarters'>[] = await step.sql<Omit<SensorCourse, 'quarters'>>(
    `SELECT sensor_id, name, unit FROM "extract_sensors"."sensors"
     ORDER BY sensor_id NOT IN (SELECT sensor_id FROM "find_anomalies"."anomalies"), sensor_id LIMIT $charts`,
    { charts },
  );
  const courses: SensorCourse[] = [];
  for (const sensor of sensors) {
    const quarters: Quarter[] = await step.sql<Quarter>(
      `SELECT begins, mean, baseline FROM "aggregate"."windows" JOIN "find_anomalies"."scores" USING (sensor_id, begins)
       WHERE sensor_id = $sensor_id ORDER BY begins`,
      { sensor_id: sensor.sensor_id },
    );
    courses.push({ ...sensor, quarters });
  }
  const { day } = step.input;
  const verdicts = neededResult<SensorReport['verdicts']>(step, 'clean_readings');
  const totals = neededResult<SensorReport['totals']>(step, 'aggregate');
  const list = { day, verdicts, totals, anomalies };
  await step.file('anomalies.json', `${JSON.stringify(list, null, 2)}\n`, { contentType: 'application/json' });
  const page = sensorPage({ ...list, courses }, step.run);
  await step.file('sensors.html', page, { contentType: 'text/html; charset=utf-8' });
  return { readings: totals.readings, late: totals.late, anomalies: anomalies.length };
});

import type { LocalSetup, LocalSetupOptions } from '../../../lib/offline/engine/local-setup.ts';
import { generatedReadings } from './generated-readings.ts';

/** The generated day, and the day after. */
const [day, dayAfter] = ['2026-03-31', '2026-04-01'] as const;

/** The hour of the day after in which a nightly run would start: files of later hours do not exist yet. */
const startHour = 6;

/** The pointer that a first run leaves (docs/publish.md). */
const published = 'sensor_aggregation/published/current.json';

/**
 * `local.setup` of sensor_aggregation: a register of sensors and the gateway's files in the store, all generated. The first run finds what had arrived in the
 * morning. A later run finds the readings that came after it too, as it would on the next day.
 */
export async function start({ store, log }: LocalSetupOptions): Promise<LocalSetup> {
  const { sensors, arrivals } = generatedReadings(day);
  const lines = sensors.map(({ sensor_id, name, unit, interval_seconds, lowest, highest }) =>
    [sensor_id, name, unit, interval_seconds, lowest, highest].join(','),
  );
  const register = `sensor_id,name,unit,interval_seconds,lowest,highest\n${lines.join('\n')}\n`;
  await store.put('sources/sensors.csv', register, { contentType: 'text/csv' });

  const isLater = (await store.get(published)) !== null;
  const end = isLater ? `${dayAfter}T24` : `${dayAfter}T${String(startHour).padStart(2, '0')}`;
  let files = 0;
  for (const [hour, readings] of Map.groupBy(arrivals, ({ received_at }) => received_at.slice(0, 13))) {
    // Files of the day before have readings of the day before alone.
    if (hour < day || hour >= end) continue;
    const broken = hour === `${day}T09` ? '{"sensor_id":"S01","sequence":\nnot a reading\n' : '';
    const text = readings.map((reading) => `${JSON.stringify(reading)}\n`).join('');
    await store.put(`sources/readings/${hour}.ndjson`, text + broken, { contentType: 'application/x-ndjson' });
    files += 1;
  }
  log(
    `${sensors.length} sensors, ${files} files of readings, ${isLater ? 'with those that came late' : 'as of the next morning at six'}`,
  );
  return { environment: { SYNTHETIC_FIGURES: 'readings' }, input: { day }, stop: async () => undefined };
}

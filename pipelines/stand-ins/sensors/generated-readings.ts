import { type Random, seededRandom } from '../random.ts';

/** A sensor as the register has it. */
interface Sensor {
  readonly sensor_id: string;
  readonly name: string;
  readonly unit: string;
  readonly interval_seconds: number;
  readonly lowest: number;
  readonly highest: number;
}

/** A reading as the gateway writes it. Moments are ISO 8601 UTC. */
export interface Reading {
  readonly sensor_id: string;
  readonly sequence: number;
  readonly measured_at: string;
  readonly received_at: string;
  readonly value: number;
}

/** Readings around a day, and what is wrong with them. */
export interface GeneratedReadings {
  readonly sensors: readonly Sensor[];
  /** In the order of their arrival: late ones, repeated ones and impossible ones included. */
  readonly arrivals: readonly Reading[];
  /** The planted anomalies: sensor, kind, begin, end; joined by spaces, sorted. */
  readonly anomalies: readonly string[];
  /** Planted readings by verdict. `good` ones may have copies, which are `duplicates`. */
  readonly counts: { good: number; duplicates: number; clock_ahead: number; implausible: number; unknown: number };
}

type Kind = 'spike' | 'stuck' | 'silent';

interface Fault {
  readonly kind: Kind;
  /** Quarter-hours of the day. */
  readonly from: number;
  readonly length: number;
}

const quarter = 900_000;
const quarters = 96;
const minute = 60_000;

/** Sensors with a fault of each kind; the others are well. */
const faultsPlanned: readonly (Kind | null)[] = [
  'spike',
  'spike',
  'spike',
  'spike',
  'stuck',
  'stuck',
  'silent',
  'silent',
  null,
  null,
  null,
  null,
];

/**
 * A day of twelve sensors, one reading a minute, from two hours before the day to two hours after it. Some arrive hours late, some twice, some with a clock that
 * is ahead or a value that cannot be. The same for the same day and seed on every machine.
 */
export function generatedReadings(day: string, seed = 1): GeneratedReadings {
  const random = seededRandom(seed);
  const midnight = Date.parse(day);
  const arrivals: Reading[] = [];
  const anomalies: string[] = [];
  const counts = { good: 0, duplicates: 0, clock_ahead: 0, implausible: 0, unknown: 0 };
  const sensors = faultsPlanned.map((_, index) => sensorOf(index));
  for (const [index, sensor] of sensors.entries()) {
    const fault = faultOf(faultsPlanned[index] ?? null, random);
    if (fault) {
      const [begins, ends] = [fault.from, fault.from + fault.length].map((at) => new Date(midnight + at * quarter));
      anomalies.push(`${sensor.sensor_id} ${fault.kind} ${begins?.toISOString()} ${ends?.toISOString()}`);
    }
    const course = courseOf(sensor, fault, random);
    for (let at = -120; at < 24 * 60 + 120; at += 1) {
      const measured = midnight + at * minute + 7_000 * (index % 8);
      const value = course((measured - midnight) / quarter);
      if (value === null) continue;
      const inDay = measured >= midnight && measured < midnight + quarters * quarter;
      for (const [verdict, reading] of sent({ sensor, number: at + 120, measured, value }, random)) {
        arrivals.push(reading);
        if (inDay || verdict === 'unknown') counts[verdict] += 1;
      }
    }
  }
  arrivals.sort((a, b) => (a.received_at < b.received_at ? -1 : a.received_at > b.received_at ? 1 : 0));
  return { sensors, arrivals, anomalies: anomalies.sort(), counts };
}

interface Measured {
  readonly sensor: Sensor;
  readonly number: number;
  /** Milliseconds of the epoch. */
  readonly measured: number;
  readonly value: number;
}

type Verdict = keyof GeneratedReadings['counts'];

/** The reading, and now and then a copy or an impossible one beside it. */
const sent = ({ sensor, number, measured, value }: Measured, random: Random): [Verdict, Reading][] => {
  const good = {
    sensor_id: sensor.sensor_id,
    sequence: number,
    measured_at: iso(measured),
    received_at: iso(measured + delay(random)),
    value,
  };
  // The gateway had no answer, and sent it again. The copy always comes after the first one.
  const again = iso(measured + 36 * 3_600_000);
  const others: readonly [share: number, Verdict, Reading][] = [
    [0.01, 'duplicates', { ...good, received_at: random.next() < 0.5 ? good.received_at : again }],
    [0.0006, 'implausible', { ...good, sequence: 100_000 + number, value: sensor.highest + 40 }],
    [0.0006, 'clock_ahead', { ...good, sequence: 200_000 + number, received_at: iso(measured - 2 * 3_600_000) }],
    [0.0003, 'unknown', { ...good, sensor_id: 'S99' }],
  ];
  const chosen = others.filter(([share]) => random.next() < share);
  return [['good', good], ...chosen.map(([, verdict, reading]): [Verdict, Reading] => [verdict, reading])];
};

const sensorOf = (index: number): Sensor => ({
  sensor_id: `S${String(index + 1).padStart(2, '0')}`,
  name: index % 2 === 0 ? `Cold room ${index / 2 + 1}` : `Compressor ${(index + 1) / 2}`,
  unit: index % 2 === 0 ? '°C' : 'bar',
  interval_seconds: 60,
  lowest: index % 2 === 0 ? -40 : 0,
  highest: index % 2 === 0 ? 40 : 30,
});

/** Far enough from midnight that the fault has neighbours on both sides. */
const faultOf = (kind: Kind | null, random: Random): Fault | null => {
  if (kind === null) return null;
  const length = { spike: random.between(1, 2), stuck: random.between(6, 12), silent: random.between(3, 8) }[kind];
  return { kind, length, from: random.between(8, quarters - 8 - length) };
};

/** The value at a time in quarter-hours; null while the sensor is silent. */
const courseOf = (sensor: Sensor, fault: Fault | null, random: Random): ((at: number) => number | null) => {
  const warm = sensor.unit === '°C';
  const [level, noise] = warm ? [-18 + 2 * random.next(), 0.3] : [8 + 4 * random.next(), 0.15];
  const shift = random.next() * quarters;
  const jump = (random.next() < 0.5 ? -1 : 1) * noise * random.between(4, 8);
  let last = 0;
  return (at) => {
    const inFault = fault !== null && at >= fault.from && at < fault.from + fault.length;
    if (inFault && fault.kind === 'silent') return null;
    if (inFault && fault.kind === 'stuck') return last;
    const value = level + 3 * noise * Math.sin((2 * Math.PI * (at + shift)) / quarters) + noise * normal(random);
    last = Number((value + (inFault ? jump : 0)).toFixed(3));
    return last;
  };
};

/** Mostly seconds; of some, minutes to five hours; of a few, until ten in the morning of the next day. */
const delay = (random: Random): number => {
  const kind = random.next();
  if (kind < 0.965) return random.between(200, 20_000);
  return kind < 0.997 ? random.between(10 * minute, 300 * minute) : random.between(34 * 60 * minute, 35 * 60 * minute);
};

/** Box and Muller's method. */
const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());

const iso = (time: number): string => new Date(time).toISOString();

/** A row of the dataset `anomalies`. Moments are ISO 8601 UTC. */
export interface Anomaly {
  readonly sensor_id: string;
  readonly kind: 'spike' | 'stuck' | 'silent';
  readonly begins: string;
  readonly ends: string;
  readonly windows: number;
  /** Null for silence, and for sensors whose means do not vary. */
  readonly score: number | null;
}

/** A quarter-hour of a sensor. */
export interface Quarter {
  readonly begins: string;
  readonly mean: number | null;
  readonly baseline: number | null;
}

/** The day of one sensor. */
export interface SensorCourse {
  readonly sensor_id: string;
  readonly name: string;
  readonly unit: string;
  readonly quarters: readonly Quarter[];
}

/** All that the page shows. */
export interface SensorReport {
  readonly day: string;
  /** The result of clean_readings. */
  readonly verdicts: {
    readonly readings: number;
    readonly good: number;
    readonly duplicates: number;
    readonly clock_ahead: number;
    readonly implausible: number;
  };
  /** The result of aggregate. */
  readonly totals: {
    readonly sensors: number;
    readonly readings: number;
    readonly expected: number;
    readonly late: number;
    readonly empty_windows: number;
  };
  readonly anomalies: readonly Anomaly[];
  /** Sensors with anomalies come first. */
  readonly courses: readonly SensorCourse[];
}

import assert from 'node:assert/strict';
import type { WorkerEvent, WorkerRequest } from '../../../src/protocol/worker.ts';
import { serve } from '../../../src/training/serve.ts';
import { FakeClock, FakePorts, MACHINE, startRequest } from './helpers.ts';
import { METRIC_NAMES } from '../../tanh.ts';

type Start = Parameters<typeof startRequest>;

interface Options {
  readonly settings?: Start[0];
  readonly start?: Start[1];
  readonly stepMs?: number;
  readonly prepare?: (ports: FakePorts, clock: FakeClock) => void;
}

/** Serves one run on fake ports until it sleeps and nothing more happens. */
export function served({ settings, start, stepMs = 1, prepare }: Options): FakePorts {
  const ports = new FakePorts();
  const clock = new FakeClock(stepMs);
  ports.post(startRequest(settings, { maxIterations: 100, ...start }));
  prepare?.(ports, clock);
  serve(ports, clock, MACHINE);
  return ports;
}

/** Posts requests at the first event for which `when` holds. */
export function once(ports: FakePorts, when: (event: WorkerEvent) => boolean, ...requests: WorkerRequest[]): void {
  let done = false;
  ports.onEvent = (event) => {
    if (done || !when(event)) return;
    done = true;
    ports.post(...requests);
  };
}

/** Rows of more than the first iteration were sent. */
export const afterRows = (event: WorkerEvent) => event.type === 'progress' && event.firstIteration > 0;

/** All rows that were sent, in one array; fails where one is missing or comes twice. */
export function allRows(ports: FakePorts): Float64Array[] {
  const rows: Float64Array[] = [];
  for (const event of ports.of('progress')) {
    assert.equal(event.firstIteration, rows.length);
    for (let at = 0; at < event.rows.length; at += METRIC_NAMES.length) {
      rows.push(event.rows.slice(at, at + METRIC_NAMES.length));
    }
  }
  return rows;
}

export function states(ports: FakePorts): string[] {
  return ports.of('state').map((event) => event.state);
}

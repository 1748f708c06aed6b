import { kindOf } from '../../protocol/events.ts';
import type { RunRecord } from '../../runs/format/records.ts';
import type { SessionChange } from '../session/session.ts';

/** What of a change belongs into the run's folder and does not come from the training thread: it is found out about the run. */
export function findingIn(change: SessionChange): RunRecord | undefined {
  if (change.type === 'event') return kindOf(change.event.type).isFound === true ? change.event : undefined;
  const baselines = change.type === 'study' ? change.change.baselines : undefined;
  const isWhole = baselines !== undefined && baselines.ngramNats.length === baselines.orders;
  return isWhole ? { type: 'baselines', baselines } : undefined;
}

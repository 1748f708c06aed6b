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

/** What may still come into the folder of a run that is over: what is found out about it, and text that a person had it write. */
export function lateRecordIn(change: SessionChange): RunRecord | undefined {
  if (change.type === 'event' && change.event.type === 'sample') return change.event;
  return findingIn(change);
}

import * as v from 'valibot';
import { STEP_QUANTITIES } from '../../common/names.ts';
import { WHOLE_RUN } from './iterationView.ts';

/**
 * What a person chose in the panel. It is kept in the webview's own state, which outlives hiding the panel and reloading
 * the window; what is read back is checked, since an older version may have written it.
 */
const View = v.variant('mode', [
  v.object({ mode: v.literal('follow'), last: v.nullable(v.pipe(v.number(), v.minValue(1))) }),
  v.object({
    mode: v.literal('range'),
    from: v.pipe(v.number(), v.minValue(0)),
    to: v.pipe(v.number(), v.minValue(1)),
  }),
]);

/** Choices that only make sense for the run they were made for. */
const RunChoices = v.object({
  runId: v.string(),
  view: View,
  /** The inspected iteration looked back at; null is the newest. */
  lookback: v.nullable(v.number()),
  prompt: v.string(),
  temperature: v.number(),
  length: v.number(),
});
export type RunChoices = v.InferOutput<typeof RunChoices>;

const UiStateSchema = v.object({
  unit: v.picklist(['nats', 'bits']),
  logarithmicIterations: v.boolean(),
  quantity: v.picklist(STEP_QUANTITIES),
  hiddenLines: v.array(v.picklist(STEP_QUANTITIES)),
  run: v.nullable(RunChoices),
});
export type UiState = v.InferOutput<typeof UiStateSchema>;

export const DEFAULT_UI_STATE: UiState = {
  unit: 'nats',
  logarithmicIterations: false,
  quantity: 'W_ah',
  hiddenLines: ['dh', 'da'],
  run: null,
};

/** The stored state, or the defaults where there is none or it is not one of ours. */
export function parseUiState(stored: unknown): UiState {
  const parsed = v.safeParse(UiStateSchema, stored);
  if (!parsed.success) return DEFAULT_UI_STATE;
  const { run } = parsed.output;
  return run?.view.mode === 'range' && run.view.to <= run.view.from
    ? { ...parsed.output, run: { ...run, view: WHOLE_RUN } }
    : parsed.output;
}

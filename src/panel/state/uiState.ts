import * as v from 'valibot';
import { Tab } from '../../protocol/panel.ts';
import { TourChoice } from '../../protocol/tour.ts';
import { WHOLE_RUN } from './iterationView.ts';
import { MOST_TURNED_FOLDS } from './foldChoice.ts';
import { Pin } from './pin.ts';

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

/** What a network has: which network that is, only its run says. */
const Name = v.pipe(v.string(), v.maxLength(100));
const Index = v.pipe(v.number(), v.integer(), v.minValue(0));
/** The units of a cell in their own order. */
const UNSORTED = { column: 'unit', key: 'index', descending: false } as const;
/** The ends of a scale of whole decades, exponents of ten. */
const Exponent = v.pipe(v.number(), v.integer(), v.minValue(-400), v.maxValue(400));
const HeldScale = v.pipe(
  v.object({ quantity: Name, low: Exponent, high: Exponent }),
  v.check(({ low, high }) => low < high),
);
/** Profiles that can still be told apart. */
export const MAX_PINS = 7;

/** Choices that only make sense for the run they were made for. */
const RunChoices = v.object({
  runId: v.string(),
  view: View,
  /** The inspected iteration looked back at; null is the newest. */
  lookback: v.nullable(v.number()),
  prompt: v.string(),
  temperature: v.number(),
  length: v.number(),
  /** The prompt and temperature that the host was told last: where it has others, what is stored here is older. */
  told: v.optional(v.object({ prompt: v.string(), temperature: v.number() })),
  /** The stream whose window is looked into, its chosen time step (null: the last), step of side B and open matrix. */
  stream: v.optional(Index, 0),
  step: v.optional(v.nullable(Index), null),
  backwardStep: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
  matrix: v.optional(v.nullable(Name), null),
  /** The weight whose update is followed; null is the one with the largest gradient, and so is an element that is null, in its parameter. */
  weight: v.optional(
    v.nullable(v.object({ parameter: Name, element: v.nullable(v.object({ row: Index, column: Index })) })),
    null,
  ),
  /** The iteration whose window is read, which stays; null follows training. */
  reading: v.optional(v.nullable(Index), null),
  /** The hidden unit that is followed, as `unitName` of `unitPlace.ts` writes it. */
  unit: v.optional(v.nullable(Name), null),
  /** The ends at which the colours of the heat map are held; null is that they follow what is on the screen. */
  heldScale: v.optional(v.nullable(HeldScale), null),
  /** Profiles that are laid over one another; an older version stored their iterations alone. */
  pins: v.optional(v.pipe(v.array(v.union([Pin, Index])), v.maxLength(MAX_PINS)), []),
  /** Where the tour stands, and what was said in it. */
  tour: v.optional(v.nullable(TourChoice), null),
});
export type RunChoices = v.InferOutput<typeof RunChoices>;
export type WeightChoice = RunChoices['weight'];

const UiStateSchema = v.object({
  /** By which the host knows this panel after a reload. */
  panelId: v.optional(v.string()),
  tab: v.optional(Tab, 'overview'),
  /** Whether all is told of the run above the tabs; null is as there is room for it. */
  detailsOpen: v.optional(v.nullable(v.boolean()), null),
  /** Whether all that is notable of the run is listed, not only the first of it. */
  findingsOpen: v.optional(v.boolean(), false),
  /** Whether the loss chart has the lines of the baselines. */
  baselines: v.optional(v.boolean(), true),
  /** What was opened or closed in the lists of a time step, by the list and the fold. */
  turnedFolds: v.optional(v.pipe(v.array(Name), v.maxLength(MOST_TURNED_FOLDS)), []),
  /** Which columns the table of a cell has (null: what the network shows unless a person chose), and by which of them it is sorted. */
  unitColumns: v.optional(v.nullable(Name), null),
  unitSort: v.optional(
    v.object({ column: Name, key: v.picklist(['index', 'value', 'magnitude']), descending: v.boolean() }),
    UNSORTED,
  ),
  /** Whose contributions the sum over time adds up. */
  sumScope: v.optional(v.picklist(['stream', 'batch']), 'stream'),
  /** The quantity whose profiles are laid over one another; null is the error that reaches a time step. */
  pinsQuantity: v.optional(v.nullable(Name), null),
  /** The colours of the influence matrix: norms as they are, or every row divided by its largest. */
  influenceMode: v.optional(v.picklist(['absolute', 'row']), 'absolute'),
  /** The order of the hidden units in the picture of their saturation. */
  unitOrder: v.optional(v.picklist(['saturation', 'index']), 'saturation'),
  /** Of the tab Memory, by its name in the first layer: where the reach of errors is measured, the function whose units are shown, the weight whose spectrum is. Null is what the network shows unless a person chose. */
  reach: v.optional(v.nullable(Name), null),
  unitsOf: v.optional(v.nullable(Name), null),
  weight: v.optional(v.nullable(Name), null),
  /** Whether charts over iterations have a line a layer, or one layer is opened. */
  layersTogether: v.optional(v.boolean(), true),
  /** Whether losses have a logarithmic axis. */
  logarithmicLoss: v.optional(v.boolean(), false),
  unit: v.picklist(['nats', 'bits']),
  logarithmicIterations: v.boolean(),
  /** The layer whose quantities charts show. */
  layer: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1)), 1),
  /** The layers whose states the tape shows; null is what it shows unless a person chose. */
  tapeLayers: v.optional(v.nullable(v.union([v.literal('all'), v.pipe(v.number(), v.integer(), v.minValue(1))])), null),
  /** Of the heat map; null is what the network shows unless a person chose, as are the lines that are hidden. */
  quantity: v.nullable(Name),
  hiddenLines: v.nullable(v.array(Name)),
  run: v.nullable(RunChoices),
});
export type UiState = v.InferOutput<typeof UiStateSchema>;

export const DEFAULT_UI_STATE: UiState = {
  tab: 'overview',
  detailsOpen: null,
  findingsOpen: false,
  baselines: true,
  turnedFolds: [],
  unitColumns: null,
  unitSort: UNSORTED,
  sumScope: 'stream',
  pinsQuantity: null,
  influenceMode: 'absolute',
  unitOrder: 'saturation',
  reach: null,
  unitsOf: null,
  weight: null,
  layersTogether: true,
  logarithmicLoss: false,
  unit: 'nats',
  logarithmicIterations: false,
  layer: 1,
  tapeLayers: null,
  quantity: null,
  hiddenLines: null,
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

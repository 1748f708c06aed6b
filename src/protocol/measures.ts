import * as v from 'valibot';
import { networkOf } from '../network/network.ts';
import { productCount } from '../network/quantities.ts';
import { RunId } from './run.ts';
import type { RunSettings } from './settings.ts';
import {
  Baselines,
  Capture,
  CharacterScores,
  Count,
  Excerpt,
  Matrix,
  MatrixName,
  Memory,
  Numbers,
  ofStep,
  ofStream,
  Spectrum,
  StepDetail,
  Tape,
  WeightUpdate,
} from './study.ts';

/**
 * The table of what the study thread can be asked for, and the messages between it and the owner of a run, which follow from the
 * table as do those between host and panel.
 */

/** The tabs of the panel. */
export const TABS = ['overview', 'steps', 'memory'] as const;
type Tab = (typeof TABS)[number];

/** By which is told what a measure costs. */
export interface Sizes {
  readonly V: number;
  readonly H: number;
  readonly T: number;
  /** Matrices (H, H) that a time step multiplies by, counted as one where it has none. */
  readonly products: number;
}

/** @param V the size of the vocabulary. */
export function sizesOf(settings: RunSettings, V: number): Sizes {
  const { hiddenSize: H, sequenceLength: T } = settings;
  return { V, H, T, products: productCount(networkOf(settings)) };
}

/** How often a running network is looked into. */
export interface LookingPace {
  /** At most this often. */
  readonly leastMs: number;
  /** The share of the time that it may take on top of training. */
  readonly share: number;
}

/** Of a measure that is taken again and again of the window that is looked into. */
interface Following {
  /** The tabs that show it; the first one is its own, where it follows training at the pace of what is in sight. */
  readonly tabs: readonly [Tab, ...Tab[]];
  /** Whether it is taken with whatever else is while a tab shows it, so that what stands beside it is of the same window. */
  readonly comesAlong: boolean;
  /** What is taken with it, of the same window. */
  readonly brings: readonly string[];
  /** What a first one is expected to take, for sizes as they are here and now; later ones say it themselves. */
  expectedMs(sizes: Sizes): number;
  /** In sight it follows training; out of sight its history goes on for the health strip, and the editor marks its window. */
  readonly inSight: LookingPace;
  readonly outOfSight: LookingPace;
}

interface Row {
  /** What is said of it when it is asked for. */
  readonly asks: v.ObjectSchema<v.ObjectEntries, undefined>;
  readonly answer: v.GenericSchema;
  /** Lower is more urgent: what a person waits for comes before what is computed in the background. */
  readonly urgency: number;
  /** Arrays of the answer, in whatever part of it, of which no number may be infinite or none, as no single number may. */
  readonly finite: readonly string[];
  /** The panel asks for it by itself, about a time step that a person chose. */
  readonly isOfPanel?: true;
  readonly following?: Following;
}

/** All measures, most urgent first. */
export const MEASURES = {
  stepDetail: { asks: v.object(ofStep), answer: StepDetail, urgency: 0, finite: [], isOfPanel: true },
  matrix: { asks: v.object({ ...ofStep, name: MatrixName }), answer: Matrix, urgency: 0, finite: [], isOfPanel: true },
  /** All numbers of a window, where they are few. */
  numbers: { asks: v.object(ofStream), answer: Numbers, urgency: 0, finite: ['lossNats'], isOfPanel: true },
  tape: {
    asks: v.object(ofStream),
    answer: Tape,
    urgency: 1,
    finite: ['lossNats'],
    following: {
      tabs: ['steps', 'memory'],
      comesAlong: true,
      brings: [],
      expectedMs: ({ V, H, T, products }) => (6 * T * H * (products * H + V)) / 8e5,
      inSight: { leastMs: 400, share: 0.03 },
      outOfSight: { leastMs: 1500, share: 0.005 },
    },
  },
  characterScores: {
    /** `before` is what the network reads first, for its state; then the text that is scored. */
    asks: v.object({ iteration: Count, before: v.string(), text: v.string() }),
    answer: CharacterScores,
    urgency: 2,
    // Its NaN says that nothing is known of a character.
    finite: [],
  },
  memory: {
    asks: v.object(ofStream),
    answer: Memory,
    urgency: 3,
    finite: ['lagProfile'],
    following: {
      tabs: ['memory'],
      comesAlong: false,
      brings: [],
      expectedMs: ({ H, T, products }) => (products * T * T * H * H) / 3e6,
      inSight: { leastMs: 2000, share: 0.02 },
      outOfSight: { leastMs: 5000, share: 0.005 },
    },
  },
  spectrum: {
    asks: v.object({ iteration: Count }),
    answer: Spectrum,
    urgency: 4,
    finite: [],
    following: {
      tabs: ['memory'],
      comesAlong: false,
      brings: ['memory'],
      expectedMs: ({ H }) => H ** 3 / 1e5,
      inSight: { leastMs: 4000, share: 0.01 },
      outOfSight: { leastMs: 5000, share: 0.005 },
    },
  },
  spectrumOf: {
    asks: v.object({ iteration: Count, name: MatrixName }),
    answer: Spectrum,
    urgency: 4,
    finite: [],
    isOfPanel: true,
  },
  update: {
    /** Without a parameter, of the element with the largest gradient of all; without an element, of the largest of the parameter. */
    asks: v.object({
      ...ofStream,
      parameter: v.nullable(MatrixName),
      element: v.nullable(v.object({ row: Count, column: Count })),
    }),
    answer: WeightUpdate,
    // It takes a pass of every stream, hours of a large network: all that takes one stream comes first.
    urgency: 4.25,
    finite: ['byStep'],
    isOfPanel: true,
  },
  baselines: { asks: v.object({}), answer: Baselines, urgency: 5, finite: [] },
} as const satisfies Readonly<Record<string, Row>>;

type Table = typeof MEASURES;
export type Measure = keyof Table;
type MeasureWith<Trait extends keyof Row> = {
  [M in Measure]: Table[M] extends Required<Pick<Row, Trait>> ? M : never;
}[Measure];
/** Taken again and again of the window that is looked into. */
export type Followed = MeasureWith<'following'>;
/** The panel asks for it. */
export type OfPanel = MeasureWith<'isOfPanel'>;

/** What is said of a measure when it is asked for. */
export type Asks<M extends Measure = Measure> = { [K in Measure]: Readonly<v.InferOutput<Table[K]['asks']>> }[M];
/** A measure with what is said of it. */
export type Question<M extends Measure = Measure> = { [K in M]: { readonly measure: K } & Asks<K> }[M];
export type Answer<M extends Measure = Measure> = { [K in Measure]: v.InferOutput<Table[K]['answer']> }[M];

const ALL = Object.keys(MEASURES) as Measure[];
export const FOLLOWED: readonly Followed[] = ALL.filter(isFollowed);

export function isFollowed(name: string): name is Followed {
  return 'following' in ((MEASURES as Readonly<Record<string, Row>>)[name] ?? {});
}

export function followingOf(measure: Followed): Following {
  return MEASURES[measure].following;
}

/** The newest of each measure that is followed, as entries of a schema. */
export const followedEntries = Object.fromEntries(
  FOLLOWED.map((measure) => [measure, v.optional(MEASURES[measure].answer)]),
) as { readonly [M in Followed]: v.OptionalSchema<Table[M]['answer'], undefined> };

const ofPanel = ALL.filter((measure): measure is OfPanel => 'isOfPanel' in MEASURES[measure]);
/** What the panel asks. */
export const PanelQuestion = questionSchema(ofPanel);
/** Answers to the panel by their measure, as entries of a schema. */
export const panelAnswerEntries = Object.fromEntries(
  ofPanel.map((measure) => [measure, v.optional(MEASURES[measure].answer)]),
) as { readonly [M in OfPanel]: v.OptionalSchema<Table[M]['answer'], undefined> };

/** A schema that is made by program from the table, with the type that follows from the table as well. */
function questionSchema<M extends Measure>(measures: readonly M[]): v.GenericSchema<unknown, Question<M>> {
  const schema = v.variant(
    'measure',
    measures.map((measure) => v.object({ measure: v.literal(measure), ...MEASURES[measure].asks.entries })),
  );
  return schema as unknown as v.GenericSchema<unknown, Question<M>>;
}

const request = { runId: RunId, requestId: Count };

export const StudyRequest = v.variant('type', [
  /** Keeps a captured window; the newest few are there to be asked about. */
  v.object({ type: v.literal('capture'), runId: RunId, capture: Capture }),
  v.object({ type: v.literal('excerpt'), runId: RunId, excerpt: Excerpt }),
  v.object({ type: v.literal('ask'), ...request, question: questionSchema(ALL) }),
]);
export type StudyRequest = v.InferOutput<typeof StudyRequest>;

const Answered = v.variant(
  'measure',
  ALL.map((measure) =>
    v.object({ type: v.literal('answer'), measure: v.literal(measure), ...request, answer: MEASURES[measure].answer }),
  ),
);
export type Answered = v.InferOutput<typeof Answered>;
/** For the person: what was asked cannot be answered, and why. */
const Unanswered = v.object({ type: v.literal('unanswered'), ...request, message: v.string() });
/** How far the baselines are, before their answer. */
const BaselinesProgress = v.object({ type: v.literal('baselinesProgress'), runId: RunId, baselines: Baselines });

export const StudyEvent = v.union([Answered, Unanswered, BaselinesProgress]);
export type StudyEvent = v.InferOutput<typeof StudyEvent>;

import {
  isRefTo,
  readRef,
  type Activation,
  type Equation,
  type ReadRef,
  type Ref,
} from '../../../network/description.ts';
import { hasWords, written } from '../../../network/names.ts';
import { activationOf, errorName, readersOf, type Network, type NetworkEquation } from '../../../network/network.ts';
import { partsOf, type Part } from '../../../network/parts.ts';
import { SLOPE_AT } from '../../../network/slopeAt.ts';
import { SLOPES } from '../../../network/slopes.ts';
import { statesOfLayer } from '../../../network/wayBack.ts';
import type { StepDetail } from '../../../protocol/study.ts';
import { errorAt, shortly, timed } from '../../network/notation.ts';
import { layerOf } from '../../network/quantities.ts';
import { stepOfError, stepOfMessage } from '../../network/stepPlaces.ts';
import { vectorOf } from '../../state/vectorOf.ts';
import { cameBy, wayKey, waysTo } from './stateSplit.ts';
import { futureKey, messageColumn, readKey, slopeKey } from './unitKeys.ts';

/**
 * The columns of the table of a cell, as they follow from the network: a row is a hidden unit, and from left to right stands what leads
 * from the error of its states to that of its pre-activations, each number after those that it is computed from. No DOM.
 */
export interface UnitColumn {
  readonly key: string;
  /** A formula, or, where it is none, a word. */
  readonly label: string;
  readonly isFormula: boolean;
  /** What it is, in words. */
  readonly title: string;
  readonly valuesOf: (numbers: StepDetail) => Float64Array;
  /** Of what a function gave: it is written with as many digits as the slope of that function takes. */
  readonly gaveBy?: Activation;
}

/** Columns that belong together: those of a step of side B, or, without one, of side A. */
export interface UnitGroup {
  readonly step?: number;
  readonly columns: readonly UnitColumn[];
}

/** What of a cell is in the table. */
export interface UnitChoice {
  /** `back`: the way back; `all`: side A and the messages too; else the part of this name alone. */
  readonly value: string;
  readonly label: string;
  readonly title: string;
}
export const WAY_BACK = 'back';
export const ALL = 'all';

/** What can be chosen of a layer: a cell of several gates has each of them by itself too. */
export function unitChoices(network: Network, layer: number): readonly UnitChoice[] {
  const parts = partsOf(network, layer);
  return [
    { value: WAY_BACK, label: 'way back', title: 'From the error of the states to that of the pre-activations' },
    ...(parts.length < 2 ? [] : parts.map((part) => choiceOf(network, part))),
    { value: ALL, label: 'all', title: 'Side A and the messages too' },
  ];
}

function choiceOf(network: Network, { name, isState, about }: Part): UnitChoice {
  const described = network.quantities.find((quantity) => quantity.name === name);
  const words = described && hasWords(described) ? described.words : name;
  const label = about.map(written).join(', ');
  return { value: name, label, title: `The way back through the ${isState ? 'state' : words} ${label} alone` };
}

/** The choice that is shown: the chosen one, as far as the layer has it. */
export function shownChoice(network: Network, layer: number, chosen: string | null): string {
  return unitChoices(network, layer).find(({ value }) => value === chosen)?.value ?? WAY_BACK;
}

/** The groups of a choice, each column where it is needed first. */
export function unitGroups(network: Network, layer: number, choice: string): readonly UnitGroup[] {
  const part = partsOf(network, layer).find(({ name }) => name === choice);
  const way = network.steps.flatMap((step, index): UnitGroup[] => {
    if (step.kind !== 'error' || !isInside(network, step.of, layer)) return [];
    if (part !== undefined && !part.gives.includes(step.of)) return [];
    return [{ step: index + 1, columns: columnsTo(network, step.of) }];
  });
  const groups = choice === ALL ? [sideAOf(network, layer), ...way, ...messagesOf(network, layer)] : way;
  const seen = new Set<string>();
  const first = ({ key }: UnitColumn): boolean => !seen.has(key) && Boolean(seen.add(key));
  return groups
    .map((group) => ({ ...group, columns: group.columns.filter(first) }))
    .filter(({ columns }) => columns.length > 0);
}

/** All that the error of a quantity is computed from, unit by unit, and the error itself. */
function columnsTo(network: Network, of: string): UnitColumn[] {
  const parts = network.states.includes(of) ? partsOfError(network, of) : [];
  return [...sentBack(network, { name: of, isBefore: false }), ...parts, errorColumn(network, of)];
}

/** The errors that what reads something has, of the same layer, and what they are multiplied by on their way to it. */
function sentBack(network: Network, read: Pick<ReadRef, 'name' | 'isBefore'>): UnitColumn[] {
  const layer = layerOf(network, read.name);
  const { now, next } = readersOf(network, read.name);
  return (read.isBefore ? next : now).flatMap((reader) =>
    isInside(network, reader.gives, layer)
      ? [errorColumn(network, reader.gives), ...factorsOf(network, reader, read)]
      : [],
  );
}

/** What an equation multiplies the error of what it gives by, on its way to something that it reads; weights are not of one unit. */
function factorsOf(network: Network, reader: NetworkEquation, read: Pick<ReadRef, 'name' | 'isBefore'>): UnitColumn[] {
  if ('apply' in reader) return [readColumn(network, reader.gives), slopeColumn(reader)];
  if (!('sum' in reader)) return [];
  const isMeant = (ref: Ref): boolean => isRefTo(ref, read);
  return reader.sum
    .filter((factors) => factors.some(isMeant))
    .flatMap((factors) => factors.toSpliced(factors.findIndex(isMeant), 1))
    .map((ref) => readColumn(network, ref));
}

/** The parts of the error of a state: from its time step by each way, and from the one after. */
function partsOfError(network: Network, state: string): UnitColumn[] {
  const ways = waysTo(network, state);
  const isOne = statesOfLayer(network, layerOf(network, state)).length === 1;
  const named = (word: string): string => (isOne ? word : `${word}, ∂${written(state)}`);
  const error = errorAt(state);
  return [
    ...ways.map((way): UnitColumn => ({
      key: wayKey(state, way, ways.length),
      label: named(way.short),
      isFormula: false,
      title: `What comes to ${error} ${way.from}`,
      valuesOf: (numbers) => cameBy(way, ways.length, state, numbers),
    })),
    {
      key: futureKey(state),
      label: named('future'),
      isFormula: false,
      title: `What comes to ${error} from t+1; 0 at the last time step`,
      valuesOf: ({ future }) => future[state],
    },
  ];
}

function errorColumn(network: Network, of: string): UnitColumn {
  const isPre = network.layerEquations.some((equation) => equation.gives === of && 'affine' in equation);
  return {
    key: errorName(of),
    label: `∂${written(of)}`,
    isFormula: true,
    title: `${errorAt(of)}, the error of ${isPre ? 'the pre-activation' : timed(of)} (step ${stepOfError(network, of)})`,
    valuesOf: ({ errors }) => errors[of],
  };
}

function readColumn(network: Network, ref: Ref): UnitColumn {
  const { name, isBefore, isLeft } = readRef(ref);
  const activation = isBefore || isLeft ? undefined : activationOf(network, name);
  const words = network.quantities.find((quantity) => quantity.name === name);
  const meaning = words && hasWords(words) && !isLeft ? `, the ${words.words}` : '';
  return {
    key: readKey(ref),
    label: shortly(ref),
    isFormula: true,
    title: `${timed(ref)}${meaning}${isBefore ? ', as carried in' : ''} (side A)`,
    valuesOf: (numbers) => vectorOf(numbers, ref),
    ...(activation !== undefined && { gaveBy: activation }),
  };
}

function slopeColumn({ apply, gives }: Extract<Equation, { apply: unknown }>): UnitColumn {
  return {
    key: slopeKey(gives),
    label: SLOPES[apply].of(written(gives)),
    isFormula: true,
    title: `${SLOPES[apply].of(timed(gives))}, the slope of ${SLOPES[apply].words}: how much of ∂${written(gives)} comes through`,
    valuesOf: ({ now }) => now[gives].map(SLOPE_AT[apply]),
  };
}

/** What the forward pass gave, after the states that came in. */
function sideAOf(network: Network, layer: number): UnitGroup {
  const refs = [
    ...statesOfLayer(network, layer).map((state) => `${state}⁻`),
    ...network.quantities.filter((one) => one.layer === layer).map(({ name }) => name),
  ];
  return { columns: refs.map((ref) => readColumn(network, ref)) };
}

function messagesOf(network: Network, layer: number): UnitGroup[] {
  return statesOfLayer(network, layer).map((state) => ({
    step: stepOfMessage(network, state),
    columns: [
      ...sentBack(network, { name: state, isBefore: true }),
      {
        key: messageColumn(network, state).key,
        label: `→ ${timed(`${state}⁻`)}`,
        isFormula: true,
        title: `The message that ${timed(`${state}⁻`)} gets: part of its error from the future`,
        valuesOf: ({ messages }) => messages[state],
      },
    ],
  }));
}

/** Whether a quantity is of hidden units of the layer. */
function isInside({ quantities }: Network, name: string, layer: number): boolean {
  return quantities.some((quantity) => quantity.name === name && quantity.layer === layer);
}

import { DecadeScale } from '../../../common/decadeScale.ts';
import { comparedReaches, reachNames } from '../../../network/reach.ts';
import { wayBackOf } from '../../../network/wayBack.ts';
import { wayWordsOf } from '../../../network/wayWords.ts';
import {
  chosenReach,
  functionNames,
  shownDirectPath,
  shownFunction,
  shownLayer,
  shownWeight,
  weightNames,
} from '../../network/choices.ts';
import type { PanelContext, View } from '../view.ts';
import { LayerChoice } from '../layerChoice.ts';
import { WindowControls } from '../windowControls.ts';
import { ChosenViews } from './chosenViews.ts';
import { functionChoosers, reachChoosers, weightChoosers } from './choosers.ts';
import { DecayView } from './decayView.ts';
import { DirectView } from './directView.ts';
import { GateView } from './gateView.ts';
import { HorizonView } from './horizonView.ts';
import { InfluenceView } from './influenceView.ts';
import { keptWordsOf, KeptView } from './keptView.ts';
import { LagView } from './lagView.ts';
import { PathView } from './pathView.ts';
import { SaturationView } from './saturationView.ts';
import { SingularView } from './singularView.ts';
import { SlopeView } from './slopeView.ts';
import { SpectrumView } from './spectrumView.ts';

/** The views of the tab *Memory*, from top to bottom. */
export function memoryViews(context: PanelContext): View[] {
  const { state, network } = context;
  return [
    new WindowControls(context, 'memory', () => state.study.memory),
    ...chosen(context, reachNames(network, 1), () => chosenReach(network, state.ui), reachViews),
    new HorizonView(context),
    ...chosen(context, [], () => String(shownLayer(network, state.ui)), fadingViews),
    ...chosen(context, functionNames(network, 1), () => shownFunction(network, state.ui), functionViews),
    ...chosen(context, weightNames(network, 1), () => shownWeight(network, state.ui) ?? '', weightViews),
  ];
}

type Build = (context: PanelContext) => View[];

/** Views that follow a choice, where the network has several layers, or a layer several names; else the views alone. */
function chosen(context: PanelContext, names: readonly string[], choice: () => string, build: Build): View[] {
  const isChoice = context.network.layers > 1 || names.length > 1;
  return isChoice ? [new ChosenViews(context, choice, build)] : build(context);
}

/** How far errors reach, at the state or the pre-activations that are chosen. */
function reachViews(context: PanelContext): View[] {
  const { network, state } = context;
  const name = chosenReach(network, state.ui);
  const others = reachNames(network, shownLayer(network, state.ui)).filter((other) => other !== name);
  const isCompared = comparedReaches(network).length > 1;
  const colors = new DecadeScale();
  return [
    new InfluenceView(context, name, colors, reachChoosers(context, 'influence')),
    new PathView(context, name, colors),
    new LagView(context, { name, others, isCompared }, reachChoosers(context, 'lag-profile')),
  ];
}

/** Why errors fade in the layer that is shown: by the slope and the weight of the single way, or by what is kept of a state. */
function fadingViews(context: PanelContext): View[] {
  const { network, state } = context;
  const layer = shownLayer(network, state.ui);
  const [way, words] = [wayBackOf(network, layer), wayWordsOf(network, layer)];
  if (way !== undefined && words !== undefined) {
    const [reach] = reachNames(network, layer);
    return [new DecayView(context, { way, words, reach }, layerControls(context, 'decay-split'))];
  }
  const path = shownDirectPath(network, state.ui);
  if (path === undefined) return [];
  const saysLyapunov = weightNames(network, layer).length === 0;
  return [
    new KeptView(context, { path, saysLyapunov }, layerControls(context, 'decay-split')),
    // Where an error has no other way there is nothing to tell apart.
    ...(keptWordsOf(network, path).others === undefined
      ? []
      : [new DirectView(context, path, layerControls(context, 'direct-path'))]),
  ];
}

/** What the units of the chosen function give, and where it lets no error pass. */
function functionViews(context: PanelContext): View[] {
  const { network, state } = context;
  const quantity = shownFunction(network, state.ui);
  const isGated = wayBackOf(network, shownLayer(network, state.ui)) === undefined;
  return [
    ...(isGated ? [new GateView(context, quantity, functionChoosers(context, 'gate-activity'))] : []),
    new SaturationView(context, quantity, functionChoosers(context, 'saturation')),
    new SlopeView(context, quantity, functionChoosers(context, 'slope-factor')),
  ];
}

/** The spectrum of the chosen recurrent weight, where the cell has one. */
function weightViews(context: PanelContext): View[] {
  const { network, state } = context;
  const weight = shownWeight(network, state.ui);
  if (weight === undefined) return [];
  return [
    new SpectrumView(context, weight, weightChoosers(context, 'spectrum')),
    new SingularView(context, weight, weightChoosers(context, 'singular-values')),
  ];
}

function layerControls(context: PanelContext, id: string): readonly HTMLElement[] {
  const choice = new LayerChoice(context, id);
  choice.update();
  return choice.controls;
}

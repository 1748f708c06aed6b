import { ChoiceGroup, type Option } from '../controls.ts';
import { LayerChoice } from '../layerChoice.ts';
import type { PanelContext } from '../view.ts';
import { plainName, written, titleOf } from '../../../network/names.ts';
import { reachNames, reachWords } from '../../../network/reach.ts';
import {
  chosenReach,
  functionNames,
  shownFunction,
  shownLayer,
  shownWeight,
  weightNames,
} from '../../network/choices.ts';
import type { UiState } from '../../state/uiState.ts';

/** Choosers of what the figures of the tab show: of the layer, and of one of its names. Where there is one of them, there is no chooser. */

type Key = 'reach' | 'unitsOf' | 'weight';

interface Choice {
  readonly key: Key;
  readonly label: string;
  readonly names: readonly string[];
  readonly shown: string | undefined;
  readonly titleOf: (name: string) => string;
}

/** Where the reach of errors is measured. @param id of the figure. */
export function reachChoosers(context: PanelContext, id: string): HTMLElement[] {
  const { network, state } = context;
  return choosers(context, id, {
    key: 'reach',
    label: 'Where errors are measured',
    names: reachNames(network, shownLayer(network, state.ui)),
    shown: chosenReach(network, state.ui),
    titleOf: (name) => `How far errors reach, measured at the ${reachWords(network, name)}`,
  });
}

/** Which function's units are shown. */
export function functionChoosers(context: PanelContext, id: string): HTMLElement[] {
  const { network, state } = context;
  return choosers(context, id, {
    key: 'unitsOf',
    label: 'Function whose units are shown',
    names: functionNames(network, shownLayer(network, state.ui)),
    shown: shownFunction(network, state.ui),
    titleOf: (name) =>
      `${written(name)}: ${network.quantities.find((quantity) => quantity.name === name)?.words ?? ''}`,
  });
}

/** Which recurrent weight's spectrum is shown. */
export function weightChoosers(context: PanelContext, id: string): HTMLElement[] {
  const { network, state } = context;
  return choosers(context, id, {
    key: 'weight',
    label: 'Recurrent weight whose spectrum is shown',
    names: weightNames(network, shownLayer(network, state.ui)),
    shown: shownWeight(network, state.ui),
    titleOf: (name) => titleOf(network, name),
  });
}

function choosers(context: PanelContext, id: string, choice: Choice): HTMLElement[] {
  const layer = new LayerChoice(context, id);
  layer.update();
  if (choice.names.length < 2) return [...layer.controls];
  const options = choice.names.map((name): Option<string> => ({
    value: plainName(name),
    label: written(name),
    title: choice.titleOf(name),
  }));
  const group = new ChoiceGroup(choice.label, `${id}-${choice.key}`, options, (value) =>
    context.state.choose({ [choice.key]: value } satisfies Partial<Pick<UiState, Key>>),
  );
  group.value = choice.shown === undefined ? undefined : plainName(choice.shown);
  return [...layer.controls, group.element];
}

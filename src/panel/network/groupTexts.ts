import type { GroupKey } from '../../network/groups.ts';

/** What the groups of quantities are called. */
interface GroupText {
  /** On a button. */
  readonly label: string;
  /** In a sentence, of all of them in a layer. */
  readonly words: string;
}

export const GROUP_TEXTS: Readonly<Record<GroupKey, GroupText>> = {
  input: { label: 'input', words: 'the weights of the input' },
  recurrent: { label: 'recurrent', words: 'the recurrent weights' },
  bias: { label: 'biases', words: 'the biases' },
  output: { label: 'output', words: 'the parameters of the output' },
  stateError: { label: '∂ states', words: 'the errors at the states' },
  preActivationError: { label: '∂ before functions', words: 'the errors at what functions are applied to' },
  functionError: { label: '∂ gates', words: 'the errors at gates and candidates' },
};

/** What a chart shows and how much it leaves out: `the recurrent weights of layer 2: 4 of its 25 quantities`. */
export function shownText(
  key: GroupKey,
  { layer, layers }: { readonly layer: number; readonly layers: number },
  { shown, all }: { readonly shown: number; readonly all: number },
): string {
  const isOutput = key === 'output';
  const place = layers === 1 || isOutput ? '' : ` of layer ${layer}`;
  return `Shown: ${GROUP_TEXTS[key].words}${place}, ${shown} of ${all} quantities${layers > 1 ? ' of the layer and the output' : ''}.`;
}

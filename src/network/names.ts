import { errorName, type Network, type Parameter } from './network.ts';

/** A parameter, by its name in code and files. */
export type ParameterName = string;

/** What has a norm at every time step: the contribution ∂P(t) of each parameter, then the error of each quantity. */
export type StepQuantity = string;

/** What of a network its names follow from. */
type Named = Pick<Network, 'parameters' | 'quantities' | 'layers'>;

/** Names that are written otherwise in formulas than in code. */
const WRITTEN: Readonly<Record<string, string>> = { yhat: 'ŷ' };
const RAISED_DIGITS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** A name as people read it: `ŷ`, and with its layer raised where it has one, `W_ah⁽²⁾`. */
export function written(name: string): string {
  const [plain, layer] = name.split('.');
  const raised = Array.from(layer ?? '', (digit) => RAISED_DIGITS[Number(digit)]).join('');
  return `${WRITTEN[plain] ?? plain}${raised === '' ? '' : `⁽${raised}⁾`}`;
}

/** A name without its layer. */
export function plainName(name: string): string {
  return name.split('.')[0];
}

/** A parameter of a network; undefined where it has none of that name. */
export function parameterOf({ parameters }: Pick<Network, 'parameters'>, name: string): Parameter | undefined {
  return parameters.find((parameter) => parameter.name === name);
}

/** The quantity whose error this is; undefined for a parameter. */
export function errorOf({ quantities }: Pick<Network, 'quantities'>, quantity: StepQuantity): string | undefined {
  return quantities.find(({ name }) => errorName(name) === quantity)?.name;
}

/** How a quantity of the time steps is written in the panel: the parameters as in the code, the error signals with their ∂. */
export function labelOf(network: Named, quantity: StepQuantity): string {
  const error = errorOf(network, quantity);
  return error === undefined ? written(quantity) : `∂${written(error)}`;
}

/** The norm of a quantity at step t as a formula: ‖∂W_ah(t)‖, ‖∂h(t)‖. */
export function stepNormLabelOf(network: Named, quantity: StepQuantity): string {
  return `‖∂${written(errorOf(network, quantity) ?? quantity)}(t)‖`;
}

/** What a quantity is, for tooltips: "W_ah: hidden → hidden weights". */
export function titleOf(network: Named, quantity: StepQuantity): string {
  const error = errorOf(network, quantity);
  const described = [...network.parameters, ...network.quantities].find(({ name }) => name === (error ?? quantity));
  const words = described && hasWords(described) ? `${described.words} ` : '';
  const meaning = error === undefined ? words.trimEnd() : `error at ${words && `the ${words}`}${written(error)}(t)`;
  const place = described?.layer === undefined || network.layers === 1 ? '' : `layer ${described.layer}`;
  const said = [meaning, place].filter((part) => part !== '').join(', ');
  return `${labelOf(network, quantity)}${said && `: ${said}`}`;
}

/** Whether a description says in words what this is; where it does not, its words are its plain name. */
export function hasWords({ name, words }: { readonly name: string; readonly words: string }): boolean {
  return words !== plainName(name);
}

import { l10n } from '../../common/l10n.ts';
import { errorOf, labelOf, titleOf } from '../../network/names.ts';
import { errorName, type Network } from '../../network/network.ts';
import { listed, listedTexts } from '../../network/quantities.ts';
import { GROUP_TEXTS } from '../network/groupTexts.ts';
import type { Option } from '../views/controls.ts';
import {
  groupOfChoice,
  isPlain,
  namesOf,
  networksOf,
  offered,
  type Compared,
  type ComparedKind,
  type ComparedLayer,
} from './comparedNetworks.ts';
import type { ShownRun } from './compareState.ts';

/** What is compared, in words. */

type Networks = readonly [Network, ...Network[]];
type NamedRun = Pick<ShownRun, 'network' | 'key'>;

const TOGETHER = l10n.t('of several gates or layers together the root of the sum of the squares of their norms');

const GIVEN_TITLE = l10n.t('The error at what a layer gives to the one above: the same place in every cell');

/** The buttons of what is offered. */
export function comparedOptions(networks: Networks, kind: ComparedKind): Option<string>[] {
  return offered(networks, kind).map((what): Option<string> => {
    if (what === 'all') {
      return { value: what, label: l10n.t('all'), title: l10n.t('The global norm: all parameters together') };
    }
    if (what === 'given') return { value: what, label: labelOf(networks[0], given(networks)), title: GIVEN_TITLE };
    const [network] = networks;
    if (isPlain(networks)) return { value: what, label: labelOf(network, what), title: titleOf(network, what) };
    const key = groupOfChoice(networks, what);
    return {
      value: what,
      label: key === undefined ? what : GROUP_TEXTS[key].label,
      title: capital(`${wordsOf(networks, what)}; ${TOGETHER}`),
    };
  });
}

/** What is compared, in a sentence: `the recurrent weights`, `W_af`. */
export function wordsOf(networks: Networks, what: Compared): string {
  if (what === 'all') return l10n.t('all parameters');
  if (what === 'given') {
    return l10n.t('the error {name}(t) at what a layer gives', { name: labelOf(networks[0], given(networks)) });
  }
  const owner = networks.find(({ stepQuantities }) => stepQuantities.includes(what));
  if (owner !== undefined) return labelOf(owner, what);
  const key = groupOfChoice(networks, what);
  return key === undefined ? what : GROUP_TEXTS[key].words;
}

/** Which quantities of which run are set side by side; empty where every run is compared by the same name. */
export function comparedText(runs: readonly NamedRun[], what: Compared, layer: ComparedLayer): string {
  const networks = networksOf(runs);
  if (runs.length === 0 || isPlain(networks) || (what === 'all' && layer === null)) return '';
  const words = wordsOf(networks, what);
  const compared = layer === null || what === 'output' ? words : l10n.t('{words} of layer {layer}', { words, layer });
  const each = networks.flatMap((network) => {
    const keys = runs.filter((run) => run.network === network).map(({ key }) => key);
    const names = namesOf(network, what, layer);
    return names.length === 0 ? [] : [`${keys.join(', ')}: ${namesText(network, names)}`];
  });
  const isJoint = networks.some((network) => namesOf(network, what, layer).length > 1);
  if (each.length === 0) return '';
  const said = l10n.t('Compared: {words}.', { words: `${compared}${isJoint ? `, ${TOGETHER}` : ''}` });
  return `${said} ${each.join('. ')}.`;
}

/** Which runs lack what is compared, in a sentence; empty where none does. */
export function lackingText(runs: readonly NamedRun[], what: Compared, layer: ComparedLayer): string {
  const lacking = runs.filter(({ network }) => namesOf(network, what, layer).length === 0).map(({ key }) => key);
  return lacking.length === 0 ? '' : l10n.t('Not in the network of {runs}.', { runs: lacking.join(', ') });
}

/** Names of one layer as they are, of several by the names of the first: `W_ar, W_az and W_an of 2 layers`. */
function namesText(network: Network, names: readonly string[]): string {
  const plain = [...new Set(names.map((name) => name.split('.')[0]))];
  const each = names.length / plain.length;
  const texts = (shown: readonly string[]): string =>
    shown.every((name) => errorOf(network, name) === undefined)
      ? listed(shown)
      : listedTexts(shown.map((name) => labelOf(network, name)));
  return each > 1 ? l10n.t('{names} of {count} layers', { names: texts(plain), count: each }) : texts(names);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The error at what the first layer of the first network gives, by its name. */
function given([network]: Networks): string {
  return errorName(network.states[0]);
}

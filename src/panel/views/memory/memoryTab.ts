import { DecadeScale } from '../../../common/decadeScale.ts';
import type { PanelContext, View } from '../view.ts';
import { recurrentWeight } from '../../../network/quantities.ts';
import { wayWordsOf } from '../../network/wayWords.ts';
import { WindowControls } from '../windowControls.ts';
import { DecayView } from './decayView.ts';
import { HorizonView } from './horizonView.ts';
import { InfluenceView } from './influenceView.ts';
import { LagView } from './lagView.ts';
import { PathView } from './pathView.ts';
import { SaturationView } from './saturationView.ts';
import { SingularView } from './singularView.ts';
import { SpectrumView } from './spectrumView.ts';
import { TanhView } from './tanhView.ts';

/** The views of the tab *Memory*, from top to bottom. */
export function memoryViews(context: PanelContext): View[] {
  const { network } = context;
  const colors = new DecadeScale();
  const words = wayWordsOf(network);
  const weight = recurrentWeight(network);
  return [
    new WindowControls(context, 'memory', () => context.state.study.memory),
    new InfluenceView(context, colors),
    new PathView(context, colors),
    new LagView(context),
    new HorizonView(context),
    // These speak of the one slope that errors pass on their way back, the latter two of the one of tanh.
    ...(words === undefined ? [] : [new DecayView(context, words)]),
    ...(words?.isTanh === true ? [new SaturationView(context), new TanhView(context)] : []),
    ...(weight === undefined ? [] : [new SpectrumView(context, weight), new SingularView(context, weight)]),
  ];
}

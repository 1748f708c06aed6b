import { DecadeScale } from '../../../common/decadeScale.ts';
import type { PanelContext, View } from '../view.ts';
import { recurrentWeight } from '../../../network/quantities.ts';
import { wayWordsOf } from '../../../network/wayWords.ts';
import { WindowControls } from '../windowControls.ts';
import { DecayView } from './decayView.ts';
import { HorizonView } from './horizonView.ts';
import { InfluenceView } from './influenceView.ts';
import { LagView } from './lagView.ts';
import { PathView } from './pathView.ts';
import { SaturationView } from './saturationView.ts';
import { SingularView } from './singularView.ts';
import { SlopeView } from './slopeView.ts';
import { SpectrumView } from './spectrumView.ts';

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
    // These speak of the one slope that errors pass on their way back.
    ...(words === undefined
      ? []
      : [new DecayView(context, words), new SaturationView(context, words), new SlopeView(context, words)]),
    ...(weight === undefined ? [] : [new SpectrumView(context, weight), new SingularView(context, weight)]),
  ];
}

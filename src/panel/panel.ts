import './translated.ts';
import { ToPanel, type FromPanel } from '../protocol/panel.ts';
import { App } from './app.ts';
import { startPage } from './page.ts';
import { PanelState } from './state/panelState.ts';

startPage<typeof ToPanel, FromPanel>(ToPanel, (root, bridge) => {
  const state = new PanelState(bridge, root.dataset.panelId);
  return {
    page: new App(root, state),
    receive: (message) => state.receive(message),
    refuse: () => state.refuse(),
    ask: () => state.ask(),
  };
});

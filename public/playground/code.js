/** The part of a card that expands: the request as code and the answer as received, in tabs. */
import { announce } from './announce.js';
import { button, made } from './element.js';

let cards = 0;

/**
 * @param {Record<string, string>} texts by the name of their tab
 * @param {string} [title]
 */
export function codePanel(texts, title = 'Code and JSON') {
  const prefix = `code-${++cards}`;
  const tabs = made('div', { role: 'tablist', 'aria-label': 'Request and answer' });
  const panels = made('div', {});
  const entries = Object.entries(texts).map(([name, text], index) => {
    const [tabId, panelId] = [`${prefix}-tab-${index}`, `${prefix}-panel-${index}`];
    const tab = button(name, () => choose(index), { role: 'tab', id: tabId, 'aria-controls': panelId });
    const code = made('code', {}, text);
    const panel = made(
      'div',
      { role: 'tabpanel', id: panelId, 'aria-labelledby': tabId },
      // It scrolls, so it is focusable.
      made('pre', { tabindex: '0' }, code),
      button('Copy', () => copy(code, name), { class: 'copy', 'aria-label': `Copy ${name}` }),
    );
    tabs.append(tab);
    panels.append(panel);
    return { tab, panel };
  });

  tabs.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = entries.findIndex(({ tab }) => tab === document.activeElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    const next = (at + step + entries.length) % entries.length;
    choose(next);
    entries[next]?.tab.focus();
  });

  /** @param {number} chosen */
  function choose(chosen) {
    for (const [index, { tab, panel }] of entries.entries()) {
      tab.setAttribute('aria-selected', String(index === chosen));
      tab.tabIndex = index === chosen ? 0 : -1;
      panel.hidden = index !== chosen;
    }
  }

  choose(0);
  return made('details', {}, made('summary', {}, title), tabs, panels);
}

/**
 * @param {HTMLElement} code
 * @param {string} name
 */
async function copy(code, name) {
  try {
    await navigator.clipboard.writeText(code.textContent ?? '');
    announce(`${name} copied.`);
  } catch {
    // Without HTTPS or permission there is no clipboard: the text is selected for the user's own shortcut.
    getSelection()?.selectAllChildren(code);
    announce(`${name} is selected; copy it with the keyboard.`);
  }
}

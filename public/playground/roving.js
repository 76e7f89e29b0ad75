/** Makes many buttons one tab stop: arrow keys move among them. */

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** @param {HTMLElement} list whose buttons come and go */
export function rove(list) {
  const all = () => [...list.querySelectorAll('button')];

  /** @param {HTMLButtonElement | undefined} chosen */
  function stopAt(chosen) {
    for (const button of all()) button.tabIndex = button === chosen ? 0 : -1;
  }

  list.addEventListener('keydown', (event) => {
    const buttons = all();
    const at = event.target instanceof HTMLButtonElement ? buttons.indexOf(event.target) : -1;
    const next = nextOf(event.key, at, buttons.length);
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    buttons[next]?.focus();
  });
  list.addEventListener('focusin', ({ target }) => target instanceof HTMLButtonElement && stopAt(target));
  new MutationObserver(() => {
    const buttons = all();
    stopAt(buttons.find(({ tabIndex }) => tabIndex === 0) ?? buttons[0]);
  }).observe(list, { childList: true, subtree: true });
}

/**
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
function nextOf(key, at, count) {
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = key in STEPS ? STEPS[/** @type {keyof typeof STEPS} */ (key)] : undefined;
  return step === undefined ? undefined : Math.max(0, Math.min(count - 1, at + step));
}

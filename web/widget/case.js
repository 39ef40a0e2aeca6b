// What the person may know of their case with staff.

/** @param {import('./types').Case} c */
export function isOpen(c) {
  return ['waiting', 'claimed', 'pending', 'snoozed'].includes(c.state);
}

/** @param {import('./texts.js').Texts} t @param {import('./types').Case} c */
export function describe(t, c) {
  switch (c.state) {
    case 'waiting': return t.caseWaiting;
    case 'claimed':
    case 'pending':
    case 'snoozed': return t.caseClaimed(c.agent);
    case 'handed_back': return t.caseBack;
    case 'cancelled': return t.caseCancelled;
    default: return t.caseClosed;
  }
}

// The host's own colour, made dark or light enough to be read.

const READABLE = 4.5; // contrast of WCAG 2.2, 1.4.3
const SURFACE = { light: [255, 255, 255], dark: [26, 30, 36] };

/**
 * Custom properties for an accent colour; none if it is not written #rrggbb.
 * @param {unknown} accent
 * @param {boolean} dark
 * @returns {Record<string, string>}
 */
export function accentOf(accent, dark) {
  if (typeof accent !== 'string' || !/^#[0-9a-f]{6}$/i.test(accent)) return {};
  const wanted = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16));
  const surface = dark ? SURFACE.dark : SURFACE.light;
  const ink = away(wanted, surface, dark ? 255 : 0);
  const user = away(wanted, [255, 255, 255], 0);
  const on = contrast(ink, [255, 255, 255]) >= READABLE ? '#ffffff' : '#0d1420';
  return { '--accent': rgb(ink), '--user': rgb(user), '--on-accent': on, '--accent-soft': rgb(mix(surface, ink, 0.12)) };
}

/** Goes towards black or white until the colour stands out. @param {number[]} colour @param {number[]} from @param {number} towards */
function away(colour, from, towards) {
  for (let part = 0; part < 1; part += 0.05) {
    const next = mix(colour, [towards, towards, towards], part);
    if (contrast(next, from) >= READABLE + 0.3) return next; // some more, for soft grounds
  }
  return [towards, towards, towards];
}

/** @param {number[]} a @param {number[]} b @param {number} part */
function mix(a, b, part) {
  return a.map((value, i) => Math.round(value + (b[i] - value) * part));
}

/** @param {number[]} a @param {number[]} b */
function contrast(a, b) {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** @param {number[]} colour */
function luminance(colour) {
  const [r, g, b] = colour.map((value) => {
    const c = value / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** @param {number[]} colour */
function rgb(colour) {
  return `rgb(${colour.join(' ')})`;
}

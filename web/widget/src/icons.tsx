// SPDX-License-Identifier: Apache-2.0
//
// Our own line icons, 24 × 24, drawn in the text's colour. They always stand beside a word or a label, so they
// are hidden from screen readers.
const SHAPES = {
  bot: 'M12 8V4H8M5 8h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM1 14h2M21 14h2M15 13v2M9 13v2',
  headset:
    'M3 13v-1a9 9 0 0 1 18 0v1M3 14a2 2 0 0 1 2-2h1a1 1 0 0 1 1 1v4a1 1 0 0 1-1 1H5a2 2 0 0 1-2-2ZM21 14a2 2 0 0 0-2-2h-1a1 1 0 0 0-1 1v4a1 1 0 0 0 1 1h1a2 2 0 0 0 2-2ZM21 16v1a4 4 0 0 1-4 4h-4',
  close: 'M18 6 6 18M6 6l12 12',
  plus: 'M12 5v14M5 12h14',
  send: 'M12 19V5M5 12l7-7 7 7',
  up: 'M7 10v11M4 10h3v11H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM7 10l4-7a2.5 2.5 0 0 1 2.4 3L12.7 9H19a2 2 0 0 1 2 2.3l-1.2 8A2 2 0 0 1 17.8 21H7',
  down: 'M17 14V3M20 14h-3V3h3a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1ZM17 14l-4 7a2.5 2.5 0 0 1-2.4-3l.7-3H5a2 2 0 0 1-2-2.3l1.2-8A2 2 0 0 1 6.2 3H17',
  right: 'm9 6 6 6-6 6',
  chevron: 'm6 9 6 6 6-6',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  alert: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 8v4.5M12 16h.01',
  check: 'm5 12 5 5 9-10',
  bag: 'M6 8h12l1 12H5ZM9 8V7a3 3 0 0 1 6 0v1',
  list: 'M6 3h12v18l-3-2-3 2-3-2-3 2ZM9 8h6M9 12h6',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3 2',
  truck:
    'M3 6h11v10H3ZM14 10h4l3 3v3h-7M7.5 19a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3ZM17.5 19a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3Z',
  star: 'm12 3 2.8 5.7 6.2.9-4.5 4.4 1.1 6.2L12 17.3l-5.6 2.9 1.1-6.2L3 9.6l6.2-.9Z',
  left: 'm15 6-6 6 6 6',
  image: 'M4 5h16v14H4ZM4 16l5-5 4 4 3-3 4 4M15 9h.01',
  camera: 'M3 8h4l2-3h6l2 3h4v11H3ZM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z',
  file: 'M6 3h8l4 4v14H6ZM14 3v4h4M9 12h6M9 16h6',
  form: 'M4 4h16v16H4ZM8 9h8M8 13h8M8 17h4',
  lock: 'M6 11h12v9H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3',
  plug: 'M9 3v5M15 3v5M6 8h12v3a6 6 0 0 1-12 0ZM12 17v4',
} as const;

export type IconName = keyof typeof SHAPES;

export function Icon({ name, size = 20, fill }: { name: IconName; size?: number; fill?: boolean }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill={fill ? 'currentColor' : 'none'}
      stroke="currentColor"
      stroke-width={name === 'more' ? 3 : 2}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={SHAPES[name]} />
    </svg>
  );
}

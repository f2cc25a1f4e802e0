// SPDX-License-Identifier: Apache-2.0
//
// A product's picture, drawn: a silhouette by the words of its title, on two colours by its id. Nothing is fetched,
// and the same product always looks the same. A word that we don't know gets a parcel.
import { hueOf } from '@xiaoer/shared/picture';

/** First match wins, so the narrower word stands first. `d`: the shape; `over`: lines drawn on it. */
const SHAPES: { word: RegExp; d: string; over: string }[] = [
  {
    word: /袜|sock/i,
    d: 'M118 70h58v104c0 10 4 16 12 22l34 26c24 18 8 48-20 44-34-4-62-18-80-40-8-10-8-20-6-34Z',
    over: 'M118 98h58M118 112h58',
  },
  { word: /帐篷|天幕|tent/i, d: 'M160 82 274 246H46Z', over: 'M160 82v164M160 130l38 116M160 130l-38 116' },
  {
    word: /睡袋|sleeping/i,
    d: 'M120 70h80c26 0 40 18 40 44l-18 120c-2 14-12 22-26 22h-72c-14 0-24-8-26-22L80 114c0-26 14-44 40-44Z',
    over: 'M92 130h136M98 170h124M104 210h112M160 70v60',
  },
  {
    word: /鞋|靴|boot|shoe|runner|sandal/i,
    d: 'M70 110c20 14 44 12 60-6l66 62c14 12 32 16 50 20 20 4 26 18 26 38v14H62v-90c0-16 2-28 8-38Z',
    over: 'M62 216h210M132 128l-22 14M150 146l-22 14M168 164l-22 14',
  },
  {
    word: /包(?!装)|袋|pack\b|backpack|daypack|bag|luggage/i,
    d: 'M108 108c0-34 22-56 52-56s52 22 52 56l18 16c8 8 12 18 12 30v90c0 14-8 22-22 22H100c-14 0-22-8-22-22v-90c0-12 4-22 12-30Z',
    over: 'M100 176h120v50H100ZM134 108c0-20 10-30 26-30s26 10 26 30ZM100 140h120',
  },
  {
    word: /椅|凳|chair|stool/i,
    d: 'M92 74h20l14 84h82l14-84h20l-16 104 26 78h-22l-26-76h-88l-26 76H68l26-78Z',
    over: 'M122 140h90',
  },
  {
    word: /杯|壶|瓶|bottle|flask|mug|cup/i,
    d: 'M128 60h64v26l12 18v140c0 14-8 22-22 22h-44c-14 0-22-8-22-22V104l12-18Z',
    over: 'M128 86h64M116 132h88M116 206h88',
  },
  {
    word: /灯|lamp|lantern|light/i,
    d: 'M60 128h34c8-24 34-40 66-40s58 16 66 40h34v36h-34c-8 24-34 40-66 40s-58-16-66-40H60Z',
    over: 'M160 146m-30 0a30 30 0 1 0 60 0a30 30 0 1 0-60 0M160 146m-10 0a10 10 0 1 0 20 0a10 10 0 1 0-20 0',
  },
  {
    word: /充电|电源|手机|耳机|power|charger|phone|earbud|watch/i,
    d: 'M116 58h88c14 0 22 8 22 22v160c0 14-8 22-22 22h-88c-14 0-22-8-22-22V80c0-14 8-22 22-22Z',
    over: 'M168 112l-26 48h36l-26 48M138 76h44',
  },
  {
    word: /裤|pants|trouser|shorts|leggings/i,
    d: 'M104 62h112l22 196h-52l-26-130-26 130H82Z',
    over: 'M104 88h112M160 88v40',
  },
  {
    word: /裙|dress|skirt/i,
    d: 'M126 56c10 16 58 16 68 0l18 14-20 62 50 126H78l50-126-20-62Z',
    over: 'M128 132h64M140 150l-24 106M180 150l24 106',
  },
  {
    word: /帽|hat|cap\b|beanie/i,
    d: 'M80 190c0-62 32-104 80-104s80 42 80 104l30 12c8 12 0 26-18 26H68c-18 0-26-14-18-26Z',
    over: 'M82 190h156M160 86v104',
  },
  {
    word: /衣|服|衫|外套|jacket|coat|shirt|fleece|hoodie|layer|vest|tee\b/i,
    d: 'M126 60c12 16 56 16 68 0l40 20 34 78-36 18-16-30v114H104V146l-16 30-36-18 34-78Z',
    over: 'M160 72v188M104 214h30M186 214h30M126 60l34 34 34-34',
  },
  {
    word: /餐|食|零食|茶|咖啡|饭|meal|food|snack|coffee|tea\b/i,
    d: 'M98 72h124l-8 26v140c0 16-8 24-22 24h-64c-14 0-22-8-22-24V98Z',
    over: 'M98 98h124M126 150h68v56h-68Z',
  },
  {
    word: /乳|霜|精华|口红|面膜|香|cream|serum|lotion|mask/i,
    d: 'M136 56h48v44h14c14 0 22 8 22 22v118c0 14-8 22-22 22h-76c-14 0-22-8-22-22V122c0-14 8-22 22-22h14Z',
    over: 'M136 78h48M124 150h72v54h-72Z',
  },
];
const PARCEL = { d: 'M160 62 256 104v112l-96 46-96-46V104Z', over: 'M64 104l96 44 96-44M160 148v114M112 83l96 44' };

export function Picture({ id, title }: { id: string; title: string }) {
  const hue = hueOf(id);
  const tone = (turn: number, s: number, l: number) => `hsl(${(hue + turn) % 360} ${s}% ${l}%)`;
  const { d, over } = SHAPES.find((s) => s.word.test(title)) ?? PARCEL;
  const gradient = `g-${id}`;
  return (
    <svg viewBox="0 0 320 320" class="picture" aria-hidden="true" preserveAspectRatio="xMidYMid slice">
      <defs>
        <linearGradient id={gradient} x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stop-color={tone(0, 55, 95)} />
          <stop offset="1" stop-color={tone(40, 50, 87)} />
        </linearGradient>
      </defs>
      <rect width="320" height="320" fill={`url(#${gradient})`} />
      <ellipse cx="160" cy="242" rx="76" ry="9" fill={tone(20, 35, 45)} opacity="0.16" />
      <g stroke-linejoin="round" stroke-linecap="round" transform="translate(35 38) scale(0.78)">
        <path d={d} fill={tone(10, 38, 60)} stroke={tone(10, 38, 60)} stroke-width="8" />
        <path d={over} fill="none" stroke="#fff" stroke-width="5" opacity="0.6" />
      </g>
    </svg>
  );
}

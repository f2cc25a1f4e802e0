// SPDX-License-Identifier: Apache-2.0
//
// Where somebody lives: three lists for a shop in China, each filled by the one before; words elsewhere. The value is
// 浙江省/杭州市/西湖区 either way. The lists are fetched when the field is shown; without them there is the plain field.
import { useEffect, useState } from 'preact/hooks';
import { useChat } from '../hooks.ts';
import { t } from '../i18n/index.ts';
import type { Division } from './divisions.ts';

interface Props {
  id: string;
  name: string;
  value: string;
  onValue: (value: string) => void;
  onBlur: () => void;
  'aria-required': boolean;
  'aria-invalid': boolean;
  'aria-describedby'?: string;
}

export function Region({ value, onValue, ...field }: Props) {
  const chat = useChat();
  const chinese = chat.state.shop?.currency === 'CNY' && chat.state.locale === 'zh-CN';
  const [all, setAll] = useState<Division[] | null>(null);
  useEffect(() => {
    if (chinese) void import('./divisions.ts').then((m) => setAll(m.divisions())).catch(() => setAll(null));
  }, [chinese]);
  if (!all)
    return (
      <input
        {...field}
        type="text"
        autocomplete="address-level1"
        value={value}
        onInput={(e) => onValue(e.currentTarget.value)}
      />
    );
  const parts = value.split('/');
  const province = all.find((d) => d.name === parts[0]);
  const city = province?.parts.find((d) => d.name === parts[1]);
  const pick = (level: number, name: string) => {
    const next = [...parts.slice(0, level), name].filter(Boolean);
    const inside = level === 0 ? all.find((d) => d.name === name) : undefined;
    if (inside?.parts.length === 1) next.push(inside.parts[0]!.name); // 上海市/上海市
    onValue(next.join('/'));
  };
  const levels = [
    { label: t('region.province'), of: all, chosen: parts[0] ?? '' },
    { label: t('region.city'), of: province?.parts ?? [], chosen: parts[1] ?? '' },
    { label: t('region.district'), of: city?.parts ?? [], chosen: parts[2] ?? '' },
  ];
  return (
    <div class="region" role="group" aria-label={t('region')}>
      {levels.map(({ label, of, chosen }, level) => (
        <select
          key={label}
          {...(level === 0 ? field : { onBlur: field.onBlur })}
          aria-label={label}
          value={chosen}
          disabled={!of.length}
          onChange={(e) => pick(level, e.currentTarget.value)}
        >
          <option value="">{label}</option>
          {of.map((d) => (
            <option key={d.name} value={d.name}>
              {d.name}
            </option>
          ))}
        </select>
      ))}
    </div>
  );
}

// SPDX-License-Identifier: Apache-2.0
//
// The look that antd's components share with style.css. Values here differ from antd's own where its defaults
// fail a contrast of 4.5:1 (links, errors, placeholders) or waste room on a screen that is read all day.
import type { ThemeConfig } from 'antd';

export const theme: ThemeConfig = {
  token: {
    colorPrimary: '#1d4ed8',
    colorPrimaryHover: '#2a5be0',
    colorInfo: '#1d4ed8',
    colorLink: '#1d4ed8',
    colorError: '#c81e1e',
    colorWarning: '#a16207',
    colorWarningBg: '#fffaeb',
    colorWarningBorder: '#f0dc95',
    colorErrorBg: '#fef2f2',
    colorErrorBorder: '#f5c2c2',
    colorSuccess: '#15803d',
    colorTextPlaceholder: '#6b7280',
    colorTextDescription: '#4b5563',
    colorTextSecondary: '#4b5563',
    colorTextTertiary: '#5b6472',
    colorText: '#111827',
    colorTextHeading: '#111827',
    colorBorder: '#c9ced6',
    colorBgLayout: '#f6f7f9',
    borderRadius: 8,
    fontSize: 14,
    controlHeight: 34,
    wireframe: false,
    fontFamily: 'var(--font)',
    fontFamilyCode: "ui-monospace, Menlo, Consolas, 'Noto Sans Mono CJK SC', monospace",
    // Without it antd waits for the end of transitions that the style sheet has taken away.
    motion: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionDurationMid: '0.12s',
    motionDurationSlow: '0.16s',
  },
  components: {
    Tabs: { horizontalItemPadding: '10px 0', horizontalItemGutter: 22, titleFontSize: 14 },
    Modal: { titleFontSize: 16 },
    Form: { itemMarginBottom: 16, verticalLabelPadding: '0 0 4px' },
  },
};

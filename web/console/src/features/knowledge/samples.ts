// SPDX-License-Identifier: Apache-2.0
//
// What a file to import looks like: two rows that a spreadsheet shows as they should be. Several values of a cell are
// parted by "|"; conditions are JSON, because they nest.
import type { ImportKind } from '../../api/knowledge.ts';

export const SAMPLES: Record<ImportKind, { csv: string; hint: string }> = {
  knowledge: {
    csv: [
      'id,layer,question,similar,answer,conditions,valid_from,valid_to',
      'K901,shop,发什么快递,用的哪家快递|什么快递,默认中通和圆通。,,,',
      'K902,activity,双十二有什么优惠,双12活动|年终大促,满 300 减 40。,"{""order_status"":[""none"",""unpaid""]}",2026-12-01T00:00:00+08:00,2026-12-13T00:00:00+08:00',
      '',
    ].join('\r\n'),
    hint: 'id,layer,question,similar,answer\nK901,shop,发什么快递,用的哪家快递|什么快递,默认中通和圆通。',
  },
  utterances: {
    csv: ['intent,text', 'ship_carrier,你们寄的哪家', 'ship_track,包裹走到哪儿了', ''].join('\r\n'),
    hint: 'intent,text\nship_carrier,你们寄的哪家',
  },
  cases: {
    csv: ['intent,text,must_pass', 'ship_carrier,发什么快递,true', 'ship_track,快递到哪了,false', ''].join('\r\n'),
    hint: 'intent,text,must_pass\nship_carrier,发什么快递,true',
  },
};

// SPDX-License-Identifier: Apache-2.0
//
// A product as a card: what the buyer sent us, or what is recommended to them.
import type { ProductCard } from '@xiaoer/protocol';
import { money } from '@xiaoer/shared/money';
import { picture } from '@xiaoer/shared/picture';
import { useChat } from '../hooks.ts';
import { locale, t } from '../i18n/index.ts';
import { Icon } from '../icons.tsx';

export function ProductCardView({ product, own }: { product: ProductCard; own: boolean }) {
  const chat = useChat();
  return (
    <section class="card product" aria-label={product.title}>
      <div class="goods">
        <span class="thumb large" style={{ background: picture(product.product_id) }} aria-hidden="true">
          <Icon name="bag" size={26} />
        </span>
        <div class="grow">
          <div class="two-lines">{product.title}</div>
          <small>{product.category}</small>
          <div class="price-line">
            <b class="price">{money(product.price_cents, product.currency, locale())}</b>
            <small class={product.in_stock ? 'in' : 'out'}>{t(product.in_stock ? 'product.in' : 'product.out')}</small>
          </div>
        </div>
      </div>
      {!own && (
        <footer>
          <button type="button" class="chip brand" onClick={() => chat.sendProduct(product)}>
            {t('product.ask')}
          </button>
        </footer>
      )}
    </section>
  );
}

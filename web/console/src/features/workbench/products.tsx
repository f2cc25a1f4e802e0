// SPDX-License-Identifier: Apache-2.0
//
// The catalogue beside the conversation: search, attributes, what each SKU costs and whether it is there, and a
// button that sends the product as a card. What the buyer was looking at stands first.
import type { Product } from '@xiaoer/protocol/wire';
import { Button, Input } from 'antd';
import { ChevronDown, PackageSearch, Search, SendHorizontal } from 'lucide-react';
import { useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDetail, useProducts } from '../../api/queries.ts';
import { Bones, Failed, Nothing } from '../../ui/states.tsx';
import { useFormat } from '../../ui/time.ts';
import type { Actions } from './actions.ts';
import { Thumb } from './cards.tsx';
import { useIsMine } from './orders.tsx';

const SEARCH_AFTER_MS = 250;
const FEW = 5;

export function Products({ id, actions }: { id: string; actions: Actions }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <div className="products">
      <Input
        allowClear
        value={text}
        onChange={(event) => setText(event.target.value)}
        prefix={<Search size={15} aria-hidden="true" />}
        placeholder={t('product.search')}
        aria-label={t('product.search')}
      />
      <Found id={id} q={q} actions={actions} />
    </div>
  );
}

function Found({ id, q, actions }: { id: string; q: string; actions: Actions }) {
  const { t } = useTranslation();
  const products = useProducts(q);
  const looking = useDetail(id).data?.entry.product?.product_id;
  const mine = useIsMine(id);
  if (products.isPending) return <Bones rows={5} />;
  if (products.isError) return <Failed error={products.error} onRetry={() => void products.refetch()} />;

  const items = [...products.data.items].sort(
    (a, b) => Number(b.product_id === looking) - Number(a.product_id === looking),
  );
  if (items.length === 0) return <Nothing text={t('product.none')} icon={PackageSearch} />;
  return (
    <ul className="plain-list">
      {items.map((product) => (
        <li key={product.product_id}>
          <ProductPanel
            product={product}
            looking={product.product_id === looking}
            onSend={mine ? () => actions.sendProduct(product) : undefined}
          />
        </li>
      ))}
    </ul>
  );
}

function ProductPanel({ product, looking, onSend }: { product: Product; looking: boolean; onSend?: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [open, setOpen] = useState(looking);
  const body = useId();
  const stock = product.skus.reduce((sum, sku) => sum + sku.stock, 0);
  return (
    <section className="product-panel" aria-label={product.title}>
      <div className="product-top">
        <Thumb id={product.product_id} />
        <span className="order-item">
          <span className="order-title">{product.title}</span>
          <span>
            <b className="price">{format.money(product.price_cents, product.currency)}</b>{' '}
            <small className={stock === 0 ? 'stock-none' : undefined}>
              {stock === 0 ? t('product.soldOut') : t('product.stock', { count: stock })}
            </small>
            {looking && <span className="tag tag-tint">{t('product.looking')}</span>}
          </span>
        </span>
      </div>
      <p className="product-actions">
        <button
          type="button"
          className="order-fold"
          aria-expanded={open}
          aria-controls={body}
          onClick={() => setOpen(!open)}
        >
          <ChevronDown size={15} aria-hidden="true" className={open ? '' : 'folded'} />
          {t('product.skus', { count: product.skus.length })}
        </button>
        {onSend && (
          <Button size="small" icon={<SendHorizontal size={13} aria-hidden="true" />} onClick={onSend}>
            {t('product.send')}
          </Button>
        )}
      </p>
      {open && (
        <div id={body}>
          <Skus product={product} />
          <dl className="facts">
            {Object.entries(product.attributes).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
            <div>
              <dt>{t('product.sevenDay')}</dt>
              <dd>{t(`sevenDay.${product.seven_day}`, { defaultValue: product.seven_day })}</dd>
            </div>
          </dl>
        </div>
      )}
    </section>
  );
}

function Skus({ product }: { product: Product }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="skus">
      <thead>
        <tr>
          <th scope="col">{t('product.sku')}</th>
          <th scope="col">{t('product.price')}</th>
          <th scope="col">{t('product.stockHead')}</th>
        </tr>
      </thead>
      <tbody>
        {product.skus.map((sku) => (
          <tr key={sku.id}>
            <td title={sku.id}>{sku.text}</td>
            <td>{format.money(sku.price_cents, product.currency)}</td>
            <td className={sku.stock === 0 ? 'stock-none' : sku.stock <= FEW ? 'stock-few' : undefined}>
              {sku.stock === 0 ? t('product.soldOut') : sku.stock}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
